#include <gtest/gtest.h>

#include <algorithm>

#include "common/base/random.h"
#include "common/link/schedule.h"

namespace tacit {
namespace {

constexpr std::size_t kProcesses = 8;
constexpr Round kRounds = 40;

struct Plan {
  std::vector<Outage> outages;
  std::vector<Partition> partitions;
};

Plan random_plan(std::uint64_t seed) {
  RandomStream stream(seed, process_id(0), purpose("test.plan"), 0);
  const auto below = [&](std::uint64_t n) {
    std::uint64_t word = stream();
    return split_off(word, n);
  };
  const auto interval = [&] {
    const auto from = static_cast<Round>(below(kRounds));
    return RoundInterval{from, from + 1 + static_cast<Round>(below(kRounds))};
  };
  Plan plan;
  for (std::uint64_t k = below(5); k > 0; --k) {
    const std::size_t a = below(kProcesses);
    std::optional<ProcessId> peer;
    if (below(2) == 0) peer = process_id((a + 1 + below(kProcesses - 1)) % kProcesses);
    plan.outages.push_back({process_id(a), peer, interval()});
  }
  for (std::uint64_t k = below(3); k > 0; --k) {
    Partition& partition = plan.partitions.emplace_back();
    partition.rounds = interval();
    partition.groups.resize(1 + below(3));
    for (std::size_t agent = 0; agent < kProcesses; ++agent) {
      const std::size_t group = below(partition.groups.size() + 1);
      if (group < partition.groups.size()) partition.groups[group].push_back(process_id(agent));
    }
  }
  return plan;
}

/// The definition, word by word: which frames a plan lets through.
bool expected(const Plan& plan, Edge edge, Round round) {
  const auto during = [&](const RoundInterval& rounds) {
    return rounds.from <= round && round < rounds.to;
  };
  for (const Outage& outage : plan.outages) {
    const bool touches = edge.from == outage.process || edge.to == outage.process;
    const ProcessId far = edge.from == outage.process ? edge.to : edge.from;
    if (during(outage.rounds) && touches && (!outage.peer || far == *outage.peer)) return false;
  }
  for (const Partition& partition : plan.partitions) {
    if (!during(partition.rounds)) continue;
    for (const auto& group : partition.groups) {
      const bool has_from = std::find(group.begin(), group.end(), edge.from) != group.end();
      const bool has_to = std::find(group.begin(), group.end(), edge.to) != group.end();
      if (has_from != has_to) return false;
    }
  }
  return true;
}

TEST(ScheduleProperty, FollowsItsDefinitionForAnyPlan) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed=" << seed);
    const Plan plan = random_plan(seed);
    const ScheduledLinks links(plan.outages, plan.partitions);
    for (Round round = 0; round < 2 * kRounds + 1; ++round) {
      for (std::size_t from = 0; from < kProcesses; ++from) {
        for (std::size_t to = 0; to < kProcesses; ++to) {
          const Edge edge{process_id(from), process_id(to)};
          if (from == to) continue;
          ASSERT_EQ(links.sends(edge, round), expected(plan, edge, round))
              << from << " to " << to << " in round " << round;
        }
      }
    }
  }
}

}  // namespace
}  // namespace tacit
