#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "agent/systems/patrol/team_simulation.h"
#include "common/link/random_links.h"
#include "common/proximity/line_of_sight.h"

namespace tacit::patrol {
namespace {

constexpr std::size_t kRobots = 5;
constexpr std::size_t kZones = 6;

/// Five robots that no one trained, and what they patrol.
struct Team {
  explicit Team(std::uint64_t seed) {
    for (std::size_t n = 0; n < kRobots; ++n) {
      RandomStream stream(seed, process_id(n), purpose("test.team"), 0);
      policies.push_back(
          PatrolPolicy::initial({lattice.tile_count(), lattice.zone_count()}, stream));
      policies.back().parameters() *= 3;  // else nobody decides for anything
    }
  }

  FloorPlan plan = read_floor_plan(default_floor_plan(), "default");
  Lattice lattice{plan, 1, "default"};
  std::vector<PatrolPolicy> policies;
  DualConfig dual{0.01, 0.5, 0, {0.1, 0.2, 0.3, 0.4, 0.5, 0.6}, 50};
};

Graph complete() {
  return {kRobots,
          {{0, 1}, {0, 2}, {0, 3}, {0, 4}, {1, 2}, {1, 3}, {1, 4}, {2, 3}, {2, 4}, {3, 4}}};
}
Graph path() { return {kRobots, {{0, 1}, {1, 2}, {2, 3}, {3, 4}}}; }

LineOfSightLinks in_sight(const Team& team) {
  return LineOfSightLinks(
      {team.plan.walls, 5, {team.lattice.points().begin(), team.lattice.points().end()}});
}

// Goal: no robot ever believes what is not so, hence its multipliers are never below the
// reference.
TEST(TeamSimulation, KnowsOnlyWhatIsSo) {
  const Graph graph = complete();
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    SCOPED_TRACE(::testing::Message() << "seed=" << seed);
    const Team team(seed);
    const LineOfSightLinks links = in_sight(team);
    TeamSimulation simulation({team.lattice, team.policies, team.dual, graph, links, seed});
    bool missed = false;
    for (std::size_t t = 0; t < 1000; ++t) {
      simulation.step();
      const auto attended = simulation.attended();
      for (std::size_t n = 0; n < kRobots; ++n) {
        for (std::size_t tau = 0; tau <= t % 50; ++tau) {
          const ZoneMask known = simulation.known(n)[tau];
          ASSERT_EQ(known & ~attended[tau], 0) << "robot " << n << " at " << t;
          missed = missed || known != attended[tau];
        }
        for (std::size_t tau = t % 50 + 1; tau < 50; ++tau) {
          ASSERT_EQ(simulation.known(n)[tau], 0) << "of the rollout before";
        }
        for (std::size_t m = 0; m < kZones; ++m) {
          ASSERT_GE(simulation.lambda(n)[m], simulation.reference()[m] - 1e-12);
        }
      }
    }
    EXPECT_TRUE(missed) << "then nothing was tested";
  }
}

/// [N] what robots attend themselves, by column of the rollout so far.
using Direct = std::vector<std::vector<ZoneMask>>;

// Goal: on a graph whose links always work, what was attended d hops away is known d steps later,
// and not before.
TEST(TeamSimulation, NewsGoesOneHopPerStep) {
  const AlwaysUp links;
  const Team team(1);
  for (const bool is_path : {true, false}) {
    const Graph graph = is_path ? path() : complete();
    TeamSimulation simulation({team.lattice, team.policies, team.dual, graph, links, 1});
    Direct direct(kRobots, std::vector<ZoneMask>(50));
    for (int t = 0; t < 200; ++t) {
      for (std::size_t n = 0; n < kRobots; ++n) {
        direct[n][t % 50] = team.lattice.zones(simulation.place(n));
      }
      simulation.step();
      for (int n = 0; n < static_cast<int>(kRobots); ++n) {
        for (int tau = 0; tau <= t % 50; ++tau) {
          unsigned expected = 0;
          for (int source = 0; source < static_cast<int>(kRobots); ++source) {
            const int hops = is_path ? std::abs(source - n) : (source == n ? 0 : 1);
            if (hops <= t % 50 - tau) expected |= direct[source][tau];
          }
          ASSERT_EQ(simulation.known(n)[tau], expected) << n << " at " << t << " of " << tau;
        }
      }
    }
  }
}

// Goal: the theorem of any sample path, from summing the update of the reference multipliers:
// visited_m >= c_m + s - alpha/eta mean_k lambda_{k,m} - lambda_{K,m} / (eta K).
TEST(TeamSimulation, ReferenceMultipliersBoundWhatIsVisited) {
  const Graph graph = complete();
  const BernoulliLinks links({3, 0.05, false});
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    SCOPED_TRACE(::testing::Message() << "seed=" << seed);
    Team team(seed);
    team.dual.tightening = seed % 2 == 0 ? 0 : 0.1;
    if (seed > 2) std::ranges::reverse(team.dual.required);
    TeamSimulation simulation({team.lattice, team.policies, team.dual, graph, links, seed});
    std::vector<double> sums(kZones);
    constexpr std::size_t kRollouts = 40;
    for (std::size_t k = 0; k < kRollouts; ++k) {
      for (std::size_t m = 0; m < kZones; ++m) sums[m] += simulation.reference()[m];
      simulation.run(50);
    }
    const std::vector<double> visited = simulation.visit_fraction();
    double margin = 1;
    for (std::size_t m = 0; m < kZones; ++m) {
      const double bound = team.dual.required[m] + team.dual.tightening -
                           0.01 / 0.5 * sums[m] / kRollouts -
                           simulation.reference()[m] / (0.5 * kRollouts);
      EXPECT_GE(visited[m], bound - 1e-12) << m;
      margin = std::min(margin, visited[m] - team.dual.required[m]);
    }
    EXPECT_DOUBLE_EQ(simulation.margin(), margin);
  }
}

// Goal: with perfect communication every robot acts as one that knows all would; with fixed weights
// what is heard does not matter.
TEST(TeamSimulation, LinksMatterOnlyThroughTheMultipliers) {
  const Team team(2);
  const AlwaysUp links;
  const Graph none(kRobots, {}), all = complete();
  const auto places = [&](TeamSetting setting) {
    TeamSimulation simulation(setting);
    std::vector<Place> seen;
    for (int t = 0; t < 500; ++t) {
      simulation.step();
      for (std::size_t n = 0; n < kRobots; ++n) seen.push_back(simulation.place(n));
    }
    return seen;
  };
  const auto with = [&](const Graph& graph) {
    return TeamSetting{team.lattice, team.policies, team.dual, graph, links, 7};
  };
  EXPECT_NE(places(with(none)), places(with(all)));
  TeamSetting deaf = with(none), hearing = with(all);
  deaf.perfect_communication = hearing.perfect_communication = true;
  EXPECT_EQ(places(deaf), places(hearing));
  EXPECT_NE(places(deaf), places(with(none)));
  deaf.perfect_communication = hearing.perfect_communication = false;
  deaf.fixed_weights = hearing.fixed_weights = std::vector<double>(kZones, 1.0);
  EXPECT_EQ(places(deaf), places(hearing));
}

}  // namespace
}  // namespace tacit::patrol
