#include "deploy/cli/children.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <asio.hpp>
#include <cstring>
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <system_error>

#include "common/base/error.h"
#include "common/results/files.h"
#include "deploy/cli/restart_budget.h"

namespace tacit {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kKillAfter{3};
constexpr int kStatusDescriptor = 3;
constexpr std::size_t kLongestStatus = std::size_t{1} << 16;
constexpr std::size_t kLastWords = 3;
constexpr int kLeastOwnExitCode = 64;
constexpr int kNotFound = 127;  // as a shell, or env, reports it

std::string last_words(const std::filesystem::path& log) {
  std::istringstream text(std::filesystem::exists(log) ? read_text(log) : "");
  std::vector<std::string> lines;
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  std::string words;
  for (std::size_t k = lines.size() - std::min(lines.size(), kLastWords); k < lines.size(); ++k) {
    words += "\n  " + lines[k];
  }
  return words;
}

class Children {
 public:
  Children(const ChildGroup& group, const StopSignals& stop_signals)
      : group_(group),
        stop_signals_(stop_signals),
        child_ended_(context_, SIGCHLD),
        stop_(context_, own_copy(stop_signals.descriptor())),
        status_(context_),
        kill_timer_(context_) {}

  void run() {
    const auto status = make_pipe();
    const auto input = make_pipe();
    status_.assign(status[0]);
    status_end_ = status[1];
    input_end_ = input[0];
    listen_to_children();
    listen_to_stop();
    listen_to_status();
    while (true) {
      while (!failure_ && next_ < group_.programs.size() && has_room()) {
        spawn(group_.programs[next_++]);
        context_.poll();
      }
      if (running_.empty() && pauses_.empty()) break;
      context_.run_one();
    }
    for (const int end : {status[1], input[0], input[1]}) close(end);
    if (failure_) throw *failure_;
  }

 private:
  bool has_room() const {
    return running_.size() + pauses_.size() < group_.most_at_once &&
           starting_.size() < group_.most_starting;
  }

  static std::array<int, 2> make_pipe() {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) throw std::system_error(errno, std::system_category());
    return ends;
  }

  static int own_copy(int descriptor) {
    const int copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
    if (copy < 0) throw std::system_error(errno, std::system_category());
    return copy;
  }

