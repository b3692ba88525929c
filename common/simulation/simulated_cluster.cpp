#include "common/simulation/simulated_cluster.h"

#include <algorithm>
#include <utility>

#include "common/base/check.h"

namespace tacit {
namespace {

constexpr std::uint64_t kLongestAbsence_ms = 100;
constexpr std::uint64_t kOneNewestIsLostOf = 3;
/// Turns of each process in which somebody must get on: dozens of questions, all lost, fit in.
constexpr Round kQuietTurnsMost = 5000;
/// Turns of each process for a round in which nothing fails any more.
constexpr Round kHealthyTurnsMost = 100;

}  // namespace

/// A process and what it would have on disk.
struct SimulatedCluster::Slot {
  std::deque<Checkpoint> checkpoints;  ///< the last two
  std::uint32_t incarnation = 0;
  Round reached = -1;  ///< the latest round of any incarnation
  Round back_at_ms = 0;
  Round goes_on_at_ms = 0;
  std::optional<FaultRecord> killed_by;  ///< until it is back
  std::vector<ProcessId> peers;
  std::unique_ptr<Machine> machine;
  std::unique_ptr<WatchedMachine> watched;
  std::unique_ptr<Transport> transport;
  std::unique_ptr<FaultyTransport> faulty;
  std::unique_ptr<Node> node;
};

/// A machine whose rounds the cluster hears of before they begin.
class SimulatedCluster::WatchedMachine final : public Machine {
 public:
  WatchedMachine(Machine& machine, SimulatedCluster& cluster, std::size_t self)
      : machine_(machine), cluster_(cluster), self_(self) {}
  Arcs arcs(Round round) const override { return machine_.arcs(round); }
  void on_round(const RoundInput& input, RoundOutput& output) override {
    cluster_.before_round(self_, input.round);
    machine_.on_round(input, output);
    cluster_.pause_if_planned(self_, FaultPhase::training, input.round);
    cluster_.kill_if_planned(self_, FaultPhase::training, input.round);
  }
  void save(CheckpointWriter& writer) const override { machine_.save(writer); }
  void restore(CheckpointReader& reader) override { machine_.restore(reader); }
  Result result() const override { return machine_.result(); }

