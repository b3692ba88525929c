// What every link model must be. A new model joins by one line in `cases`.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "common/base/random.h"
#include "common/link/combined_links.h"
#include "common/link/random_links.h"
#include "common/link/schedule.h"
#include "common/proximity/contact_forecast.h"
#include "common/proximity/line_of_sight.h"

namespace tacit {
namespace {

struct Case {
  std::string name;
  std::function<std::unique_ptr<LinkModel>(std::uint64_t seed)> make;
  bool is_symmetric = true;
  std::optional<double> up_probability;  ///< nothing: planned, not random
  double correlation = 0;                ///< of neighbouring rounds of a link
};

void PrintTo(const Case& value, std::ostream* stream) { *stream << value.name; }

std::unique_ptr<LinkModel> bernoulli(std::uint64_t seed, double up_probability, bool one_way) {
  return std::make_unique<BernoulliLinks>(BernoulliLinks::Config{seed, up_probability, one_way});
}

std::unique_ptr<LinkModel> bursts(std::uint64_t seed, double fail, double recover, bool one_way) {
  return std::make_unique<GilbertElliottLinks>(
      GilbertElliottLinks::Config{seed, fail, recover, one_way});
}

std::unique_ptr<LinkModel> planned() {
  return std::make_unique<ScheduledLinks>(
      std::vector<Outage>{{process_id(1), process_id(2), {40, 60}}, {process_id(3), {}, {10, 90}}},
      std::vector<Partition>{{{{process_id(0), process_id(4)}}, {70, 80}}});
}

/// Two rooms with a door between them, and known points on both sides.
std::unique_ptr<LinkModel> line_of_sight() {
  return std::make_unique<LineOfSightLinks>(LineOfSightLinks::Config{
      {{{5, 0}, {5, 4}}, {{5, 5}, {5, 10}}}, 1.5, {{2, 2}, {8, 2}, {2, 9}, {8.25, 9}}});
}

/// The same rooms, and agents that go around in each.
std::unique_ptr<LinkModel> contact_forecast() {
  return std::make_unique<ContactForecast>(
      line_of_sight(), 7,
      Motion{{{2, 2}, {8, 2}, {2, 9}, {8.25, 9}}, {{0, 2}, {1, 3}, {2, 0}, {3, 1}}});
}

std::vector<Case> cases() {
  return {
      {"always_up", [](std::uint64_t) { return std::make_unique<AlwaysUp>(); }, true, 1.0},
      {"bernoulli", [](std::uint64_t seed) { return bernoulli(seed, 0.7, false); }, true, 0.7},
      {"bernoulli_one_way", [](std::uint64_t seed) { return bernoulli(seed, 0.5, true); }, false,
       0.5},
      {"gilbert_elliott", [](std::uint64_t seed) { return bursts(seed, 0.1, 0.3, false); }, true,
       0.75, 0.6},
      {"gilbert_elliott_alternating",
       [](std::uint64_t seed) { return bursts(seed, 0.9, 0.7, true); }, false, 0.4375, -0.6},
      {"schedule", [](std::uint64_t) { return planned(); }, true, {}},
      {"bernoulli_and_schedule",
       [](std::uint64_t seed) -> std::unique_ptr<LinkModel> {
         return std::make_unique<BothUp>(bernoulli(seed, 0.7, false), planned());
       },
       true,
       {}},
      {"coordinator_apart",
       [](std::uint64_t seed) -> std::unique_ptr<LinkModel> {
         return std::make_unique<CoordinatorApart>(process_id(5), bernoulli(seed, 0.6, false),
                                                   bernoulli(seed, 0.6, false));
       },
       true, 0.6},
      {"line_of_sight", [](std::uint64_t) { return line_of_sight(); }, true, 1.0},
      {"contact_forecast", [](std::uint64_t) { return contact_forecast(); }, true, 1.0},
      {"line_of_sight_and_bernoulli",
       [](std::uint64_t seed) -> std::unique_ptr<LinkModel> {
         return std::make_unique<BothUp>(line_of_sight(), bernoulli(seed, 0.7, false));
       },
       true, 0.7},
  };
}

class LinkConformance : public testing::TestWithParam<Case> {
 protected:
  static constexpr std::size_t kProcesses = 7;
  static constexpr std::uint64_t kSeeds = 20;

