#include "deploy/cli/supervisor.h"

#include <algorithm>
#include <thread>

#include "common/base/error.h"
#include "common/results/layout.h"
#include "deploy/cli/children.h"
#include "deploy/cli/private_folder.h"
#include "deploy/cli/run_status.h"

namespace tacit {
namespace {

constexpr std::size_t kLongestSocketPath = 107;
constexpr std::size_t kLongestName = 8;  // "/" and a process id
/// Programs that start at once, per core: a thousand starting at once would only slow each other.
constexpr std::size_t kStartingPerCore = 2;

/// The endpoint of a process in the folder of the run's sockets.
std::string endpoint_in(const PrivateFolder& sockets, std::size_t process) {
  if (sockets.path().string().size() + kLongestName > kLongestSocketPath) {
    throw InputError(ExitCode::run_folder, sockets.path().parent_path().string() +
                                               " is too long a path for sockets: set TMPDIR");
  }
  return "ipc://" + sockets.path().string() + "/" + std::to_string(process);
}

ChildProgram program_of(const Experiment& experiment, std::size_t process,
                        const std::filesystem::path& folder, const std::string& endpoint) {
  const ProcessId id = process_id(process);
  const bool coordinator = process == experiment.agent_count();
  ChildProgram program{
      process_name(id, experiment.agent_count(), experiment.agent_names()),
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
  const PrivateFolder sockets;
  RunStatus status(experiment);
  const std::size_t count = experiment.process_count();
  ChildGroup group{
      {},
      count,
      [&](const std::string& line) { status.on_line(line); },
      "stopped; 'tacit resume " + folder.string() + "' goes on",
      [&](const std::string& words) { status.note(words); },
      [&, count](const std::string& line) {
        auto sign = status.sign_of(line);
        if (sign) sign->program = count - 1 - sign->program;
        return sign;
      },
      kStartingPerCore * std::max<std::size_t>(2, std::thread::hardware_concurrency())};
  for (std::size_t k = count; k-- > 0;) {  // the coordinator, which is last, first
    group.programs.push_back(program_of(experiment, k, folder, endpoint_in(sockets, k)));
  }
  run_children(group, signals);
}

}  // namespace tacit