 private:
  Machine& machine_;
  SimulatedCluster& cluster_;
  std::size_t self_;
};

SimulatedCluster::SimulatedCluster(const SimulatedRun& run)
    : run_(run),
      network_(run.process_count, run.delays, run.seed),
      random_(run.seed, process_id(0), purpose("simulation.turns"), 0),
      slots_(run.process_count),
      pending_(run.faults) {}

SimulatedCluster::~SimulatedCluster() = default;

std::uint64_t SimulatedCluster::draw(std::uint64_t n) {
  std::uint64_t word = random_();
  return split_off(word, n);
}

void SimulatedCluster::start(std::size_t i) {
  Slot& slot = slots_[i];
  const ProcessId self = process_id(i);
  if (slot.killed_by) {
    slot.killed_by->kind = "restart";
    applied_.push_back(*std::exchange(slot.killed_by, std::nullopt));
  }
  slot.machine = run_.make_machine(self);
  slot.watched = std::make_unique<WatchedMachine>(*slot.machine, *this, i);
  slot.transport = network_.open(self);
  const PacketFaults faults = healed_at_ms_ ? PacketFaults{} : run_.faults.packet_faults_of(self);
  slot.faulty = std::make_unique<FaultyTransport>(*slot.transport, faults,
                                                  run_.seed + slot.incarnation, self);
  if (slot.peers.empty()) slot.peers = peers_of(*slot.machine, run_.node.round_count);
  for (const ProcessId peer : slot.peers) slot.faulty->connect(peer, to_string(peer));
  NodeConfig config = run_.node;
  config.self = self;
  config.greeting.endpoint = to_string(self);
  config.greeting.incarnation = slot.incarnation++;
  NodeEvents events{[this](ProcessId process, Round round, std::span<const Sample> row) {
                      run_.rows.append(process, round, row);
                    },
                    [](const std::string&) {}};
  events.checkpoint = [this, i](std::span<const std::byte> bytes) { keep_checkpoint(i, bytes); };
  const bool is_new = slot.checkpoints.empty();
  run_.rows.go_back(self, is_new ? 0 : slot.checkpoints.back().row_mark);
  slot.node =
      std::make_unique<Node>(config, *slot.watched, run_.links, *slot.faulty, events,
                             is_new ? std::span<const std::byte>() : slot.checkpoints.back().bytes);
}

void SimulatedCluster::step() {
  network_.set_time(++now_ms_);
  const std::size_t i = draw(slots_.size());
  try {
    take_turn(i);
  } catch (const PlannedKill& plan) {
    on_killed(i, plan);
  }
  if (healed_at_ms_) return;
  if (run_.break_probability > 0 && to_unit(random_()) < run_.break_probability) {
    break_some_connection();
  }
  heal_if_due();
}

void SimulatedCluster::take_turn(std::size_t i) {
  Slot& slot = slots_[i];
  if (!slot.node) {
    if (now_ms_ >= slot.back_at_ms) start(i);
    return;
  }
  if (now_ms_ < slot.goes_on_at_ms) return;
  if (slot.node->state() == Node::State::greeting) {
    pause_if_planned(i, FaultPhase::handshake, 0);
    kill_if_planned(i, FaultPhase::handshake, 0);
  }
  while (const auto packet = slot.faulty->receive({})) slot.node->on_packet(*packet);
  for (const auto& change : slot.faulty->connection_changes()) {
    slot.node->on_connection(change, now());
  }
  slot.node->advance(now());
  if (slot.node->state() != Node::State::ended) return;
  pause_if_planned(i, FaultPhase::end, 0);
  kill_if_planned(i, FaultPhase::end, 0);
  slot.node->leave(now());
}

void SimulatedCluster::before_round(std::size_t i, Round round) {
  Slot& slot = slots_[i];
  slot.reached = std::max(slot.reached, round);
  last_progress_ms_ = now_ms_;
  pause_if_planned(i, FaultPhase::exchange, round);
  kill_if_planned(i, FaultPhase::exchange, round);
}

/// It begins with the end of this turn.
void SimulatedCluster::pause_if_planned(std::size_t i, FaultPhase phase, Round round) {
  std::vector<FaultRecord> begun;
  const auto length = pending_.take_pauses(process_id(i), phase, round, begun);
  for (const FaultRecord& fault : begun) note(fault);
  if (length.count() > 0) slots_[i].goes_on_at_ms = now_ms_ + length.count();
}

void SimulatedCluster::kill_if_planned(std::size_t i, FaultPhase phase, Round round) {
  if (const auto plan = pending_.take_kill(process_id(i), phase, round)) {
    slots_[i].reached = std::max(slots_[i].reached, round);
    throw *plan;
  }
}

void SimulatedCluster::keep_checkpoint(std::size_t i, std::span<const std::byte> bytes) {
  Slot& slot = slots_[i];
  if (slot.checkpoints.size() == 2) slot.checkpoints.pop_front();  // overwritten from here on
  pause_if_planned(i, FaultPhase::checkpoint, round_of(bytes));
  kill_if_planned(i, FaultPhase::checkpoint, round_of(bytes));
  slot.checkpoints.push_back({{bytes.begin(), bytes.end()}, run_.rows.mark(process_id(i))});
}

/// Who has said DONE has its result, and does not come back from a checkpoint.
bool SimulatedCluster::can_come_back(const Slot& slot) const {
  return slot.node && slot.node->state() < Node::State::leaving;
}

void SimulatedCluster::on_killed(std::size_t i, const PlannedKill& plan) {
  for (std::size_t k = 0; k < slots_.size(); ++k) {
    const bool is_hit = plan.process ? k == i : can_come_back(slots_[k]);
    if (is_hit) kill(k, plan);
  }
}

void SimulatedCluster::kill(std::size_t i, const PlannedKill& plan) {
  Slot& slot = slots_[i];
  if (slot.checkpoints.size() == 2 && draw(kOneNewestIsLostOf) == 0) {
    slot.checkpoints.pop_back();
    ++counts_["torn_checkpoint"];
  }
  note_packets(i);
  slot.killed_by = record_of(plan, process_id(i), has_rounds(plan.phase) ? slot.reached : 0);
  note(*slot.killed_by);
  slot.node.reset();
  slot.faulty.reset();
  slot.transport.reset();
  slot.watched.reset();
  slot.machine.reset();
  network_.kill(process_id(i));
  const auto random_ms = static_cast<Round>(1 + draw(kLongestAbsence_ms));
  const Round planned_ms = plan.restart_after.count();
  slot.back_at_ms = now_ms_ + (planned_ms > 0 ? planned_ms : random_ms);
  slot.goes_on_at_ms = 0;
  const auto is_dead = [](const Slot& each) { return !each.node; };
  if (std::ranges::all_of(slots_, is_dead)) ++counts_["whole_cluster_death"];
}

void SimulatedCluster::break_some_connection() {
  const std::size_t from = draw(slots_.size());
  const auto& peers = slots_[from].peers;
  if (!slots_[from].node || peers.empty()) return;
  const ProcessId to = peers[draw(peers.size())];
  if (!slots_[index_of(to)].node) return;
  network_.break_connection(process_id(from), to);
  ++counts_["break"];
}

void SimulatedCluster::heal_if_due() {
  if (now_ms_ % 64 != 0 || pending_.may_disturb_from(slowest()) ||
      slowest() < run_.node.round_count - run_.node.round_count / 8) {
    return;
  }
  healed_at_ms_ = now_ms_;
  network_.heal();
  for (Slot& slot : slots_) {
    if (slot.faulty) slot.faulty->heal();
  }
}

void SimulatedCluster::note_packets(std::size_t i) {
  const Slot& slot = slots_[i];
  const std::string target = to_string(process_id(i));
  note({"duplicate", "", target, {}, slot.node->round(), slot.faulty->duplicated()});
  note({"corrupt", "", target, {}, slot.node->round(), slot.faulty->corrupted()});
}

void SimulatedCluster::note(const FaultRecord& fault) {
  if (fault.count == 0) return;
  counts_[key_of(fault)] += fault.count;
  applied_.push_back(fault);
}

Round SimulatedCluster::slowest() const {
  return std::ranges::min_element(slots_, {}, &Slot::reached)->reached;
}

bool SimulatedCluster::finished() const {
  return std::ranges::all_of(slots_, [](const Slot& slot) {
    return slot.node && slot.node->state() == Node::State::finished;
  });
}

std::string SimulatedCluster::run(const std::atomic<bool>& stop) {
  const auto count = static_cast<Round>(slots_.size());
  Round quiet_most = kQuietTurnsMost * count;
  for (const PlannedPause& pause : run_.faults.pauses) quiet_most += pause.length.count();
  for (const PlannedKill& kill : run_.faults.kills) quiet_most += kill.restart_after.count();
  const Round healthy_most =
      quiet_most + kHealthyTurnsMost * count * (run_.node.round_count / 8 + 1);
  while (!finished()) {
    if (stop) return {};
    step();
    if (now_ms_ - last_progress_ms_ > quiet_most) return "nobody gets on:" + who_waits();
    if (healed_at_ms_ && now_ms_ - *healed_at_ms_ > healthy_most) {
      return "nothing fails any more, and still there is no end:" + who_waits();
    }
  }
  for (std::size_t i = 0; i < slots_.size(); ++i) note_packets(i);
  counts_["delay"] += network_.delayed();
  return {};
}

std::string SimulatedCluster::who_waits() const {
  std::string text;
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    const Slot& slot = slots_[i];
    text += " " + process_name(process_id(i), run_.node.agent_count, run_.node.agent_names);
    if (!slot.node) {
      text += " is dead;";
      continue;
    }
    text += " in round " + std::to_string(slot.node->round()) + " waits for";
    for (const ProcessId peer : slot.node->waiting_for()) text += " " + to_string(peer);
    text += ";";
  }
  return text;
}

const Machine& SimulatedCluster::machine(ProcessId process) const {
  return *slots_.at(index_of(process)).machine;
}

const Node& SimulatedCluster::node(ProcessId process) const {
  return *slots_.at(index_of(process)).node;
}

}  // namespace tacit
