// A thousand agents as a thousand processes: from the command to the moment when all of them are
// past the start barrier, and the private memory of an agent while all live; against a thousand
// bare processes with one PULL and one PUSH socket of libzmq each, started the same way, until a
// collector has heard from all. Then offload.toml from command to result, as processes against in
// one process.
#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <zmq.hpp>

#include "bench/figure.h"
#include "tests/support/child.h"

namespace tacit {
namespace {

constexpr std::size_t kCount = 1000;
constexpr int kTurnCount = 3;

double now_s() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// Sum of the Private_* lines of smaps_rollup, [MB]; 0 if the process is gone.
double private_mb(pid_t process) {
  std::ifstream lines("/proc/" + std::to_string(process) + "/smaps_rollup");
  double kb = 0;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("Private_")) kb += std::atof(line.c_str() + line.find(':') + 1);
  }
  return kb / 1024;
}

double mean_private_mb(const std::vector<pid_t>& processes) {
  double sum = 0;
  double count = 0;
  for (const pid_t process : processes) {
    const double mb = private_mb(process);
    if (mb == 0) continue;
    sum += mb;
    ++count;
  }
  return sum / count;
}

struct Start {
  double seconds;
  double mb;
};

/// The body of a bare process: says that it is there and waits for its supervisor to end it.
int bare_process(const std::string& folder, const std::string& self) {
  zmq::context_t context;
  zmq::socket_t pull(context, zmq::socket_type::pull);
  zmq::socket_t push(context, zmq::socket_type::push);
  pull.bind("ipc://" + folder + "/" + self);
  push.connect("ipc://" + folder + "/collector");
  push.send(zmq::str_buffer("here"), zmq::send_flags::none);
  zmq::message_t never;
  (void)pull.recv(never);
  return 0;
}

Start start_bare() {
  const testing::TemporaryFolder folder;
  zmq::context_t context;
  context.set(zmq::ctxopt::max_sockets, 4096);
  zmq::socket_t collector(context, zmq::socket_type::pull);
  collector.set(zmq::sockopt::backlog, 1024);
  collector.bind("ipc://" + folder.path("collector"));
  const double start = now_s();
  std::vector<pid_t> processes;
  std::string program = testing::program("bench_start");
  for (std::size_t i = 0; i < kCount; ++i) {
    std::string mode = "bare", place = folder.path(), self = std::to_string(i);
    char* argv[] = {program.data(), mode.data(), place.data(), self.data(), nullptr};
    pid_t child = 0;
    if (posix_spawn(&child, program.c_str(), nullptr, nullptr, argv, environ) != 0) std::exit(1);
    processes.push_back(child);
  }
  zmq::message_t message;
  for (std::size_t heard = 0; heard < kCount; ++heard) (void)collector.recv(message);
  const Start result{now_s() - start, mean_private_mb(processes)};
  for (const pid_t process : processes) kill(process, SIGKILL);
  while (wait(nullptr) > 0) {
  }
  return result;
}

Start start_agents(const std::string& experiments) {
  const testing::TemporaryFolder folder;
  const double start = now_s();
  testing::Child run({testing::program("tacit"), "run", experiments + "/offload-1000.toml",
                      "--no-report", "--out", folder.path("run")});
  if (!run.wait_for("1001 of 1001 processes past the start barrier")) {
    std::fprintf(stderr, "%s\n", run.output().c_str());
    std::exit(1);
  }
  const double seconds = now_s() - start;
  std::istringstream text(testing::text_of("/proc/" + std::to_string(run.pid()) + "/task/" +
                                           std::to_string(run.pid()) + "/children"));
  std::vector<pid_t> agents;
  for (pid_t child; text >> child;) agents.push_back(child);
  agents.erase(agents.begin());  // the coordinator has a thousand peers, the agents one
  const Start result{seconds, mean_private_mb(agents)};
  if (run.wait() != 0) {
    std::fprintf(stderr, "%s\n", run.output().c_str());
    std::exit(1);
  }
  return result;
}

double run_offload(const std::string& experiments, const std::vector<std::string>& options) {
  const testing::TemporaryFolder folder;
  std::vector<std::string> words{testing::program("tacit"), "run", experiments + "/offload.toml",
                                 "--out", folder.path("run")};
  words.insert(words.end(), options.begin(), options.end());
  const double start = now_s();
  testing::Child run(words);
  if (run.wait() != 0) std::exit(1);
  return now_s() - start;
}

}  // namespace
}  // namespace tacit

int main(int argc, char** argv) {
  using namespace tacit;
  if (argc == 4 && std::strcmp(argv[1], "bare") == 0) return bare_process(argv[2], argv[3]);
  const std::string experiments = TACIT_EXPERIMENTS;
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  std::vector<double> seconds, bare_seconds, mb, bare_mb, processes, one_process;
  for (int turn = 0; turn < kTurnCount; ++turn) {
    const Start bare = start_bare();
    const Start ours = start_agents(experiments);
    bare_seconds.push_back(bare.seconds);
    bare_mb.push_back(bare.mb);
    seconds.push_back(ours.seconds);
    mb.push_back(ours.mb);
    one_process.push_back(run_offload(experiments, {"--in-process"}));
    processes.push_back(run_offload(experiments, {}));
  }
  bench::print_figure("start_1000_processes", seconds, bare_seconds, "s");
  bench::print_figure("private_memory_per_agent", mb, bare_mb, "MB");
  bench::print_figure("offload_command_to_result", processes, one_process, "s");
}
