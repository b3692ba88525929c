#include <gtest/gtest.h>

#include <array>
#include <map>
#include <vector>

#include "common/base/error.h"
#include "common/base/random.h"
#include "tests/support/gossip_team.h"
#include "tests/support/ideal_length.h"

namespace tacit {
namespace {

using testing::GossipTeam;

constexpr std::array kCodes{GossipCode::list, GossipCode::run_lengths, GossipCode::arithmetic};

// Robots that stay in zones and leave them again, over pairs that come and go.
struct Story {
  std::size_t robots;
  GossipShape shape;
  std::size_t rollouts;
  std::vector<std::vector<GossipTeam::Pair>> pairs;  // [step]
  std::vector<std::vector<std::uint8_t>> seen;       // [step][robot]
};

Story random_story(std::uint64_t seed, std::size_t rollouts) {
  RandomStream random(seed, process_id(0), purpose("test.story"), 0);
  Story story{2 + random() % 5, {2 + random() % 99, 1 + random() % 8}, rollouts, {}, {}};
  const double meets = 0.02 + 0.9 * to_unit(random()) * to_unit(random());
  const double moves = 0.02 + 0.3 * to_unit(random());
  std::vector<std::uint8_t> place(story.robots, 0);
  for (std::size_t step = 0; step < rollouts * story.shape.columns; ++step) {
    story.pairs.emplace_back();
    for (std::size_t a = 0; a < story.robots; ++a) {
      for (std::size_t b = a + 1; b < story.robots; ++b) {
        if (to_unit(random()) < meets) story.pairs.back().push_back({a, b});
      }
      if (to_unit(random()) >= moves) continue;
      const std::size_t zone = random() % (story.shape.zones + 1);  // or in none
      place[a] = zone == story.shape.zones ? 0 : static_cast<std::uint8_t>(1u << zone);
    }
    story.seen.push_back(place);
  }
  return story;
}

template <typename Check>
void play(const Story& story, GossipCode code, bool lossy, Check check) {
  GossipTeam team(story.robots, story.shape, code, lossy);
  for (std::size_t step = 0; step < story.seen.size(); ++step) {
    const std::size_t column = step % story.shape.columns;
    if (column == 0) team.begin_rollout();
    check(team, step, team.step(column, story.pairs[step], story.seen[step]));
  }
}

// Goal: telling what is new leaves every robot with exactly what it would know if all told all
// they know, at every step, for every code; and nobody believes what did not happen.
TEST(GossipProperty, DeltasEqualWholeBuffers) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    const Story story = random_story(seed, 3);
    for (const bool lossy : {false, true}) {
      for (const GossipCode code : kCodes) {
        if (lossy && code != GossipCode::list) continue;
        SCOPED_TRACE(::testing::Message() << "seed=" << seed << " code=" << static_cast<int>(code));
        std::vector<RewardBits> known(story.robots);
        RewardBits truth;
        play(story, code, lossy, [&](GossipTeam& team, std::size_t step, const auto&) {
          const std::size_t column = step % story.shape.columns;
          if (column == 0) {
            known.assign(story.robots, {});
            truth = {};
          }
          const std::vector<RewardBits> old = known;
          for (const auto& [a, b] : story.pairs[step]) {
            known[a] |= old[b];
            known[b] |= old[a];
          }
          for (std::size_t n = 0; n < story.robots; ++n) {
            known[n].observe(column, story.seen[step][n]);
            truth.observe(column, story.seen[step][n]);
            ASSERT_EQ(team.known(n), known[n]) << "robot " << n << ", step " << step;
          }
          for (const RewardBits& each : known) ASSERT_TRUE((each - truth).empty());
        });
      }
    }
  }
}

