#include "agent/systems/patrol/delta_link.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "common/base/error.h"
#include "common/base/random.h"
#include "tests/support/gossip_team.h"

namespace tacit {
namespace {

using testing::GossipTeam;
using ::testing::Message;

constexpr std::array kCodes{GossipCode::list, GossipCode::run_lengths, GossipCode::arithmetic};
constexpr GossipShape kShape{10, 6};
using Pairs = std::vector<GossipTeam::Pair>;
using Seen = std::vector<std::uint8_t>;

std::vector<std::byte> saved(const DeltaLink& link) {
  CheckpointWriter writer;
  link.save(writer);
  return {writer.bytes().begin(), writer.bytes().end()};
}

RewardBits mask_at(std::size_t column, unsigned mask) {
  RewardBits bits;
  bits.observe(column, static_cast<std::uint8_t>(mask));
  return bits;
}

TEST(RewardBits, HoldsTheBitsOfColumns) {
  RewardBits bits = mask_at(0, 5) | mask_at(127, 130);
  EXPECT_EQ(bits.mask(0), 5);
  EXPECT_EQ(bits.mask(127), 130);
  EXPECT_EQ(bits.mask(64), 0);
  EXPECT_EQ(bits.count(0), 1);
  EXPECT_EQ(bits.size(), 4u);
  EXPECT_EQ(bits - mask_at(0, 4), mask_at(0, 1) | mask_at(127, 130));
  EXPECT_TRUE((bits - bits).empty());
}

// Goal: by hand, three robots in a row. What is seen in column t is told in column t + 1 and goes
// one hop further per column; what both know is not told again.
TEST(DeltaLink, TellsWhatIsNewOneHopPerColumn) {
  for (const GossipCode code : kCodes) {
    SCOPED_TRACE(Message() << "code=" << static_cast<int>(code));
    GossipTeam team(3, kShape, code);
    const Pairs row{{0, 1}, {1, 2}};
    EXPECT_TRUE(team.step(0, row, Seen{1, 0, 4}).empty());
    const auto first = team.step(1, row, Seen{0, 2, 0});
    EXPECT_EQ(first[0].delta, mask_at(0, 1));  // 0 -> 1
    EXPECT_EQ(first[1].delta, RewardBits{});   // 1 -> 0
    EXPECT_EQ(first[3].delta, mask_at(0, 4));  // 2 -> 1
    EXPECT_EQ(team.known(1), mask_at(0, 5) | mask_at(1, 2));
    EXPECT_EQ(team.known(0), mask_at(0, 1));
    const auto second = team.step(2, row, Seen{0, 0, 0});
    EXPECT_EQ(second[0].delta, RewardBits{});
    EXPECT_EQ(second[1].delta, mask_at(0, 4) | mask_at(1, 2));
    EXPECT_EQ(second[2].delta, mask_at(0, 1) | mask_at(1, 2));
    EXPECT_EQ(team.known(0), mask_at(0, 5) | mask_at(1, 2));
    for (const auto& message : team.step(3, row, Seen{0, 0, 0})) {
      EXPECT_TRUE(message.delta.empty());
    }
  }
}

// Goal: a draft that was not heard leaves no trace, so the next one tells the same and more.
TEST(DeltaLink, ForgetsADraftThatWasNotHeard) {
  for (const GossipCode code : kCodes) {
    SCOPED_TRACE(Message() << "code=" << static_cast<int>(code));
    DeltaLink link(kShape, code, false);
    const std::vector<std::byte> before = saved(link);
    const RewardBits known = mask_at(0, 3);
    EXPECT_EQ(link.encode(known, 1).new_bits, 2u);
    EXPECT_EQ(link.encode(known | mask_at(1, 8), 2).new_bits, 3u);
    EXPECT_EQ(saved(link), before);
  }
}

TEST(DeltaLink, ARolloutStartsWithoutCommonKnowledge) {
  GossipTeam team(2, kShape, GossipCode::list);
  const Pairs pair{{0, 1}};
  for (std::size_t column = 0; column < 3; ++column) team.step(column, pair, Seen{1, 2});
  team.begin_rollout();
  team.step(0, pair, Seen{4, 8});
  const auto messages = team.step(1, pair, Seen{4, 8});
  EXPECT_EQ(messages[0].delta, mask_at(0, 4));
  EXPECT_EQ(messages[1].delta, mask_at(0, 8));
}

// Goal: the lossy list sends all it knows each time, may be read in any order, and needs no answer.
TEST(DeltaLink, LossyListBearsOneSidedLoss) {
  DeltaLink from(kShape, GossipCode::list, true), to(kShape, GossipCode::list, true);
  RewardBits known = mask_at(0, 3), heard;
  const auto bytes_of = [&](std::size_t column) {
    const DeltaLink::Encoded said = from.encode(known, column);
    return std::vector(said.bytes.begin(), said.bytes.end());
  };
  const std::vector<std::byte> first = bytes_of(1);
  known |= mask_at(1, 4);
  const std::vector<std::byte> second = bytes_of(2);
  EXPECT_EQ(from.encode(known, 3).new_bits, 3u);
  to.encode({}, 3);
  to.commit({process_id(0), 2, second}, heard);
  EXPECT_EQ(heard, known);
  to.encode(heard, 4);
  to.commit({process_id(0), 1, first}, heard);
  EXPECT_EQ(heard, known);
}

// Goal: whatever is refused leaves link and knowledge as they were, and the true message is read
// after it.
TEST(DeltaLink, RefusalChangesNothing) {
  for (const GossipCode code : kCodes) {
    SCOPED_TRACE(Message() << "code=" << static_cast<int>(code));
    GossipTeam team(2, kShape, code);
    const Pairs pair{{0, 1}};
    for (std::size_t column = 0; column < 3; ++column) team.step(column, pair, Seen{1, 34});
    DeltaLink& link = team.link(0, 1);
    link.encode(team.known(0), 5);
    const DeltaLink::Encoded said = team.link(1, 0).encode(team.known(1), 5);
    std::vector<std::byte> message(said.bytes.begin(), said.bytes.end());
    message.push_back(std::byte{0});
    const std::vector<std::byte> before = saved(link);
    RewardBits merged = team.known(0);
    try {
      link.commit({process_id(1), 5, message}, merged);
      ADD_FAILURE() << "a byte too many is accepted";
    } catch (const InputError& error) {
      EXPECT_EQ(error.code(), ExitCode::peer_lost);
      EXPECT_TRUE(std::string(error.what()).starts_with("process 1, frame of round 5: "));
    }
    EXPECT_EQ(saved(link), before);
    EXPECT_EQ(merged, team.known(0));
    message.pop_back();
    link.commit({process_id(1), 5, message}, merged);
    EXPECT_NE(saved(link), before);
    EXPECT_EQ(merged, team.known(0) | team.known(1));
  }
}

// Goal: a link restored at any column goes on with the same bytes.
TEST(DeltaLink, ContinuesFromACheckpointWithTheSameBytes) {
  for (const GossipCode code : kCodes) {
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
      SCOPED_TRACE(Message() << "code=" << static_cast<int>(code) << " seed=" << seed);
      RandomStream random(seed, process_id(0), purpose("test.checkpoint"), 0);
      GossipTeam whole(2, kShape, code), stopped(2, kShape, code);
      for (std::size_t column = 0; column < 10; ++column) {
        const Pairs pairs = random() % 2 == 0 ? Pairs{{0, 1}} : Pairs{};
        const Seen seen{static_cast<std::uint8_t>(random() % 64), 9};
        for (const auto& [from, to] : {GossipTeam::Pair{0, 1}, GossipTeam::Pair{1, 0}}) {
          DeltaLink restored(kShape, code, false);
          const std::vector<std::byte> bytes = saved(stopped.link(from, to));
          CheckpointReader reader(bytes);
          restored.restore(reader);
          EXPECT_TRUE(reader.at_end());
          stopped.link(from, to) = restored;
        }
        const auto a = whole.step(column, pairs, seen), b = stopped.step(column, pairs, seen);
        for (std::size_t k = 0; k < a.size(); ++k) EXPECT_EQ(a[k].bytes, b[k].bytes);
      }
    }
  }
}

}  // namespace
}  // namespace tacit
