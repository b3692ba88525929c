#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <pwd.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include <set>

#include "tests/support/child.h"

namespace tacit::testing {

/// Seven buildings that agree on a price over links that fail, without training; each machine has a
/// process to kill, in every phase.
inline const std::string kDistrict =
    "system = 'grid'\n[run]\nagents = 7\n[graph]\nkind = 'small_world'\n"
    "[links]\nmodel = 'bernoulli'\nup_probability = 0.7\n"
    "[grid]\npolicy = 'threshold'\nhours = 200\nbenchmark = false\n";

inline std::string kill_of(std::size_t process, const std::string& phase, int round = 0) {
  return "[[faults]]\nkind = 'kill'\nprocess = " + std::to_string(process) + "\nphase = '" + phase +
         "'\n" + (round > 0 ? "round = " + std::to_string(round) + "\n" : "");
}

/// The digest of an experiment that is run in one process.
inline std::string digest_in_process(const std::string& experiment, const std::string& folder) {
  Child child({program("tacit"), "run", experiment, "--in-process", "--no-report", "--json",
               "--out", folder});
  child.wait();
  return digest_in(child.output());
}

/// The first of `count` consecutive ports that no process uses at the moment. Tests that run at the
/// same time start their search at different ports.
inline int free_ports(int count) {
  const int begin = 20'000 + static_cast<int>(getpid()) % 500 * 20;
  for (int first = begin; first < 32'000; first += count) {
    bool all = true;
    for (int port = first; all && port < first + count; ++port) {
      const int probe = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
      sockaddr_in address{};
      address.sin_family = AF_INET;
      address.sin_port = htons(static_cast<std::uint16_t>(port));
      all = bind(probe, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
      close(probe);
    }
    if (all) return first;
  }
  throw std::runtime_error("no free ports");
}

/// The processes whose command line holds `text`.
inline std::set<pid_t> processes_with(const std::string& text) {
  std::set<pid_t> found;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const std::string name = entry.path().filename().string();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    const pid_t process = std::stoi(name);
    if (process == getpid()) continue;
    if (text_of(entry.path() / "cmdline").find(text) != std::string::npos) found.insert(process);
  }
  return found;
}

/// Waits until a process is gone; fails after a minute.
inline void expect_end_of(pid_t process) {
  const int end = static_cast<int>(syscall(SYS_pidfd_open, process, 0));
  if (end < 0) return;  // it is gone already
  pollfd item{end, POLLIN, 0};
  EXPECT_EQ(poll(&item, 1, 60'000), 1) << "process " << process << " goes on";
  close(end);
}

inline std::string user_name() { return getpwuid(getuid())->pw_name; }

/// Runs a program to its end.
/// @return its exit code; its output is in `output`
inline int run(std::vector<std::string> words, std::string* output = nullptr) {
  words.insert(words.begin(), "/usr/bin/env");
  Child child(std::move(words));
  const int code = child.wait();
  if (output != nullptr) *output = child.output();
  return code;
}

}  // namespace tacit::testing
