// Goal: processes that are killed at any moment, alone or together, and come back from one of their
// last two checkpoints end with the bits, the account of messages and the metrics of a run without
// kills; nobody keeps more frames than agreed.
// Method: nodes on mailboxes, driven by hand, killed at random by 20 seeds; the newest checkpoint
// is lost in a third of the kills. After the last kill all must end within a bounded number of
// steps.
#include <gtest/gtest.h>

#include <deque>

#include "common/transport/in_process.h"
#include "tests/support/folding_machine.h"
#include "tests/support/node_cluster.h"
#include "tests/support/test_links.h"

namespace tacit {
namespace {

constexpr std::size_t kCount = 5;
constexpr Round kRounds = 1500;
constexpr Round kCheckpointRounds = 40;
constexpr int kKills = 30;
constexpr int kLongestAbsence = 100;  // steps
constexpr int kStepsMost = 200'000;

const Graph kComplete(
    kCount, {{0, 1}, {0, 2}, {0, 3}, {0, 4}, {1, 2}, {1, 3}, {1, 4}, {2, 3}, {2, 4}, {3, 4}});

using Rows = std::vector<std::pair<Round, double>>;

/// A process and what it would have on disk.
struct Slot {
  struct Checkpoint {
    std::vector<std::byte> bytes;
    std::size_t row_count;
  };
  std::deque<Checkpoint> checkpoints;  ///< the last two
  Rows rows;
  std::uint32_t incarnation = 0;
  int absent_for = 0;  ///< steps until it comes back
  std::unique_ptr<Machine> machine;
  std::unique_ptr<Transport> transport;
  std::unique_ptr<Node> node;
};

class KillableCluster {
 public:
  explicit KillableCluster(const LinkModel& links) : links_(links) {
    for (std::size_t i = 0; i < kCount; ++i) start(i);
  }

  void step(std::size_t i) {
    Slot& slot = slots[i];
    if (!slot.node) {
      if (--slot.absent_for <= 0) start(i);
      return;
    }
    for (int k = 0; k < 40; ++k) {
      const auto packet = slot.transport->receive(std::chrono::milliseconds(0));
      if (!packet) break;
      slot.node->on_packet(*packet);
    }
    for (const auto& change : slot.transport->connection_changes()) {
      slot.node->on_connection(change, TimePoint{});
    }
    slot.node->advance(TimePoint{});
    if (slot.node->state() == Node::State::ended) slot.node->leave(TimePoint{});
  }

  /// @param tears  the newest checkpoint was being written
  void kill(std::size_t i, int absent_for, bool tears) {
    Slot& slot = slots[i];
    if (tears && slot.checkpoints.size() == 2) slot.checkpoints.pop_back();
    slot.node.reset();
    slot.transport.reset();
    slot.machine.reset();
    slot.absent_for = absent_for;
    network_.break_connections_to(std::to_string(i));
  }

  /// Who has said DONE has its result, and does not come back from a checkpoint.
  bool can_come_back(std::size_t i) const {
    return slots[i].node && slots[i].node->state() < Node::State::leaving;
  }
  /// The round that nobody is behind.
  Round slowest() const {
    Round round = kRounds;
    for (const Slot& slot : slots) round = std::min(round, slot.node ? slot.node->round() : round);
    return round;
  }
  bool finished() const {
    return std::ranges::all_of(slots, [](const Slot& slot) {
      return slot.node && slot.node->state() == Node::State::finished;
    });
  }

  std::vector<Slot> slots{kCount};

 private:
  void start(std::size_t i) {
    Slot& slot = slots[i];
    slot.machine = std::make_unique<testing::FoldingMachine>(kComplete, process_id(i), kRounds);
    slot.transport = network_.open(std::to_string(i));
    for (const ProcessId peer : peers_of(*slot.machine, kRounds)) {
      slot.transport->connect(peer, to_string(peer));
    }
    NodeConfig config = testing::node_config(i, kCount, kRounds);
    config.greeting.incarnation = slot.incarnation++;
    config.checkpoint_rounds = kCheckpointRounds;
    NodeEvents events{[&slot](ProcessId, Round round, std::span<const Sample> row) {
                        slot.rows.emplace_back(round, row.front().value);
                      },
                      [](const std::string&) {}};
    events.checkpoint = [&slot](std::span<const std::byte> bytes) {
      slot.checkpoints.push_back({{bytes.begin(), bytes.end()}, slot.rows.size()});
      if (slot.checkpoints.size() > 2) slot.checkpoints.pop_front();
    };
    std::vector<std::byte> bytes;
    slot.rows.resize(slot.checkpoints.empty() ? 0 : slot.checkpoints.back().row_count);
    if (!slot.checkpoints.empty()) bytes = slot.checkpoints.back().bytes;
    slot.node =
        std::make_unique<Node>(config, *slot.machine, links_, *slot.transport, events, bytes);
  }

  const LinkModel& links_;
  InProcessNetwork network_;
};

class RestartTest : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(RestartTest, KilledProcessesEndWithTheSameBits) {
  const std::uint64_t seed = GetParam();
  const testing::CoinLinks links(0.7, seed, seed % 2 == 0 ? 6.0 : 0.0);
  std::vector<std::unique_ptr<Machine>> machines;
  std::vector<Machine*> pointers;
  for (std::size_t i = 0; i < kCount; ++i) {
    machines.push_back(
        std::make_unique<testing::FoldingMachine>(kComplete, process_id(i), kRounds));
    pointers.push_back(machines.back().get());
  }
  std::vector<Rows> rows(kCount);
  Lockstep lockstep(pointers, links, [&](ProcessId i, Round round, std::span<const Sample> row) {
    rows[index_of(i)].emplace_back(round, row.front().value);
  });
  lockstep.run(0, kRounds, 1);

  KillableCluster cluster(links);
  RandomStream stream(seed, process_id(0), purpose("test.kills"), 0);
  const auto draw = [&](std::uint64_t n) {
    std::uint64_t word = stream();
    return split_off(word, n);
  };
  int kills = 0;
  int steps = 0;
  while (!cluster.finished()) {
    ASSERT_LT(++steps, kStepsMost) << "hangs after " << kills << " kills";
    cluster.step(draw(kCount));
    const std::size_t victim = draw(kCount);
    const bool is_due = kills < 1 + kKills * cluster.slowest() / kRounds && kills < kKills;
    if (is_due && draw(4) == 0 && cluster.can_come_back(victim)) {
      cluster.kill(victim, 1 + static_cast<int>(draw(kLongestAbsence)), draw(3) == 0);
      ++kills;
    }
  }
  EXPECT_EQ(kills, kKills);
  for (std::size_t i = 0; i < kCount; ++i) {
    EXPECT_EQ(digest(*cluster.slots[i].machine), digest(*machines[i])) << "process " << i;
    EXPECT_EQ(cluster.slots[i].rows, rows[i]) << "process " << i;
    for (const auto& [to, sent] : cluster.slots[i].node->traffic()) {
      const MessageCount expected = lockstep.traffic().at({process_id(i), to});
      EXPECT_EQ(sent.data, expected) << i << " to " << to_string(to);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, RestartTest, ::testing::Range<std::uint64_t>(1, 21));

}  // namespace
}  // namespace tacit
