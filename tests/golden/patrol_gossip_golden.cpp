// Checks golden values of gossip, told by every code: what robots know and say at every step, and
// whole patrols in which what they know decides where they go.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <numeric>
#include <string>
#include <vector>

#include "agent/systems/patrol/multipliers.h"
#include "common/proximity/lattice.h"
#include "common/proximity/line_of_sight.h"
#include "tests/golden/golden_case.h"
#include "tests/golden/patrol_cases.h"
#include "tests/support/gossip_team.h"

namespace tacit {
namespace {

using nlohmann::json;
using namespace tacit::patrol;
using testing::GossipTeam;

constexpr std::array kCodes{GossipCode::list, GossipCode::run_lengths, GossipCode::arithmetic};

std::vector<double> updated(const DualConfig& dual, const RewardBits& known,
                            std::vector<double> lambda) {
  std::vector<int> attended;
  for (std::size_t m = 0; m < lambda.size(); ++m) attended.push_back(known.count(m));
  update_multipliers(dual, attended, lambda);
  return lambda;
}

void expect_near(const std::vector<double>& found, const json& golden, double tolerance) {
  ASSERT_EQ(found.size(), golden.size());
  for (std::size_t m = 0; m < found.size(); ++m) {
    EXPECT_NEAR(found[m], golden[m].get<double>(), tolerance) << "zone " << m + 1;
  }
}

// [from, to, [[column, zone] ...]], ascending.
json as_json(const GossipTeam::Message& message) {
  json bits = json::array();
  for (std::size_t column = 0; column < kColumnsMost; ++column) {
    for (std::size_t zone = 0; zone < RewardBits::kZonesMost; ++zone) {
      if (message.delta.mask(column) >> zone & 1) bits.push_back({column, zone});
    }
  }
  return {message.from, message.to, bits};
}

json as_json(const RewardBits& known, std::size_t columns) {
  json masks = json::array();
  for (std::size_t column = 0; column < columns; ++column) masks.push_back(known.mask(column));
  return masks;
}

/// What messages of one code come to.
struct Tally {
  std::size_t messages = 0, rewards = 0, empty = 0, bits = 0, bytes = 0;
  std::size_t short_bytes = 0;  ///< of a list with 7 bits for how many, instead of 10

  void add(const GossipTeam::Message& message) {
    const std::size_t size = message.delta.size();
    ++messages;
    rewards += size;
    empty += size == 0;
    bits += message.bits;
    bytes += message.bytes.size();
    if (size > 0) short_bytes += (7 + 10 * size + 7) / 8;
  }
};

/// Robots that know where to go from their own multipliers: in rollout k, robot n goes to the zone
/// of rank (n + k) mod M of its own, the largest first.
class RankedPatrol {
 public:
  std::vector<std::vector<double>> lambda;  ///< [robot, and the reference last][zone]
  std::vector<int> attended;                ///< [zone] steps
  std::map<GossipTeam::Pair, int> met;      ///< steps in which a pair was linked
  Tally tally;

  RankedPatrol(const json& starts, double range_m, const DualConfig& dual, GossipCode code)
      : plan_(read_floor_plan(default_floor_plan(), "default")),
        lattice_(plan_, 1, "default"),
        links_({plan_.walls, range_m, {lattice_.points().begin(), lattice_.points().end()}}),
        dual_(dual),
        team_(starts.size(), {dual.rollout_steps, lattice_.zone_count()}, code) {
    lambda.assign(team_.size() + 1, std::vector<double>(lattice_.zone_count(), 0));
    attended.assign(lattice_.zone_count(), 0);
    for (const json& zone : starts) {
      places_.push_back(lattice_.centre(zone.get<std::size_t>() - 1));
    }
  }

  /// @return [robot] goals, from 1
  std::vector<std::size_t> rollout(std::size_t k) {
    std::vector<std::size_t> goals;
    for (std::size_t n = 0; n < team_.size(); ++n) goals.push_back(ranked(n, n + k) + 1);
    team_.begin_rollout();
    RewardBits truth;
    for (std::size_t column = 0; column < dual_.rollout_steps; ++column) {
      step(column, truth);
      for (std::size_t n = 0; n < team_.size(); ++n) {
        places_[n] = lattice_.next(places_[n], goals[n] - 1);
      }
    }
    for (std::size_t n = 0; n < team_.size(); ++n) {
      lambda[n] = updated(dual_, team_.known(n), lambda[n]);
    }
    lambda.back() = updated(dual_, truth, lambda.back());
    for (std::size_t m = 0; m < attended.size(); ++m) attended[m] += truth.count(m);
    return goals;
  }

 private:
  void step(std::size_t column, RewardBits& truth) {
    std::vector<GossipTeam::Pair> pairs;
    std::vector<std::uint8_t> seen;
    for (std::size_t a = 0; a < team_.size(); ++a) {
      seen.push_back(lattice_.zones(places_[a]));
      truth.observe(column, seen[a]);
      for (std::size_t b = a + 1; b < team_.size(); ++b) {
        const Edge edge{process_id(a), process_id(b)};
        if (!links_.hears(edge, 0, lattice_.point(places_[a]), lattice_.point(places_[b]))) {
          continue;
        }
        pairs.push_back({a, b});
        ++met[{a, b}];
      }
    }
    for (const GossipTeam::Message& message : team_.step(column, pairs, seen)) tally.add(message);
  }

