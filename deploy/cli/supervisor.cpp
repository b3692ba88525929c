#include "deploy/cli/supervisor.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <set>
#include <sstream>

#include "common/base/error.h"
#include "common/run_folder/layout.h"
#include "deploy/cli/children.h"
#include "deploy/cli/progress.h"

namespace tacit {
namespace {

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

/// The processes of a run as their status lines show them.
class RunStatus {
 public:
  explicit RunStatus(const Experiment& experiment)
      : rounds_(experiment.process_count(), 0),
        last_round_(experiment.system().round_count()),
        progress_(experiment.process_count(), last_round_) {}

  void on_line(const std::string& line) {
    std::istringstream words(line);
    std::string event;
    std::size_t process = 0;
    Round round = 0;
    if (!(words >> event >> process >> round) || process >= rounds_.size()) return;
    if (event == "start") {
      started_.insert(process);
      progress_.started(started_.size());
    }
    if (event == "done") {
      done_.insert(process);
      rounds_[process] = last_round_;
    }
    if (event == "round") rounds_[process] = round;
    if (started_.size() == rounds_.size()) {
      progress_.update(*std::ranges::min_element(rounds_), done_.size());
    }
  }

  void note(const std::string& words) { progress_.note(words); }

 private:
  std::vector<Round> rounds_;
  Round last_round_;
  std::set<std::size_t> started_;
  std::set<std::size_t> done_;
  RunProgress progress_;
};

ChildProgram program_of(const Experiment& experiment, std::size_t process,
                        const std::filesystem::path& folder, const std::string& endpoint) {
  const ProcessId id = process_id(process);
  const bool coordinator = process == experiment.agent_count();
  ChildProgram program{
      process_name(id, experiment.agent_count()),
      {(program_folder() / (coordinator ? "tacit-coordinator" : "tacit-agent")).string(),
       "--experiment", (folder / "config.toml").string(), "--rendezvous", folder.string(), "--bind",
       endpoint},
      folder / process_folder(id, experiment.agent_count()) / "log"};
  if (!coordinator) program.words.insert(program.words.end(), {"--id", std::to_string(process)});
  return program;
}

}  // namespace

void run_processes(const Experiment& experiment, const std::filesystem::path& run_folder,
                   const StopSignals& signals) {
  const auto folder = std::filesystem::absolute(run_folder);
  const SocketFolder sockets;
  RunStatus status(experiment);
  const std::size_t count = experiment.process_count();
  ChildGroup group{{},
                   count,
                   [&](const std::string& line) { status.on_line(line); },
                   "stopped; " + folder.string() + " holds what there is so far",
                   [&](const std::string& words) { status.note(words); }};
  for (std::size_t k = count; k-- > 0;) {  // the coordinator, which is last, first
    group.programs.push_back(program_of(experiment, k, folder, sockets.endpoint(k)));
  }
  run_children(group, signals);
}

}  // namespace tacit
