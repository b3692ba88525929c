// Goal: nodes that do not wait for each other go on in time, or without who is gone, and find
// together again. No thread and no clock: the test moves packets and time itself.
#include <gtest/gtest.h>

#include "common/base/error.h"
#include "tests/support/driven_nodes.h"
#include "tests/support/test_links.h"

namespace tacit {
namespace {

using std::chrono::seconds;
using Cluster = testing::DrivenNodes;
using testing::expected_digests;
using testing::kComplete;

// Goal: by the clock, every node runs every round in time, hears what came in time, and nobody
// waits for one that stands still; back again, it catches up.
TEST(Node, PacedRoundsWaitForNobody) {
  const testing::CoinLinks links(1.0);
  const std::chrono::milliseconds tick(10);
  Cluster cluster(kComplete, links, 300, {}, 0, [&](NodeConfig& config) {
    config.pace = Pace{tick, 3};
  });
  const auto steps = [&](int count, std::size_t first) {
    for (int k = 0; k < count; ++k) {
      cluster.now += tick / 2;
      for (std::size_t i = first; i < 4; ++i) cluster.step(i);
    }
  };
  const TimePoint start = cluster.now;
  for (std::size_t i = 0; i < 4; ++i) cluster.step(i);
  steps(100, 0);
  const Round due = (cluster.now - start) / tick;
  for (const auto& node : cluster.nodes) EXPECT_LE(std::abs(node->round() - due), 2);
  EXPECT_EQ(cluster.nodes[2]->missed(), 0u);
  steps(300, 1);
  EXPECT_LE(std::abs(cluster.nodes[2]->round() - due - 150), 2);
  EXPECT_LE(std::abs(cluster.nodes[0]->round() - due), 2);
  EXPECT_GE(cluster.nodes[2]->missed(), 140u) << "nothing newer of node 0";
  steps(300, 0);
  EXPECT_TRUE(cluster.finished());
  EXPECT_FALSE(cluster.nodes[0]->reproducible());
}

// Goal: a peer that is gone for too long is waited for, or gone on without until it is back; who
// is back hears and is heard, although it missed frames for good.
TEST(Node, GoesOnWithoutWhoIsGoneOrWaits) {
  for (const Overdue on_overdue : {Overdue::wait, Overdue::close}) {
    SCOPED_TRACE(on_overdue == Overdue::wait ? "wait" : "close");
    const testing::CoinLinks links(1.0);
    Cluster cluster(kComplete, links, 1000, {}, 0,
                    [&](NodeConfig& config) { config.on_overdue = on_overdue; });
    const auto steps = [&](int count, std::size_t first) {
      for (int k = 0; k < count; ++k) {
        for (std::size_t i = first; i < 4; ++i) cluster.step(i);
      }
    };
    const auto tell_of_0 = [&](bool up) {
      for (std::size_t i = 1; i < 4; ++i) {
        cluster.nodes[i]->on_connection({process_id(0), up}, cluster.now);
      }
    };
    steps(100, 0);
    tell_of_0(false);
    steps(5, 1);
    cluster.now += seconds(31);
    steps(400, 1);
    const Round left = cluster.nodes[0]->round();
    const Round others = cluster.nodes[1]->round();
    if (on_overdue == Overdue::wait) {
      EXPECT_LE(others, left + 2);
    } else {
      EXPECT_GE(others, left + 200);
    }
    tell_of_0(true);
    steps(2000, 0);
    EXPECT_TRUE(cluster.finished());
    EXPECT_EQ(cluster.digests() == expected_digests(links, 1000), on_overdue == Overdue::wait);
    for (const auto& node : cluster.nodes) {
      if (on_overdue == Overdue::wait) {
        EXPECT_TRUE(node->reproducible());
        EXPECT_EQ(node->missed(), 0u);
      }
    }
    EXPECT_EQ(cluster.nodes[1]->reproducible(), on_overdue == Overdue::wait);
  }
}

// Goal: the deadline of the start counts from the last process of the run that came, as the caller
// says. Who waits asks again and again, but not as often as in the beginning.
TEST(Node, StartDeadlineCountsFromTheLastThatCame) {
  const testing::CoinLinks links(1.0);
  Cluster cluster(kComplete, links, 10);
  cluster.network.break_connections_to("0");  // nobody's greeting arrives
  Node& waiting = *cluster.nodes[0];
  const auto wait_and_see = [&](int seconds_long) {
    for (int k = 0; k < seconds_long; ++k) {
      cluster.now += seconds(1);
      waiting.advance(cluster.now);
    }
  };
  waiting.advance(cluster.now);
  wait_and_see(59);
  waiting.others_came(cluster.now);
  wait_and_see(59);
  const std::uint64_t asked = waiting.traffic().at(process_id(2)).control.count;
  EXPECT_GE(asked, 118u / 10) << "every ten seconds at least";
  EXPECT_LE(asked, 40u);
  EXPECT_THROW(wait_and_see(2), InputError);
}

/// Nobody hears anybody, for longer than any link is left alone.
class FarAway final : public LinkModel {
 public:
  bool sends(Edge, Round) const override { return true; }
  bool needs_poses() const override { return true; }
  bool hears(Edge, Round, Point, Point) const override { return false; }
  Round quiet_rounds(Edge, Point, Point) const override { return 1'000'000; }
};

/// What a node says that is to go on from there; nothing if it does.
std::string refusal_of(const std::vector<std::byte>& checkpoint, Overdue on_overdue) {
  constexpr Round kRounds = 1000;
  testing::FoldingMachine machine(kComplete, process_id(1), kRounds);
  const testing::CoinLinks links(1.0);
  InProcessNetwork network;
  std::vector<std::unique_ptr<Transport>> transports;
  for (std::size_t i = 0; i < 4; ++i) transports.push_back(network.open(std::to_string(i)));
  for (const std::size_t i : {0, 2, 3}) transports[1]->connect(process_id(i), std::to_string(i));
  NodeConfig config = testing::node_config(1, 4, kRounds);
  config.on_overdue = on_overdue;
  try {
    Node(config, machine, links, *transports[1],
         {[](ProcessId, Round, std::span<const Sample>) {}, [](const std::string&) {}}, checkpoint);
  } catch (const InputError& error) {
    EXPECT_EQ(error.code(), ExitCode::run_folder);
    return error.what();
  }
  return "";
}

// Who went on without a peer shares no longer what ends of a link must know that both know.
TEST(Node, ComesBackOnlyToWhereItCanGoOn) {
  const testing::CoinLinks links(1.0);
  Cluster without_0(kComplete, links, 1000, {}, 0, [](NodeConfig& config) {
    config.on_overdue = Overdue::close;
    config.checkpoint_rounds = 100;
  });
  for (std::size_t k = 0; k < 400; ++k) without_0.step(k % 4);
  EXPECT_EQ(refusal_of(without_0.checkpoints.at(1), Overdue::wait), "");
  without_0.nodes[1]->on_connection({process_id(0), false}, without_0.now);
  for (std::size_t k = 0; k < 1200; ++k) {
    if (k == 20) without_0.now += seconds(31);
    without_0.step(1 + k % 3);
  }
  EXPECT_EQ(refusal_of(without_0.checkpoints.at(1), Overdue::close), "");
  EXPECT_NE(refusal_of(without_0.checkpoints.at(1), Overdue::wait).find("without agent 0"),
            std::string::npos);

  const FarAway far;
  Cluster far_away(kComplete, far, 1000, {}, 0,
                   [](NodeConfig& config) { config.checkpoint_rounds = 5; });
  for (std::size_t k = 0; k < 8; ++k) far_away.step(k % 4);
  EXPECT_NE(refusal_of(far_away.checkpoints.at(1), Overdue::wait).find("nobody knows yet"),
            std::string::npos);
}

}  // namespace
}  // namespace tacit
