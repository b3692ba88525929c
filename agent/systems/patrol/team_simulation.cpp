#include "agent/systems/patrol/team_simulation.h"

#include <algorithm>
#include <limits>

#include "agent/systems/patrol/draws.h"
#include "common/base/check.h"

namespace tacit::patrol {

TeamSimulation::TeamSimulation(const TeamSetting& setting)
    : setting_(setting),
      robot_count_(setting.policies.size()),
      known_(robot_count_, std::vector<ZoneMask>(setting.dual.rollout_steps)),
      previous_(known_),
      attended_(setting.dual.rollout_steps),
      lambda_(robot_count_, std::vector<double>(setting.lattice.zone_count())),
      reference_(setting.lattice.zone_count()),
      uniforms_(robot_count_, std::vector<double>(setting.dual.rollout_steps)),
      attended_steps_(setting.lattice.zone_count()) {
  TACIT_CHECK(setting.graph.node_count() == robot_count_, "every robot is a node");
  for (std::size_t n = 0; n < robot_count_; ++n) {
    places_.push_back(start_place(setting.lattice, setting.seed, process_id(n)));
  }
}

void TeamSimulation::step() {
  const std::size_t column = step_count_ % attended_.size();
  if (column == 0) {
    begin_rollout();
  } else {
    gossip(column);
  }
  observe(column);
  move(column);
  ++step_count_;
  if (column + 1 == attended_.size()) update();
}

void TeamSimulation::begin_rollout() {
  const std::size_t rollout = step_count_ / attended_.size();
  tables_.clear();
  for (std::size_t n = 0; n < robot_count_; ++n) {
    std::ranges::fill(known_[n], ZoneMask{0});
    action_draws(setting_.seed, process_id(n), rollout, uniforms_[n]);
    const auto& lambda = setting_.perfect_communication ? reference_ : lambda_[n];
    tables_.push_back(
        setting_.policies[n].table(setting_.fixed_weights.value_or(normalised(lambda))));
  }
}

// One hop per step: a neighbour passes on what it receives only in the next step.
void TeamSimulation::gossip(std::size_t column) {
  const auto step = static_cast<Round>(step_count_);
  previous_ = known_;
  const auto hear = [&](std::size_t n, std::size_t from) {
    ZoneMask* const known = known_[n].data();
    const ZoneMask* const heard = previous_[from].data();
    for (std::size_t tau = 0; tau < column; ++tau) {
      known[tau] = static_cast<ZoneMask>(known[tau] | heard[tau]);
    }
  };
  for (const Link& link : setting_.graph.edges()) {
    const std::size_t a = index_of(link.a), b = index_of(link.b);
    const Edge edge{link.a, link.b};
    if (!setting_.links.sends(edge, step) ||
        !setting_.links.hears(edge, step, setting_.lattice.point(places_[a]),
                              setting_.lattice.point(places_[b]))) {
      continue;
    }
    hear(a, b);
    hear(b, a);
  }
}

void TeamSimulation::observe(std::size_t column) {
  attended_[column] = 0;
  for (std::size_t n = 0; n < robot_count_; ++n) {
    const ZoneMask zones = setting_.lattice.zones(places_[n]);
    known_[n][column] = zones;
    attended_[column] = static_cast<ZoneMask>(attended_[column] | zones);
  }
}

void TeamSimulation::move(std::size_t column) {
  const Lattice& lattice = setting_.lattice;
  for (std::size_t n = 0; n < robot_count_; ++n) {
    const Place place = places_[n];
    places_[n] = lattice.next(place, tables_[n].choose(lattice.tile(place), uniforms_[n][column]));
  }
}

void TeamSimulation::update() {
  std::vector<int> counts(reference_.size());
  const auto count = [&](std::span<const ZoneMask> columns) {
    for (std::size_t m = 0; m < counts.size(); ++m) {
      counts[m] = static_cast<int>(
          std::ranges::count_if(columns, [=](ZoneMask zones) { return (zones >> m & 1) != 0; }));
    }
    return std::span<const int>(counts);
  };
  for (std::size_t n = 0; n < robot_count_; ++n) {
    update_multipliers(setting_.dual, count(known_[n]), lambda_[n]);
  }
  update_multipliers(setting_.dual, count(attended_), reference_);
  for (std::size_t m = 0; m < counts.size(); ++m) {
    attended_steps_[m] += static_cast<std::uint64_t>(counts[m]);
  }
}

std::vector<double> TeamSimulation::visit_fraction() const {
  const std::size_t rollouts = step_count_ / attended_.size();
  TACIT_CHECK(rollouts >= 1, "a rollout must end before anything is counted");
  std::vector<double> fractions;
  for (const std::uint64_t steps : attended_steps_) {
    fractions.push_back(static_cast<double>(steps) /
                        static_cast<double>(rollouts * attended_.size()));
  }
  return fractions;
}

double TeamSimulation::margin() const {
  const std::vector<double> visited = visit_fraction();
  double margin = std::numeric_limits<double>::infinity();
  for (std::size_t m = 0; m < visited.size(); ++m) {
    margin = std::min(margin, visited[m] - setting_.dual.required[m]);
  }
  return margin;
}

}  // namespace tacit::patrol
