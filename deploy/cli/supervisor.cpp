#include "deploy/cli/supervisor.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <asio.hpp>
#include <cstdlib>
#include <cstring>
#include <map>
#include <optional>
#include <sstream>

#include "common/base/error.h"
#include "common/run_folder/files.h"
#include "common/run_folder/layout.h"
#include "deploy/cli/progress.h"

namespace tacit {
namespace {

constexpr std::chrono::seconds kKillAfter{3};
constexpr int kStatusDescriptor = 3;
constexpr std::size_t kLastWords = 3;
constexpr std::size_t kLongestSocketPath = 107;
constexpr std::size_t kLongestName = 8;  // "/" and a process id

/// Where the sockets are: short, private, and gone at the end.
class SocketFolder {
 public:
  SocketFolder() {
    std::error_code error;
    const auto parent = std::filesystem::temp_directory_path(error);
    if (error) throw InputError(ExitCode::run_folder, "no temporary folder: set TMPDIR");
    std::string text = (parent / "tacit-XXXXXX").string();
    if (text.size() + kLongestName > kLongestSocketPath) {
      throw InputError(ExitCode::run_folder,
                       parent.string() + " is too long a path for sockets: set TMPDIR");
    }
    if (mkdtemp(text.data()) == nullptr) {
      throw InputError(ExitCode::run_folder,
                       "cannot make " + text + ": " + std::strerror(errno) + "; set TMPDIR");
    }
    path_ = text;
  }
  ~SocketFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  SocketFolder(const SocketFolder&) = delete;
  SocketFolder& operator=(const SocketFolder&) = delete;
  std::string endpoint(std::size_t process) const {
    return "ipc://" + path_.string() + "/" + std::to_string(process);
  }

 private:
  std::filesystem::path path_;
};

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

class Supervisor {
 public:
  Supervisor(const Experiment& experiment, const std::filesystem::path& folder)
      : experiment_(experiment),
        folder_(std::filesystem::absolute(folder)),
        programs_(std::filesystem::read_symlink("/proc/self/exe").parent_path()),
        rounds_(experiment.process_count(), 0),
        progress_(experiment.process_count(), experiment.system().round_count()),
        signals_(context_, SIGCHLD, SIGINT, SIGTERM),
        status_(context_),
        kill_timer_(context_) {
    signals_.add(SIGHUP);
  }

  void run(const StopSignals& signals) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) {
      throw InputError(ExitCode::run_folder, "cannot make a pipe: too many open files");
    }
    status_.assign(ends[0]);
    listen_to_signals();
    signals.release();
    listen_to_status();
    const std::size_t count = experiment_.process_count();
    for (std::size_t k = count; k-- > 0 && !failure_;) {  // the coordinator, which is last, first
      spawn(k, ends[1]);
      context_.poll();
    }
    close(ends[1]);
    while (!children_.empty()) context_.run_one();
    progress_.finish();
    if (failure_) throw *failure_;
  }

 private:
  void spawn(std::size_t process, int status_end) {
    const ProcessId id = process_id(process);
    const bool coordinator = process == experiment_.agent_count();
    const auto place = folder_ / process_folder(id, experiment_.agent_count());
    std::vector<std::string> words{
        (programs_ / (coordinator ? "tacit-coordinator" : "tacit-agent")).string(),
        "--experiment",
        (folder_ / "config.toml").string(),
        "--rendezvous",
        folder_.string(),
        "--bind",
        sockets_.endpoint(process),
        "--supervisor",
        std::to_string(getpid()),
        "--status-descriptor",
        std::to_string(kStatusDescriptor)};
    if (!coordinator) words.insert(words.end(), {"--id", std::to_string(process)});
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);

