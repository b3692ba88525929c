#include "agent/systems/patrol/patroller.h"

#include "agent/systems/patrol/draws.h"
#include "common/base/check.h"

namespace tacit::patrol {

Patroller::Patroller(const Setup& setup)
    : setup_(setup),
      place_(start_place(*setup.lattice, setup.seed, setup.self)),
      draws_(setup.rollout_steps) {}

void Patroller::follow(const PatrolPolicy& policy, std::span<const double> weights,
                       std::size_t rollout) {
  actions_ = policy.table(weights);
  action_draws(setup_.seed, setup_.self, rollout, draws_);
}

void Patroller::step(std::size_t column, RoundOutput& output) {
  TACIT_CHECK(actions_ || assigned_, "a robot moves once it knows by what");
  const Lattice& lattice = *setup_.lattice;
  const Point here = lattice.point(place_);
  const std::size_t goal =
      assigned_ ? *assigned_ : actions_->choose(lattice.tile(place_), draws_[column]);
  output.set_pose(here);
  output.record({{"x_m", here.x}, {"y_m", here.y}, {"goal", static_cast<double>(goal + 1)}});
  place_ = lattice.next(place_, goal);
}

}  // namespace tacit::patrol