// Goal: each message of the range coder is as long as its model says, but for less than a byte; and
// all of them together less than 1.4 times that and 0.30 times the list.
TEST(GossipProperty, ArithmeticIsCloseToItsModel) {
  std::map<GossipCode, std::size_t> bytes;
  double ideal_bits = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE(::testing::Message() << "seed=" << seed);
    const Story story = random_story(seed, 20);
    std::vector<std::vector<DeltaModel>> models(story.robots,
                                                std::vector<DeltaModel>(story.robots));
    std::vector<std::vector<Meeting>> met(story.robots, std::vector<Meeting>(story.robots));
    play(story, GossipCode::arithmetic, false, [&](auto&, std::size_t step, const auto& messages) {
      const std::size_t column = step % story.shape.columns;
      for (auto& row : met) {
        if (column == 0) row.assign(story.robots, {story.shape, {}, 0, 0});
      }
      for (const GossipTeam::Message& message : messages) {
        Meeting& meeting = met[message.from][message.to];
        meeting.column = column;
        testing::IdealLength ideal;
        DeltaWalk(meeting, models[message.from][message.to], ideal).code(message.delta);
        ASSERT_LE(static_cast<double>(message.bits), ideal.bits + 8);
        ideal_bits += ideal.bits;
        bytes[GossipCode::arithmetic] += message.bytes.size();
      }
      for (const GossipTeam::Message& message : messages) {
        for (Meeting* meeting : {&met[message.from][message.to], &met[message.to][message.from]}) {
          meeting->known |= message.delta;
          meeting->last = column;
        }
      }
    });
    for (const GossipCode code : {GossipCode::list, GossipCode::run_lengths}) {
      play(story, code, false, [&](auto&, std::size_t, const auto& messages) {
        for (const GossipTeam::Message& message : messages) bytes[code] += message.bytes.size();
      });
    }
  }
  const auto real = static_cast<double>(bytes[GossipCode::arithmetic]);
  EXPECT_LE(real, 1.4 * ideal_bits / 8) << bytes[GossipCode::list];
  EXPECT_LE(real, 0.30 * static_cast<double>(bytes[GossipCode::list]));
  RecordProperty("ratio_to_ideal", std::to_string(8 * real / ideal_bits));
}

// Goal: bytes from anywhere are refused with link and knowledge unchanged, or tell only rewards of
// the past that were not common knowledge.
TEST(GossipProperty, DamagedMessagesAreRefusedOrPlausible) {
  for (const GossipCode code : kCodes) {
    std::size_t refused = 0, accepted = 0;
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
      SCOPED_TRACE(::testing::Message() << "seed=" << seed << " code=" << static_cast<int>(code));
      const Story story = random_story(seed, 1);
      RandomStream random(seed, process_id(1), purpose("test.damage"), 0);
      play(story, code, false, [&](GossipTeam& team, std::size_t step, const auto& messages) {
        if (messages.empty() || step + 1 >= story.shape.columns) return;
        DeltaLink link = team.link(0, 1);
        link.encode(team.known(0), step + 1);
        std::vector<std::byte> bytes = messages[random() % messages.size()].bytes;
        if (bytes.empty()) bytes.resize(random() % 4);
        for (std::byte& byte : bytes) {
          if (random() % 4 == 0) byte = static_cast<std::byte>(random());
        }
        CheckpointWriter before, after;
        link.save(before);
        RewardBits told;
        try {
          link.commit({process_id(1), 0, bytes}, told);
          ++accepted;
          ASSERT_EQ(told.any() >> (step + 1), 0u);
          for (std::size_t m = story.shape.zones; m < 8; ++m) ASSERT_EQ(told.count(m), 0);
        } catch (const InputError&) {
          ++refused;
          link.save(after);
          ASSERT_TRUE(std::ranges::equal(before.bytes(), after.bytes()));
          ASSERT_TRUE(told.empty());
        }
      });
    }
    EXPECT_GT(refused, 500u);
    EXPECT_GT(accepted, 50u);
  }
}

}  // namespace
}  // namespace tacit