    const std::string log = (place / "log").string();
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, log.c_str(),
                                     O_WRONLY | O_CREAT | O_APPEND, 0644);
    posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
    posix_spawn_file_actions_adddup2(&actions, status_end, kStatusDescriptor);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t none;
    sigemptyset(&none);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    pid_t child = 0;
    const int error = posix_spawn(&child, argv[0], &actions, &attributes, argv.data(), environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    if (error != 0) {
      fail(ExitCode::run_folder,
           std::string("cannot start ") + argv[0] + ": " + std::strerror(error));
    } else {
      children_[child] = process;
    }
  }

  void listen_to_signals() {
    signals_.async_wait([this](std::error_code error, int signal) {
      if (error) return;
      if (signal == SIGCHLD) {
        reap();
      } else {
        fail(static_cast<ExitCode>(128 + signal),
             "stopped; " + folder_.string() + " holds what there is so far");
      }
      listen_to_signals();
    });
  }

  void reap() {
    int outcome = 0;
    for (pid_t child; (child = waitpid(-1, &outcome, WNOHANG)) > 0;) {
      const auto found = children_.find(child);
      if (found == children_.end()) continue;
      judge(found->second, outcome);
      children_.erase(found);
    }
  }

  void judge(std::size_t process, int outcome) {
    if (WIFEXITED(outcome) && WEXITSTATUS(outcome) == 0) return;
    const ProcessId id = process_id(process);
    const std::string name = process_name(id, experiment_.agent_count());
    const auto words = last_words(folder_ / process_folder(id, experiment_.agent_count()) / "log");
    if (WIFEXITED(outcome)) {
      const int status = WEXITSTATUS(outcome);
      // Nobody stopped this program: to the run, a process that somebody stopped is lost.
      const bool stopped = status > 128;
      fail(stopped ? ExitCode::peer_lost : static_cast<ExitCode>(status),
           name + " ended with exit code " + std::to_string(status) + ":" + words);
    } else {
      const int signal = WTERMSIG(outcome);
      const bool bug = signal == SIGABRT || signal == SIGSEGV || signal == SIGBUS ||
                       signal == SIGFPE || signal == SIGILL;
      fail(bug ? ExitCode::internal : ExitCode::peer_lost,
           name + " was ended by " + strsignal(signal) + " (signal " + std::to_string(signal) +
               ")" + (words.empty() ? "" : "; its last words:" + words));
    }
  }

  /// Only the first failure counts; the others follow from it.
  void fail(ExitCode code, const std::string& message) {
    if (failure_) return;
    failure_.emplace(code, message);
    for (const auto& [child, process] : children_) kill(child, SIGTERM);
    kill_timer_.expires_after(kKillAfter);
    kill_timer_.async_wait([this](std::error_code error) {
      if (error) return;
      for (const auto& [child, process] : children_) kill(child, SIGKILL);
    });
  }

  void listen_to_status() {
    asio::async_read_until(status_, asio::dynamic_buffer(text_), '\n',
                           [this](std::error_code error, std::size_t size) {
                             if (error) return;
                             on_status(text_.substr(0, size));
                             text_.erase(0, size);
                             listen_to_status();
                           });
  }

  void on_status(const std::string& line) {
    std::istringstream words(line);
    std::string event;
    std::size_t process = 0;
    Round round = 0;
    if (!(words >> event >> process >> round) || process >= rounds_.size()) return;
    if (event == "start") progress_.started(++started_);
    if (event == "done") {
      ++done_;
      rounds_[process] = experiment_.system().round_count();
    }
    if (event == "round") rounds_[process] = round;
    if (started_ == rounds_.size()) progress_.update(*std::ranges::min_element(rounds_), done_);
  }

  const Experiment& experiment_;
  std::filesystem::path folder_;
  std::filesystem::path programs_;
  SocketFolder sockets_;
  std::map<pid_t, std::size_t> children_;
  std::vector<Round> rounds_;
  std::size_t started_ = 0;
  std::size_t done_ = 0;
  Progress progress_;
  std::optional<InputError> failure_;
  std::string text_;
  asio::io_context context_;
  asio::signal_set signals_;
  asio::posix::stream_descriptor status_;
  asio::steady_timer kill_timer_;
};

}  // namespace

void run_processes(const Experiment& experiment, const std::filesystem::path& folder,
                   const StopSignals& signals) {
  Supervisor(experiment, folder).run(signals);
}

}  // namespace tacit
