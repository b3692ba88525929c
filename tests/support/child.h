#pragma once

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/support/temporary_folder.h"

namespace tacit::testing {

/// A program in the background, in its own process group, its two outputs in one pipe. Killed with
/// its group at the end of the test at latest. Nothing here sleeps: every wait is for an event and
/// has a deadline.
class Child {
 public:
  explicit Child(std::vector<std::string> words, const std::string& folder = ".") {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("pipe");
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addchdir_np(&actions, folder.c_str());
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
    posix_spawn_file_actions_adddup2(&actions, ends[1], 2);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    const int error = posix_spawn(&pid_, argv[0], &actions, &attributes, argv.data(), environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    output_end_ = ends[0];
    if (error != 0) throw std::runtime_error("cannot start " + words[0]);
  }

  ~Child() {
    if (pid_ > 0) {
      ::kill(-pid_, SIGKILL);
      ::kill(pid_, SIGKILL);
      waitpid(pid_, nullptr, 0);
    }
    close(output_end_);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  pid_t pid() const { return pid_; }
  void send_signal(int signal) const { ::kill(pid_, signal); }
  const std::string& output() const { return output_; }

  /// Reads until the output holds `text`, at its letter `from` or later.
  /// @return false at the end of the output, or 240 s after the start of the program
  bool wait_for(const std::string& text, std::size_t from = 0) {
    while (output_.find(text, from) == std::string::npos) {
      if (!read_more()) return false;
    }
    return true;
  }

  /// @return the exit code, 128 + signal, or -1 if the output did not end within 240 s of the start
  int wait() {
    while (read_more()) {
    }
    if (timed_out_) return -1;
    int outcome = 0;
    waitpid(pid_, &outcome, 0);
    pid_ = -1;
    return WIFEXITED(outcome) ? WEXITSTATUS(outcome) : 128 + WTERMSIG(outcome);
  }

 private:
  bool read_more() {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline_ - std::chrono::steady_clock::now());
    pollfd item{output_end_, POLLIN, 0};
    if (poll(&item, 1, static_cast<int>(std::max<long>(left.count(), 0))) <= 0) {
      timed_out_ = true;
      return false;
    }
    char buffer[4096];
    const ssize_t size = read(output_end_, buffer, sizeof buffer);
    if (size <= 0) return false;
    output_.append(buffer, static_cast<std::size_t>(size));
    return true;
  }

  std::chrono::steady_clock::time_point deadline_ =
      std::chrono::steady_clock::now() + std::chrono::seconds(240);
  pid_t pid_ = -1;
  int output_end_ = -1;
  bool timed_out_ = false;
  std::string output_;
};

inline std::string program(const std::string& name) {
  return (std::filesystem::read_symlink("/proc/self/exe").parent_path() / name).string();
}

inline std::string text_of(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

/// The processes whose parent is `parent`.
inline std::vector<pid_t> children_of(pid_t parent) {
  std::istringstream text(
      text_of("/proc/" + std::to_string(parent) + "/task/" + std::to_string(parent) + "/children"));
  std::vector<pid_t> children;
  for (pid_t child; text >> child;) children.push_back(child);
  return children;
}

/// The value of "digest" in a summary.json.
inline std::string digest_in(const std::string& summary) {
  const auto place = summary.find("\"digest\": \"");
  return place == std::string::npos ? "no digest" : summary.substr(place + 11, 16);
}

}  // namespace tacit::testing
