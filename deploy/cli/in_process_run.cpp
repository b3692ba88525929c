#include "deploy/cli/in_process_run.h"

#include <algorithm>

#include "agent/process/signals.h"
#include "common/base/digest.h"
#include "common/base/error.h"
#include "common/round/lockstep.h"
#include "common/run_folder/layout.h"
#include "common/run_folder/metrics.h"
#include "common/run_folder/records.h"
#include "deploy/cli/progress.h"

namespace tacit {
namespace {

constexpr Round kProgressSteps = 200;

void write_results(const Experiment& experiment, const std::filesystem::path& folder,
                   const std::vector<std::unique_ptr<Machine>>& machines,
                   const Lockstep& lockstep) {
  std::vector<std::vector<MessageRow>> rows(machines.size());
  for (const auto& [edge, count] : lockstep.traffic()) {
    rows[index_of(edge.from)].push_back({edge.from, edge.to, MessageKind::data, count});
  }
  for (std::size_t i = 0; i < machines.size(); ++i) {
    const auto place = folder / process_folder(process_id(i), experiment.agent_count());
    write_process_result(place / "result.json",
                         {process_id(i), digest(*machines[i]), experiment.system().round_count(),
                          true, machines[i]->result()});
    write_messages(place / "messages.csv", rows[i]);
  }
}

}  // namespace

void run_in_process(const Experiment& experiment, const std::filesystem::path& folder,
                    std::size_t thread_count) {
  prepare_signals(0);
  std::vector<std::unique_ptr<Machine>> machines;
  std::vector<Machine*> pointers;
  std::vector<MetricsWriter> metrics;
  for (std::size_t i = 0; i < experiment.process_count(); ++i) {
    machines.push_back(experiment.make_machine(process_id(i)));
    pointers.push_back(machines.back().get());
    metrics.emplace_back(folder / process_folder(process_id(i), experiment.agent_count()) /
                         "metrics.csv");
  }
  Lockstep lockstep(pointers, experiment.links(),
                    [&](ProcessId process, Round round, std::span<const Sample> row) {
                      metrics[index_of(process)].append(round, row);
                    });
  const Round last = experiment.system().round_count();
  const Round step = std::max<Round>(1, last / kProgressSteps);
  Progress progress(machines.size(), last);
  for (Round round = 0; round <= last; round += step) {
    lockstep.run(round, std::min(last, round + step - 1), thread_count);
    progress.update(std::min(last, round + step - 1), 0);
    if (stop_signal() != 0) {
      throw InputError(static_cast<ExitCode>(128 + stop_signal()),
                       "stopped at round " + std::to_string(round) + " of " + std::to_string(last));
    }
  }
  progress.finish();
  for (MetricsWriter& writer : metrics) writer.flush();
  write_results(experiment, folder, machines, lockstep);
}

}  // namespace tacit