  struct Question {
    Edge edge;
    Round round;
  };
  static std::vector<Question> questions(Round round_count) {
    std::vector<Question> all;
    for (Round round = 0; round < round_count; ++round) {
      for (std::size_t from = 0; from < kProcesses; ++from) {
        for (std::size_t to = 0; to < kProcesses; ++to) {
          if (from != to) all.push_back({{process_id(from), process_id(to)}, round});
        }
      }
    }
    return all;
  }
};

// Both ends of a link are other processes: equal models must answer alike, however often and in
// whatever order they were asked before.
TEST_P(LinkConformance, IsAPureFunction) {
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed=" << seed);
    const auto here = GetParam().make(seed);
    const auto there = GetParam().make(seed);
    const std::vector<Question> all = questions(100);
    std::vector<bool> forward;
    for (const Question& ask : all) forward.push_back(here->sends(ask.edge, ask.round));
    for (std::size_t k = all.size(); k-- > 0;) {
      ASSERT_EQ(there->sends(all[k].edge, all[k].round), forward[k]) << "round " << all[k].round;
      ASSERT_EQ(here->sends(all[k].edge, all[k].round), forward[k]) << "round " << all[k].round;
    }
  }
}

TEST_P(LinkConformance, IsSymmetricUnlessOneWay) {
  int different = 0;
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    const auto links = GetParam().make(seed);
    for (const Question& ask : questions(100)) {
      const bool back = links->sends({ask.edge.to, ask.edge.from}, ask.round);
      different += links->sends(ask.edge, ask.round) != back;
    }
  }
  EXPECT_EQ(different == 0, GetParam().is_symmetric);
}

// What protocols know of each other's state rests on it: both ends hear, or neither.
TEST_P(LinkConformance, PosesAreHeardAlikeFromBothEnds) {
  constexpr Point kKnown[] = {{2, 2}, {8.25, 9}};
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed=" << seed);
    const auto here = GetParam().make(seed);
    const auto there = GetParam().make(seed);
    RandomStream random(seed, process_id(0), purpose("test.poses"), 0);
    const auto somewhere = [&] {
      const std::uint64_t one = random() % 4;
      return one < 2 ? kKnown[one] : Point{10 * to_unit(random()), 10 * to_unit(random())};
    };
    bool has_unheard = false;
    for (const Question& ask : questions(5)) {
      const Point from = somewhere();
      const Point to = somewhere();
      const bool is_heard = here->hears(ask.edge, ask.round, from, to);
      ASSERT_EQ(there->hears({ask.edge.to, ask.edge.from}, ask.round, to, from), is_heard)
          << "round " << ask.round;
      const Round quiet = here->quiet_rounds(ask.edge, from, to);
      ASSERT_EQ(there->quiet_rounds({ask.edge.to, ask.edge.from}, to, from), quiet)
          << "round " << ask.round;
      ASSERT_TRUE(quiet == 0 || !is_heard) << "round " << ask.round;
      has_unheard |= !is_heard;
    }
    EXPECT_EQ(has_unheard, here->needs_poses());
  }
}

/// How much farther a mean over correlated rounds may be off than one over independent ones.
double spread(const Case& model) {
  return std::sqrt((1 + std::abs(model.correlation)) / (1 - std::abs(model.correlation)));
}

// 5 standard deviations: about one false alarm in two million checks.
TEST_P(LinkConformance, HasItsFrequencyOnEveryLink) {
  if (!GetParam().up_probability) GTEST_SKIP() << "planned failures have no frequency";
  const double p = *GetParam().up_probability;
  const Round round_count = 20000;
  const double slack =
      5 * spread(GetParam()) * std::sqrt(static_cast<double>(round_count) * p * (1 - p));
  for (std::uint64_t seed = 0; seed < 3; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed=" << seed);
    const auto links = GetParam().make(seed);
    for (const Question& first : questions(1)) {
      int ups = 0;
      for (Round round = 0; round < round_count; ++round) ups += links->sends(first.edge, round);
      EXPECT_NEAR(ups, static_cast<double>(round_count) * p, slack)
          << to_string(first.edge.from) << " to " << to_string(first.edge.to);
    }
  }
}

// Neighbouring links and neighbouring seeds tell nothing about each other, neighbouring rounds what
// they should.
TEST_P(LinkConformance, DrawsAreIndependent) {
  if (!GetParam().up_probability || *GetParam().up_probability == 1) {
    GTEST_SKIP() << "nothing is random";
  }
  const double p = *GetParam().up_probability;
  const Round round_count = 100000;
  const Edge edge{process_id(0), process_id(1)};
  const Edge beside{process_id(0), process_id(2)};
  for (std::uint64_t seed = 0; seed < 3; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed=" << seed);
    const auto links = GetParam().make(seed);
    const auto other = GetParam().make(seed + 1);
    double next_round = 0;
    double next_link = 0;
    double next_seed = 0;
    for (Round round = 0; round < round_count; ++round) {
      const double here = links->sends(edge, round) - p;
      next_round += here * (links->sends(edge, round + 1) - p);
      next_link += here * (links->sends(beside, round) - p);
      next_seed += here * (other->sends(edge, round) - p);
    }
    const double rounds = static_cast<double>(round_count);
    const double slack = 5 * spread(GetParam()) * std::sqrt(rounds) * p * (1 - p);
    EXPECT_NEAR(next_round, rounds * p * (1 - p) * GetParam().correlation, slack);
    EXPECT_NEAR(next_link, 0, slack);
    EXPECT_NEAR(next_seed, 0, slack);
  }
}

INSTANTIATE_TEST_SUITE_P(Models, LinkConformance, testing::ValuesIn(cases()),
                         [](const auto& model) { return model.param.name; });

}  // namespace
}  // namespace tacit
