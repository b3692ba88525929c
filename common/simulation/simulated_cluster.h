#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/base/random.h"
#include "common/round/node.h"
#include "common/simulation/fault_plan.h"
#include "common/simulation/simulated_network.h"

namespace tacit {

/// Where the rows of metrics of several processes go. A process that is restored writes the rows
/// since its checkpoint once more.
class RowLog {
 public:
  virtual ~RowLog() = default;
  virtual void append(ProcessId process, Round round, std::span<const Sample> row) = 0;
  /// How much there is of a process at this moment.
  virtual std::uint64_t mark(ProcessId process) = 0;
  /// Forgets what came after the mark.
  virtual void go_back(ProcessId process, std::uint64_t mark) = 0;
};

/// A run whose processes are to fail.
struct SimulatedRun {
  std::size_t process_count = 0;
  /// Called for every incarnation of a process.
  std::function<std::unique_ptr<Machine>(ProcessId)> make_machine;
  const LinkModel& links;
  /// Of all processes; `self`, the incarnation and the endpoint are filled in.
  NodeConfig node;
  FaultPlan faults;
  /// Of the order of turns, of how long the dead are absent, of everything that is not in the plan.
  std::uint64_t seed = 0;
  SimulatedNetwork::Delays delays;
  double break_probability = 0;  ///< of one connection to break, per turn
  RowLog& rows;
};

/// How many faults of each kind there were: "kill.exchange", "delay", ...
using FaultCounts = std::map<std::string, std::uint64_t, std::less<>>;

/// All processes of a run as nodes in one thread, with the real codec and node logic, over a
/// network with a time of its own: one turn of one process is one millisecond, and whose turn it
/// is, is random. What is planned happens to them: a process that is killed loses all but its last
/// two checkpoints, sometimes the newer one, too, and comes back after a while, the planned one or
/// a random one, in a new incarnation. Kills, and pauses of one round, happen once each, a kill of
/// all at the moment when the first gets to its round. Once no fault of a round is left to come and
/// everybody is past seven eighths of the run, the network is healed, so that the end shows whether
/// all goes on by itself.
///
/// Everything is a function of the run's fields. No clock, no file.
class SimulatedCluster {
 public:
  explicit SimulatedCluster(const SimulatedRun& run);
  ~SimulatedCluster();

  /// One turn.
  /// @throws what machines and nodes throw
  void step();
  bool finished() const;

  /// To the end, or until `stop`.
  /// @return why it does not come: nobody gets on any more, who waits for whom; empty if it came
  /// @throws what machines and nodes throw
  std::string run(const std::atomic<bool>& stop);

  /// @pre finished()
  const Machine& machine(ProcessId process) const;
  const Node& node(ProcessId process) const;
  const FaultCounts& counts() const { return counts_; }
  /// What happened to processes, in that order.
  const std::vector<FaultRecord>& applied() const { return applied_; }
  std::uint64_t steps() const { return static_cast<std::uint64_t>(now_ms_); }

 private:
  struct Checkpoint {
    std::vector<std::byte> bytes;
    std::uint64_t row_mark;
  };
  struct Slot;
  class WatchedMachine;

  void start(std::size_t i);
  void take_turn(std::size_t i);
  void before_round(std::size_t i, Round round);
  void pause_if_planned(std::size_t i, FaultPhase phase, Round round);
  void keep_checkpoint(std::size_t i, std::span<const std::byte> bytes);
  /// @throws PlannedKill if that is planned here
  void kill_if_planned(std::size_t i, FaultPhase phase, Round round);
  void kill(std::size_t i, const PlannedKill& plan);
  void on_killed(std::size_t i, const PlannedKill& plan);
  void break_some_connection();
  void heal_if_due();
  void note_packets(std::size_t i);
  void note(const FaultRecord& fault);
  bool can_come_back(const Slot& slot) const;
  Round slowest() const;
  std::string who_waits() const;
  std::uint64_t draw(std::uint64_t n);
  TimePoint now() const { return TimePoint{} + std::chrono::milliseconds(now_ms_); }

  SimulatedRun run_;
  SimulatedNetwork network_;
  RandomStream random_;
  std::vector<Slot> slots_;
  FaultCounts counts_;
  std::vector<FaultRecord> applied_;
  PendingFaults pending_;
  Round now_ms_ = 0;
  Round last_progress_ms_ = 0;  ///< when somebody got to a round for the first time
  std::optional<Round> healed_at_ms_;
};

}  // namespace tacit
