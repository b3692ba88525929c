#include "deploy/cli/memory_run.h"

#include <algorithm>
#include <chrono>
#include <memory>

#include "common/base/digest.h"
#include "common/simulation/lockstep.h"
#include "deploy/cli/memory_rows.h"
#include "deploy/cli/step_length.h"

namespace tacit {

std::optional<MemoryRun> run_in_memory(const Experiment& experiment, const Policies& policies,
                                       const std::atomic<bool>& stop) {
  experiment.check_runs_in_one_process();
  std::vector<std::unique_ptr<Machine>> machines;
  std::vector<Machine*> pointers;
  for (std::size_t i = 0; i < experiment.process_count(); ++i) {
    machines.push_back(experiment.make_machine(process_id(i), policies));
    pointers.push_back(machines.back().get());
  }
  MemoryRows rows(machines.size());
  Lockstep lockstep(pointers, experiment.links(),
                    [&](ProcessId process, Round round, std::span<const Sample> row) {
                      rows.append(process, round, row);
                    });
  const Round last = experiment.system().round_count();
  StepLength step(std::max<Round>(last, 1));
  for (Round round = 0; round <= last;) {
    if (stop) return std::nullopt;
    const Round until = std::min(last, round + step.rounds() - 1);
    const auto begin = std::chrono::steady_clock::now();
    lockstep.run(round, until, 1);
    step.took(std::chrono::steady_clock::now() - begin);
    round = until + 1;
  }
  MemoryRun run;
  std::vector<std::uint64_t> digests;
  for (std::size_t i = 0; i < machines.size(); ++i) {
    run.records.push_back({machines[i]->result(), std::move(rows.tables[i])});
    digests.push_back(lockstep.digest(process_id(i)));
  }
  run.digest = run_digest(digests);
  return run;
}

}  // namespace tacit
