#include "deploy/cli/in_process_run.h"

#include <algorithm>
#include <atomic>
#include <future>

#include "common/base/error.h"
#include "common/round/lockstep.h"
#include "common/run_folder/layout.h"
#include "common/run_folder/metrics.h"
#include "common/run_folder/records.h"
#include "deploy/cli/progress.h"
#include "deploy/cli/simulated_run.h"

namespace tacit {
namespace {

constexpr Round kProgressSteps = 200;
constexpr std::chrono::seconds kPatience{2};

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
                         {process_id(i), experiment.config_hash(), lockstep.digest(process_id(i)),
                          experiment.system().round_count(), true, machines[i]->result()});
    write_messages(place / "messages.csv", rows[i]);
  }
}

void simulate(const Experiment& experiment, const Policies& policies,
              const std::filesystem::path& folder, std::size_t thread_count,
              const std::atomic<bool>& stop) {
  experiment.check_runs_in_one_process();
  if (!experiment.faults().empty()) return simulate_in_folder(experiment, policies, folder, stop);
  std::vector<std::unique_ptr<Machine>> machines;
  std::vector<Machine*> pointers;
  std::vector<MetricsWriter> metrics;
  for (std::size_t i = 0; i < experiment.process_count(); ++i) {
    machines.push_back(experiment.make_machine(process_id(i), policies));
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
  RunProgress progress(machines.size(), last);
  for (Round round = 0; round <= last && !stop; round += step) {
    lockstep.run(round, std::min(last, round + step - 1), thread_count);
    progress.update(std::min(last, round + step - 1), 0);
  }
  for (MetricsWriter& writer : metrics) writer.flush();
  if (!stop) write_results(experiment, folder, machines, lockstep);
}

}  // namespace

void run_in_process(const Experiment& experiment, const Policies& policies,
                    const std::filesystem::path& folder, std::size_t thread_count,
                    const StopSignals& signals,
                    const std::function<void(const InputError&)>& abandon) {
  std::atomic<bool> stop = false;
  auto simulation = std::async(std::launch::async,
                               [&] { simulate(experiment, policies, folder, thread_count, stop); });
  while (simulation.wait_for(std::chrono::seconds(0)) != std::future_status::ready) {
    const auto signal = signals.wait(std::chrono::milliseconds(50));
    if (!signal) continue;
    const InputError stopped(exit_code_of(*signal),
                             "stopped; " + folder.string() + " holds what there is so far");
    stop = true;
    if (simulation.wait_for(kPatience) != std::future_status::ready) abandon(stopped);
    simulation.get();
    throw stopped;
  }
  simulation.get();
}

}  // namespace tacit