  std::size_t ranked(std::size_t robot, std::size_t rank) const {
    std::vector<std::size_t> order(lattice_.zone_count());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, std::greater{}, [&](auto m) { return lambda[robot][m]; });
    return order[rank % order.size()];
  }

  FloorPlan plan_;
  Lattice lattice_;
  LineOfSightLinks links_;
  DualConfig dual_;
  GossipTeam team_;
  std::vector<Place> places_;
};

/// What the published cases come to, by their starts: messages, rewards told, empty messages; bits
/// and bytes of the list with 7 bits for how many; bits and bytes of run lengths.
using Counts = std::array<std::size_t, 7>;
const std::map<std::string, Counts>& published_counts() {
  static const std::map<std::string, Counts> counts{
      {"[1,2,3,4,5]", {3170, 4758, 559, 65857, 10353, 34604, 5920}},
      {"[1,1,4,5,6]", {6432, 9459, 689, 134791, 21399, 77902, 13448}},
      {"[3,3,2,1,4]", {4198, 6143, 805, 85181, 13305, 47827, 8055}}};
  return counts;
}

void expect_counts(const std::string& starts, const std::map<GossipCode, Tally>& tallies) {
  const Tally& list = tallies.at(GossipCode::list);
  const Tally& runs = tallies.at(GossipCode::run_lengths);
  EXPECT_LE(tallies.at(GossipCode::arithmetic).bytes, 0.30 * static_cast<double>(list.bytes));
  const auto counts = published_counts().find(starts);
  if (counts == published_counts().end()) return;
  const Counts found{
      list.messages,    list.rewards, list.empty, list.bits - 3 * (list.messages - list.empty),
      list.short_bytes, runs.bits,    runs.bytes};
  EXPECT_EQ(found, counts->second);
}

}  // namespace

void check_gossip(const json& golden_case) {
  GoldenObject golden(golden_case);
  const json& seen = golden["direct"];
  const json& edges = golden["edges"];
  const std::size_t columns = golden["T"], robots = seen.at(0).size();
  const DualConfig dual{golden["alpha"], golden["eta"], 0, golden["c"], columns};
  ASSERT_EQ(seen.size(), columns);
  const GossipShape shape{columns, dual.required.size()};
  ASSERT_EQ(shape.refusal(), "");
  for (const GossipCode code : kCodes) {
    GossipTeam team(robots, shape, code);
    RewardBits truth;
    for (std::size_t t = 0; t < columns; ++t) {
      SCOPED_TRACE("t = " + std::to_string(t));
      json deltas = json::array();
      for (const auto& message : team.step(t, edges[t].get<std::vector<GossipTeam::Pair>>(),
                                           seen[t].get<std::vector<std::uint8_t>>())) {
        deltas.push_back(as_json(message));
      }
      EXPECT_EQ(deltas, golden["delta"][t]);
      for (std::size_t n = 0; n < robots; ++n) {
        EXPECT_EQ(as_json(team.known(n), t + 1), golden["R_each_t"][t][n]) << "robot " << n;
        truth |= team.known(n);
      }
    }
    const json& before = golden["lambda_in"];
    for (std::size_t n = 0; n < robots; ++n) {
      expect_near(updated(dual, team.known(n), before[n]), golden["lambda_out"][n], 1e-12);
    }
    expect_near(updated(dual, truth, before[0]), golden["lambda_ref_from_agent0"], 1e-12);
  }
}

void check_alg2_rank(const json& golden_case) {
  GoldenObject golden(golden_case);
  const DualConfig dual{golden["alpha"], golden["eta"], 0, golden["c"], golden["T0"]};
  const json& starts = golden["start_zones"];
  std::map<GossipCode, Tally> tallies;
  for (const GossipCode code : kCodes) {
    RankedPatrol patrol(starts, golden["d"], dual, code);
    for (std::size_t k = 0; k < golden["rollouts"].get<std::size_t>(); ++k) {
      SCOPED_TRACE("rollout " + std::to_string(k));
      EXPECT_EQ(json(patrol.rollout(k)), golden["goals"][k]);
      for (std::size_t n = 0; n < patrol.lambda.size(); ++n) {
        expect_near(patrol.lambda[n], golden["lam_after"][k][n], 1e-9);
      }
    }
    EXPECT_EQ(json(patrol.attended), golden["steps_attended"]);
    json linked = json::array();
    for (const auto& [pair, steps] : patrol.met) linked.push_back({pair[0], pair[1], steps});
    EXPECT_EQ(linked, golden["link_steps"]);
    tallies[code] = patrol.tally;
  }
  expect_counts(starts.dump(), tallies);
}

}  // namespace tacit
