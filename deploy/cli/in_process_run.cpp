#include "deploy/cli/in_process_run.h"

#include <atomic>
#include <future>

#include "common/base/error.h"
#include "deploy/cli/lockstep_run.h"
#include "deploy/cli/simulated_run.h"

namespace tacit {
namespace {

constexpr std::chrono::seconds kPatience{2};

void simulate(const Experiment& experiment, const Policies& policies,
              const std::filesystem::path& folder, std::size_t thread_count,
              const std::atomic<bool>& stop) {
  experiment.check_runs_in_one_process();
  if (!experiment.faults().empty()) return simulate_in_folder(experiment, policies, folder, stop);
  LockstepRun(experiment, policies, folder).run(thread_count, stop);
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
                             "stopped; 'tacit resume " + folder.string() + "' goes on");
    stop = true;
    if (simulation.wait_for(kPatience) != std::future_status::ready) abandon(stopped);
    simulation.get();
    throw stopped;
  }
  simulation.get();
}

}  // namespace tacit
