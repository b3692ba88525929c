#include "agent/systems/locomotion/plant/rollout_schedule.h"

#include <algorithm>
#include <string>

#include "common/base/check.h"
#include "common/base/error.h"

namespace tacit {

namespace {

void check_range(const char* name, Round value, Round least, Round most) {
  if (value >= least && value <= most) return;
  throw InputError(ExitCode::config, std::string(name) + " = " + std::to_string(value) +
                                         " is not in " + std::to_string(least) + ".." +
                                         std::to_string(most));
}

}  // namespace

RolloutSchedule::RolloutSchedule(const RolloutShape& shape) : shape_(shape) {
  check_range("relay hops", shape.hop_count, 0, 1000);
  if (shape.tells_others) check_range("relay hops", shape.hop_count, 1, 1000);
  check_range("steps per iteration", shape.step_count, 1, 1'000'000);
  check_range("update rounds", shape.update_count, 0, 1'000'000);
  check_range("iterations", shape.iteration_count, 1, 10'000'000);
}

Round RolloutSchedule::round_of_plant(Round step) const {
  const Round updates = std::max<Round>(step - 1, 0) / shape_.step_count;
  return step * (shape_.hop_count + 2) + updates * shape_.update_count;
}

Round RolloutSchedule::round_of_act(Round step) const {
  return round_of_plant(step) + shape_.hop_count + 1 +
         (ends_iteration(step) ? shape_.update_count : 0);
}

RolloutPlace RolloutSchedule::at(Round round) const {
  TACIT_CHECK(round >= 0 && round <= round_count(), "a round beyond the schedule has no place");
  const Round period = shape_.hop_count + 2;
  // Steps 1..T of an iteration fill a block of equal length; step 0 comes before the first.
  Round step = 0;
  Round offset = round;
  if (round >= period) {
    const Round block = period * shape_.step_count + shape_.update_count;
    const Round in_block = (round - period) % block;
    const Round step_in_block = std::min(in_block / period, shape_.step_count - 1);
    step = 1 + (round - period) / block * shape_.step_count + step_in_block;
    offset = in_block - step_in_block * period;
  }
  if (offset == 0) return {Stage::plant, step, 0};
  if (offset <= shape_.hop_count) return {Stage::relay, step, offset - 1};
  if (round == round_of_act(step)) return {Stage::act, step, 0};
  return {Stage::update, step, offset - 1 - shape_.hop_count};
}

}  // namespace tacit