  void spawn(const ChildProgram& program) {
    const bool ours = program.kind == ChildKind::ours;
    std::vector<std::string> words = program.words;
    if (ours) {
      words.insert(words.end(), {"--supervisor", std::to_string(getpid()), "--status-descriptor",
                                 std::to_string(kStatusDescriptor)});
    }
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);

    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, program.log.c_str(),
                                     O_WRONLY | O_CREAT | O_APPEND, 0644);
    if (ours) {
      posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
      posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO);
      posix_spawn_file_actions_adddup2(&actions, status_end_, kStatusDescriptor);
    } else {
      posix_spawn_file_actions_adddup2(&actions, input_end_, STDIN_FILENO);
      posix_spawn_file_actions_adddup2(&actions, status_end_, STDOUT_FILENO);
    }
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t none;
    sigemptyset(&none);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    pid_t child = 0;
    const int error = posix_spawnp(&child, argv[0], &actions, &attributes, argv.data(), environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    if (error != 0) {
      fail(ExitCode::run_folder, std::string("cannot start ") + argv[0] + " with the log file " +
                                     program.log.string() + ": " + std::strerror(error) +
                                     (error == EAGAIN ? ": raise ulimit -u" : ""));
    } else {
      running_[child] = &program;
      budgets_[&program].started(Clock::now());
      if (group_.sign_of) starting_.insert(&program);
    }
  }

  void listen_to_children() {
    child_ended_.async_wait([this](std::error_code error, int) {
      if (error) return;
      reap();
      listen_to_children();
    });
  }

  void listen_to_stop() {
    stop_.async_wait(stop_.wait_read, [this](std::error_code error) {
      if (error) return;
      if (const auto signal = stop_signals_.wait(std::chrono::milliseconds(0))) {
        fail(exit_code_of(*signal), group_.if_stopped);
      }
      listen_to_stop();
    });
  }

  void reap() {
    int outcome = 0;
    for (pid_t child; (child = waitpid(-1, &outcome, WNOHANG)) > 0;) {
      const auto found = running_.find(child);
      if (found == running_.end()) continue;
      const ChildProgram& program = *found->second;
      running_.erase(found);
      starting_.erase(&program);
      judge(program, outcome);
    }
  }

  void judge(const ChildProgram& program, int outcome) {
    if (WIFEXITED(outcome) && WEXITSTATUS(outcome) == 0) return;
    const auto words = last_words(program.log);
    if (WIFEXITED(outcome)) {
      const int status = WEXITSTATUS(outcome);
      fail(meaning_of(status, program.kind),
           program.name + " ended with exit code " + std::to_string(status) + ":" + words);
    } else {
      const int signal = WTERMSIG(outcome);
      const bool bug = signal == SIGABRT || signal == SIGSEGV || signal == SIGBUS ||
                       signal == SIGFPE || signal == SIGILL;
      const bool again = program.kind == ChildKind::ours && !bug && !failure_;
      const std::string what = program.name + " was ended by " + strsignal(signal) + " (signal " +
                               std::to_string(signal) + ")";
      if (again && start_again(program, what)) return;
      fail(bug ? ExitCode::internal : ExitCode::peer_lost,
           what +
               (again
                    ? " " + std::to_string(kRestartsMost + 1) + " times without getting any further"
                    : "") +
               (words.empty() ? "" : "; its last words:" + words));
    }
  }

  /// Starts a killed program again after a pause, so that the cause has time to pass. @return false
  /// if it was killed too often
  bool start_again(const ChildProgram& program, const std::string& what) {
    RestartBudget& budget = budgets_[&program];
    const auto pause = budget.pause_after_death(Clock::now());
    if (!pause) return false;
    const std::string words = what + ": started again (" + std::to_string(budget.deaths()) +
                              " of " + std::to_string(kRestartsMost) + ")";
    asio::steady_timer& timer = pauses_.try_emplace(&program, context_).first->second;
    timer.expires_after(*pause);
    timer.async_wait([this, &program, words](std::error_code error) {
      if (error || failure_) return;
      pauses_.erase(&program);
      spawn(program);
      group_.on_restart(words);
    });
    return true;
  }

  /// The meaning of an exit code for the group.
  static ExitCode meaning_of(int status, ChildKind kind) {
    // This group did not stop the program: one stopped by another process is lost.
    if (status > 128) return ExitCode::peer_lost;
    const bool known =
        kind == ChildKind::ours || (status >= kLeastOwnExitCode && status != kNotFound);
    return known ? static_cast<ExitCode>(status) : ExitCode::peer_absent;
  }

  /// Only the first failure counts; the others follow from it.
  void fail(ExitCode code, const std::string& message) {
    if (failure_) return;
    failure_.emplace(code, message);
    pauses_.clear();
    for (const auto& [child, program] : running_) kill(child, SIGTERM);
    kill_timer_.expires_after(kKillAfter);
    kill_timer_.async_wait([this](std::error_code error) {
      if (error) return;
      for (const auto& [child, program] : running_) kill(child, SIGKILL);
    });
  }

  void listen_to_status() {
    asio::async_read_until(status_, asio::dynamic_buffer(text_, kLongestStatus), '\n',
                           [this](std::error_code error, std::size_t size) {
                             if (error == asio::error::not_found) {  // a line longer than that
                               text_.clear();
                               return listen_to_status();
                             }
                             if (error) return;
                             const std::string line = text_.substr(0, size - 1);
                             if (group_.sign_of) heed(group_.sign_of(line));
                             group_.on_status(line);
                             text_.erase(0, size);
                             listen_to_status();
                           });
  }

  void heed(const std::optional<ChildSign>& sign) {
    if (!sign) return;
    const ChildProgram& program = group_.programs.at(sign->program);
    if (sign->kind == ChildSign::Kind::ready) starting_.erase(&program);
    if (sign->kind == ChildSign::Kind::further) budgets_[&program].got_further();
  }

  const ChildGroup& group_;
  const StopSignals& stop_signals_;
  std::size_t next_ = 0;  ///< index of the next program to start
  std::map<pid_t, const ChildProgram*> running_;
  std::set<const ChildProgram*> starting_;  ///< started and not ready yet
  std::map<const ChildProgram*, RestartBudget> budgets_;
  int status_end_ = -1;  ///< write end of the pipe that the children get
  int input_end_ = -1;   ///< of a pipe into which no process writes
  std::optional<InputError> failure_;
  std::string text_;
  asio::io_context context_;
  asio::signal_set child_ended_;
  asio::posix::stream_descriptor stop_;
  asio::posix::stream_descriptor status_;
  asio::steady_timer kill_timer_;
  std::map<const ChildProgram*, asio::steady_timer> pauses_;  ///< of programs that were killed
};

}  // namespace

void run_children(const ChildGroup& group, const StopSignals& signals) {
  Children(group, signals).run();
}

std::filesystem::path program_folder() {
  return std::filesystem::read_symlink("/proc/self/exe").parent_path();
}

}  // namespace tacit
