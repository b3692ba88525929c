// One run with failures, and the checks after it.
#include <sys/wait.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "common/base/digest.h"
#include "common/base/error.h"
#include "common/results/faults.h"
#include "common/simulation/lockstep.h"
#include "deploy/cli/chaos/chaos.h"
#include "deploy/cli/children.h"
#include "deploy/cli/memory_rows.h"
#include "deploy/cli/private_folder.h"
#include "deploy/cli/simulated_run.h"
#include "deploy/report/child_process.h"

namespace tacit {
namespace {

constexpr std::chrono::minutes kLongestRun{4};

/// The final state of a run's processes.
struct End {
  explicit End(std::size_t process_count) : rows(process_count), records(process_count) {}

  void add(ProcessId process, const Machine& machine, std::uint64_t digest) {
    digests.push_back(digest);
    ProcessRecord& record = records[index_of(process)];
    record = {machine.result(), std::move(rows.tables[index_of(process)])};
  }

  MemoryRows rows;  ///< during the run
  std::vector<ProcessRecord> records;
  std::vector<std::uint64_t> digests;
  std::map<Edge, MessageCount> traffic;  ///< without emulation, which is every back end's own

  void add_traffic(Edge edge, MessageCount data) {
    data.emulation_bytes = 0;
    if (data != MessageCount{}) traffic[edge] = data;
  }
};

End undisturbed(const Experiment& experiment, const Policies& policies) {
  End end(experiment.process_count());
  std::vector<std::unique_ptr<Machine>> machines;
  std::vector<Machine*> pointers;
  for (std::size_t i = 0; i < experiment.process_count(); ++i) {
    machines.push_back(experiment.make_machine(process_id(i), policies));
    pointers.push_back(machines.back().get());
  }
  Lockstep lockstep(pointers, experiment.links(),
                    [&](ProcessId process, Round round, std::span<const Sample> row) {
                      end.rows.append(process, round, row);
                    });
  lockstep.run(0, experiment.system().round_count(), 1);
  for (std::size_t i = 0; i < machines.size(); ++i) {
    end.add(process_id(i), *machines[i], lockstep.digest(process_id(i)));
  }
  for (const auto& [edge, sent] : lockstep.traffic()) end.add_traffic(edge, sent);
  return end;
}

bool same(const MetricTable& a, const MetricTable& b) {
  const auto bits = [](const MetricTable& table) {
    CheckpointWriter writer;
    writer.values(table.rounds);
    for (const auto& row : table.rows) writer.values(row);
    return hash_bytes(writer.bytes());
  };
  return a.columns == b.columns && bits(a) == bits(b);
}

/// @return the first difference from the undisturbed run
std::string difference(const Experiment& experiment, const End& expected, const End& found) {
  for (std::size_t i = 0; i < expected.digests.size(); ++i) {
    const std::string name = process_name(process_id(i), experiment.agent_count());
    if (found.digests[i] != expected.digests[i]) {
      return name + " ends with the digest " + to_hex(found.digests[i]) + ", undisturbed with " +
             to_hex(expected.digests[i]);
    }
    if (!same(found.records[i].metrics, expected.records[i].metrics)) {
      return name + " has other metrics than undisturbed";
    }
  }
  if (found.traffic != expected.traffic) return "other messages were sent than undisturbed";
  const Summary before = experiment.system().summarise(expected.records);
  const Summary after = experiment.system().summarise(found.records);
  for (std::size_t k = 0; k < before.bounds.size(); ++k) {
    if (before.bounds[k].held() && !after.bounds[k].held()) {
      return "the bound '" + before.bounds[k].name + "' does not hold any more";
    }
  }
  return {};
}

SimulatedRun restless_run(const Experiment& experiment, const Policies& policies,
                          std::uint64_t seed, RowLog& rows) {
  SimulatedRun run = simulated_run(experiment, policies, seed, rows);
  RandomStream random(seed, process_id(0), purpose("chaos.network"), 0);
  run.delays.probability = 0.5 * to_unit(random());
  std::uint64_t word = random();
  run.delays.longest_ms = 1 + static_cast<Round>(split_off(word, 50));
  run.break_probability = 0.002 * to_unit(random());
  return run;
}

/// Counts the faults of processes; partitions are counted from their plan, restarts not at all.
void count_applied(const std::filesystem::path& file, ChaosOutcome& outcome) {
  try {
    for (const FaultRecord& fault : read_faults(file)) {
      const bool counts = fault.applied && fault.kind != "partition" && fault.kind != "restart";
      if (counts) outcome.counts[key_of(fault)] += fault.count;
    }
  } catch (const InputError& error) {
    outcome.failure = error.what();
  }
}

}  // namespace

ChaosOutcome simulate_chaos(const Experiment& experiment, const Policies& policies,
                            std::uint64_t seed, const std::atomic<bool>& stop) {
  End end(experiment.process_count());
  SimulatedCluster cluster(restless_run(experiment, policies, seed, end.rows));
  ChaosOutcome outcome;
  try {
    outcome.failure = cluster.run(stop);
  } catch (const InputError& error) {
    outcome.failure = error.what();
  }
  outcome.counts = cluster.counts();
  if (stop || !outcome.failure.empty()) return outcome;
  for (std::size_t i = 0; i < experiment.process_count(); ++i) {
    const ProcessId process = process_id(i);
    end.add(process, cluster.machine(process), cluster.node(process).digest());
    for (const auto& [to, sent] : cluster.node(process).traffic()) {
      end.add_traffic({process, to}, sent.data);
    }
  }
  outcome.failure = difference(experiment, undisturbed(experiment, policies), end);
  return outcome;
}

ChaosOutcome run_chaos_processes(const Experiment& experiment, const Policies& policies,
                                 const std::vector<std::string>& words,
                                 const std::string& policy_folder, const std::atomic<bool>& stop) {
  const PrivateFolder folder;
  std::vector<std::string> command{(program_folder() / "tacit").string(), "run"};
  command.insert(command.end(), words.begin(), words.end());
  command.insert(command.end(), {"--json", "--no-report", "--policies", policy_folder, "--out",
                                 (folder.path() / "run").string()});
  ChaosOutcome outcome;
  const ChildOutcome child = run_child(command, "", kLongestRun);
  if (stop) return outcome;
  if (child.ending == ChildOutcome::Ending::timed_out) {
    outcome.failure = "the run does not end";
  } else if (child.status > 1) {
    outcome.failure = "exit code " + std::to_string(child.status) + ": " + child.standard_error;
  } else {
    const auto summary = nlohmann::json::parse(child.standard_output, nullptr, false);
    const std::string found = summary.is_object() ? summary.value("digest", "none") : "none";
    const std::string expected = to_hex(run_digest(undisturbed(experiment, policies).digests));
    if (found != expected) outcome.failure = "digest " + found + ", undisturbed " + expected;
    count_applied(folder.path() / "run" / "faults.csv", outcome);
  }
  // This process adopts every orphan of the run (see chaos()), so it sees each one left behind.
  if (waitpid(-1, nullptr, WNOHANG) >= 0) outcome.failure += " a process is left behind";
  return outcome;
}

}  // namespace tacit
