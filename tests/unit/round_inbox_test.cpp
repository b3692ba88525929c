#include "common/round/round_inbox.h"

#include <gtest/gtest.h>

#include "tests/support/folding_machine.h"
#include "tests/support/test_links.h"

namespace tacit {
namespace {

const Graph kTriangle(3, {{0, 1}, {1, 2}, {0, 2}});
constexpr ProcessId kA = process_id(0);
constexpr ProcessId kB = process_id(1);
constexpr ProcessId kC = process_id(2);

class RoundInboxTest : public ::testing::Test {
 protected:
  void start() {
    (void)inbox.take();
    inbox.advance();
  }
  testing::FoldingMachine machine{kTriangle, kA, 100};
  testing::CoinLinks links{1.0};
  RoundInbox inbox{kA, machine, links, 100};
};

TEST_F(RoundInboxTest, NeedsNothingForRoundZeroAndEverybodyAfterwards) {
  EXPECT_TRUE(inbox.complete());
  start();
  EXPECT_FALSE(inbox.complete());
  EXPECT_EQ(inbox.missing(), (std::vector{kB, kC}));
}

TEST_F(RoundInboxTest, OrdersBySenderWhateverTheArrival) {
  start();
  EXPECT_EQ(inbox.offer(kC, 0, {}), Admission::accepted);
  EXPECT_EQ(inbox.missing(), std::vector{kB});
  EXPECT_EQ(inbox.offer(kB, 0, {}), Admission::accepted);
  const RoundInput input = inbox.take();
  ASSERT_EQ(input.inbox.size(), 2u);
  EXPECT_EQ(input.inbox[0].from, kB);
  EXPECT_EQ(input.inbox[1].from, kC);
}

TEST_F(RoundInboxTest, KeepsEarlyFramesOfAnyOrderForTheirRound) {
  EXPECT_EQ(inbox.offer(kB, 2, {}), Admission::accepted);
  EXPECT_EQ(inbox.offer(kB, 0, {}), Admission::accepted);
  EXPECT_EQ(inbox.offer(kB, 1, {}), Admission::accepted);
  for (Round round = 0; round < 3; ++round) {
    EXPECT_EQ(inbox.offer(kC, round, {}), Admission::accepted);
  }
  start();
  for (Round round = 1; round <= 3; ++round) {
    ASSERT_TRUE(inbox.complete()) << round;
    EXPECT_EQ(inbox.take().inbox[0].sent, round - 1);
    inbox.advance();
  }
}

TEST_F(RoundInboxTest, RefusesWhatCannotBeConsumed) {
  EXPECT_EQ(inbox.offer(kB, 0, {}), Admission::accepted);
  EXPECT_EQ(inbox.offer(kB, 0, {}), Admission::duplicate);
  EXPECT_EQ(inbox.offer(process_id(7), 0, {}), Admission::not_in_arcs);
  EXPECT_EQ(inbox.offer(kA, 0, {}), Admission::not_in_arcs);
  EXPECT_EQ(inbox.offer(kB, 100, {}), Admission::beyond_end);
  inbox.offer(kC, 0, {});
  start();
  inbox.take();
  inbox.advance();
  EXPECT_EQ(inbox.offer(kB, 0, {}), Admission::duplicate) << "its round is consumed";
}

TEST_F(RoundInboxTest, IsBoundedByTheWindow) {
  for (std::size_t k = 0; k < kFrameWindow; ++k) {
    EXPECT_EQ(inbox.offer(kB, static_cast<Round>(k), {}), Admission::accepted);
  }
  EXPECT_EQ(inbox.offer(kB, static_cast<Round>(kFrameWindow), {}), Admission::window_full);
}

TEST_F(RoundInboxTest, OldFramesComeBeforeNewOnesWhereThereIsNoRoomForBoth) {
  EXPECT_EQ(inbox.offer(kB, 98, {}), Admission::accepted);
  EXPECT_EQ(inbox.offer(kB, 99, {}), Admission::accepted);
  for (std::size_t k = 0; k < kFrameWindow; ++k) {
    EXPECT_EQ(inbox.offer(kB, static_cast<Round>(k), {}), Admission::accepted) << k;
  }
  EXPECT_EQ(inbox.offer(kB, 98, {}), Admission::window_full);
}

TEST(RoundInbox, WaitsForNobodyWhoseLinkIsDown) {
  testing::FoldingMachine machine(kTriangle, kA, 10);
  testing::OneOutage links(kA, kB, 0, 5);
  RoundInbox inbox(kA, machine, links, 10);
  inbox.take();
  inbox.advance();
  EXPECT_EQ(inbox.missing(), std::vector{kC});
  EXPECT_EQ(inbox.offer(kB, 0, {}), Admission::link_down);
  EXPECT_EQ(inbox.offer(kB, 5, {}), Admission::accepted);
}

TEST(RoundInbox, LeavesOutWhomItDoesNotHear) {
  testing::FoldingMachine machine(kTriangle, kA, 10);
  testing::CoinLinks links(1.0, 1, 5.0);
  RoundInbox inbox(kA, machine, links, 10);
  inbox.take();
  inbox.advance();
  EXPECT_EQ(inbox.offer(kB, 0, {}), Admission::no_pose);
  EXPECT_EQ(inbox.offer(kB, 0, {}, Point{3, 4}), Admission::accepted);
  EXPECT_EQ(inbox.offer(kC, 0, {}, Point{3, 4.5}), Admission::accepted);
  const RoundInput input = inbox.take({0, 0});
  ASSERT_EQ(input.inbox.size(), 1u);
  EXPECT_EQ(input.inbox[0].from, kB);
  ASSERT_EQ(inbox.unheard().size(), 1u);
  EXPECT_EQ(inbox.unheard()[0], kC);
}

/// B stands at (1, 0), C at (2, 9) out of hearing: nothing goes between A and C for two rounds.
class QuietInbox : public ::testing::Test {
 protected:
  void play(Round round, Point c = {2, 9}) {
    inbox.take();
    inbox.advance();
    EXPECT_EQ(inbox.offer(kB, round, {}, Point{1, 0}), Admission::accepted);
    if (round >= inbox.quiet_until(kC)) {
      EXPECT_EQ(inbox.offer(kC, round, {}, c), Admission::accepted);
    }
  }
  testing::FoldingMachine machine{kTriangle, kA, 100};
  testing::CoinLinks links{1.0, 1, 5.0};
  RoundInbox inbox{kA, machine, links, 100};
};

TEST_F(QuietInbox, LeavesAloneWhomItCannotHearForAWhile) {
  play(0);
  EXPECT_EQ(inbox.quiet_until(kC), 0);
  play(1);
  EXPECT_EQ(inbox.quiet_until(kC), 3) << "the frames of rounds 1 and 2 are not exchanged";
  EXPECT_EQ(inbox.quiet_until(kB), 0);
  EXPECT_TRUE(inbox.complete());
  play(2);
  EXPECT_TRUE(inbox.complete());
  inbox.take();
  EXPECT_TRUE(inbox.unheard().empty());
  inbox.advance();
  EXPECT_EQ(inbox.missing(), (std::vector{kB, kC})) << "of round 3";
  EXPECT_EQ(inbox.offer(kC, 3, {}, Point{2, 9}), Admission::accepted);
  EXPECT_EQ(inbox.missed(), 0u);
}

TEST_F(QuietInbox, RefusesWhatComesAllTheSame) {
  play(0);
  EXPECT_EQ(inbox.offer(kC, 1, {}, Point{0, 0}), Admission::accepted) << "nothing is known yet";
  EXPECT_EQ(inbox.offer(kC, 2, {}, Point{0, 0}), Admission::accepted);
  EXPECT_EQ(inbox.offer(kC, 3, {}, Point{0, 0}), Admission::accepted);
  inbox.take();
  EXPECT_EQ(inbox.broke_quiet().size(), 1u);
  EXPECT_EQ(inbox.broke_quiet()[0], kC);
  inbox.advance();
  EXPECT_EQ(inbox.offer(kC, 1, {}, Point{0, 0}), Admission::link_quiet);
  EXPECT_EQ(inbox.offer(kC, 2, {}, Point{0, 0}), Admission::link_quiet);
  EXPECT_EQ(inbox.offer(kC, 3, {}, Point{0, 0}), Admission::duplicate) << "it was kept";
  inbox.offer(kB, 1, {}, Point{1, 0});
  const RoundInput input = inbox.take();
  EXPECT_TRUE(inbox.broke_quiet().empty());
  ASSERT_EQ(input.inbox.size(), 1u);
  EXPECT_EQ(input.inbox[0].from, kB);
}

TEST_F(QuietInbox, BeginsAgainAsQuietAsItWas) {
  play(0);
  play(1);
  RoundInbox again(kA, machine, links, 100);
  again.begin_at(inbox.round());
  again.set_quiet_until(kC, inbox.quiet_until(kC));
  EXPECT_EQ(again.missing(), std::vector{kB});
  EXPECT_EQ(again.offer(kC, 1, {}, Point{0, 0}), Admission::link_quiet);
}

// Who is not told where the other is cannot know that it is out of reach.
TEST_F(QuietInbox, LinksThatAreUsedOneWayAreNeverQuiet) {
  testing::FoldingMachine speaks_rarely(kTriangle, kC, 100, 2);
  RoundInbox one_way(kC, speaks_rarely, links, 100);
  one_way.take({0, 9});
  one_way.advance();
  EXPECT_EQ(one_way.offer(kA, 0, {}, Point{2, 0}), Admission::accepted);
  EXPECT_EQ(one_way.offer(kB, 0, {}, Point{0, 9}), Admission::accepted);
  one_way.take({0, 9});
  EXPECT_EQ(one_way.quiet_until(kA), 3);
  one_way.advance();
  for (Round round = 2; round <= 3; ++round) {
    if (round == 3) one_way.offer(kB, 2, {}, Point{0, 9});
    one_way.take({0, 9});
    one_way.advance();
  }
  EXPECT_EQ(one_way.offer(kA, 3, {}, Point{2, 0}), Admission::accepted);
  one_way.take({0, 9});
  EXPECT_EQ(one_way.unheard().size(), 1u);
  EXPECT_EQ(one_way.quiet_until(kA), 3) << "it said nothing in round 3";
}

// Where nothing is waited for, the newest frame may be an old one, of somebody out of hearing.
TEST(RoundInbox, HearsNothingOfOldFramesFromAfar) {
  testing::FoldingMachine machine(kTriangle, kA, 100);
  testing::CoinLinks links(1.0, 1, 5.0);
  RoundInbox inbox(kA, machine, links, 100, 2);
  inbox.take();
  inbox.advance();
  EXPECT_EQ(inbox.offer(kB, 0, {}, Point{0, 9}), Admission::accepted);
  for (Round round = 1; round <= 3; ++round) {
    EXPECT_TRUE(inbox.take().inbox.empty()) << round;
    EXPECT_EQ(inbox.unheard().size(), 1u) << round;
    inbox.advance();
  }
  EXPECT_TRUE(inbox.take().inbox.empty());
  EXPECT_TRUE(inbox.unheard().empty());
}

TEST_F(QuietInbox, EndsThatMissFramesMustNotBeQuiet) {
  inbox.let_skip(kC);
  play(0);
  EXPECT_DEATH(inbox.take(), "only ends that miss no frame");
}

TEST(RoundInbox, TakesTheNewestFrameThatIsNotTooOld) {
  testing::FoldingMachine machine(kTriangle, kA, 100);
  testing::CoinLinks links(1.0);
  RoundInbox inbox(kA, machine, links, 100, 2);
  const auto heard_in_next_round = [&] {
    EXPECT_TRUE(inbox.complete());
    std::vector<Round> sent;
    for (const Received& received : inbox.take().inbox) sent.push_back(received.sent);
    inbox.advance();
    return sent;
  };
  using Rounds = std::vector<Round>;
  EXPECT_EQ(heard_in_next_round(), Rounds{});  // of round 0
  inbox.offer(kB, 0, {});
  inbox.offer(kB, 1, {});
  EXPECT_EQ(heard_in_next_round(), Rounds{0}) << "round 1 is still to come";
  EXPECT_EQ(heard_in_next_round(), Rounds{1});
  EXPECT_EQ(heard_in_next_round(), Rounds{1});
  EXPECT_EQ(heard_in_next_round(), Rounds{1}) << "two rounds older than the last";
  EXPECT_EQ(heard_in_next_round(), Rounds{});
  EXPECT_EQ(inbox.offer(kC, 2, {}), Admission::too_late);
  EXPECT_EQ(inbox.offer(kC, 3, {}), Admission::accepted);
  EXPECT_EQ(heard_in_next_round(), Rounds{3});
  EXPECT_EQ(inbox.missed(), 10u);
}

TEST_F(RoundInboxTest, GoesOnWithoutWhoWasGivenUpUntilItIsBack) {
  start();
  inbox.offer(kC, 0, {});
  inbox.give_up(kB);
  EXPECT_TRUE(inbox.complete());
  EXPECT_EQ(inbox.take().inbox.size(), 1u);
  inbox.advance();
  inbox.offer(kC, 1, {});
  EXPECT_TRUE(inbox.complete());
  EXPECT_EQ(inbox.offer(kB, 0, {}), Admission::too_late);
  EXPECT_TRUE(inbox.is_given_up(kB));

  EXPECT_EQ(inbox.offer(kB, 2, {}), Admission::accepted);
  EXPECT_FALSE(inbox.is_given_up(kB));
  EXPECT_TRUE(inbox.complete()) << "its frame of round 1 will not come";
  EXPECT_EQ(inbox.take().inbox.size(), 1u);
  inbox.advance();
  inbox.offer(kC, 2, {});
  EXPECT_EQ(inbox.take().inbox.size(), 2u);
  inbox.advance();
  inbox.offer(kC, 3, {});
  EXPECT_EQ(inbox.missing(), std::vector{kB}) << "who is back is waited for";
}

}  // namespace
}  // namespace tacit
