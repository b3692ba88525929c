#pragma once

#include <cstdint>

#include "common/base/ids.h"

namespace tacit {

/// The numbers of rounds of learning with a plant.
struct RolloutShape {
  Round hop_count = 0;        ///< relays between agents per step, >= 0
  Round step_count = 1;       ///< T, steps of the plant per iteration, >= 1
  Round update_count = 0;     ///< rounds of exchange among agents during updates, >= 0
  Round iteration_count = 1;  ///< >= 1
  /// Whether the plant sends each agent the states of all others, in the first relay of a step;
  /// then hop_count >= 1.
  bool tells_others = false;
};

/// The purpose of a round, in the order of a step.
enum class Stage {
  plant,   ///< the plant takes the actions sent in the round before, steps, and reports
  relay,   ///< agents pass on the states they have received
  update,  ///< agents learn from the iteration that ended
  act,     ///< agents send actions; after an iteration, those of the updated policy
};

/// The position of a round. Step s is the plant's s-th report, 0 being that of the reset; the
/// report of step s holds the outcome of the actions of step s - 1. Iteration m takes the actions
/// of steps m T .. (m + 1) T - 1, and is complete once the report of step (m + 1) T has been
/// relayed.
struct RolloutPlace {
  Stage stage;
  Round step;   ///< 0..T * iteration_count
  Round index;  ///< of the relay or the update within the step, from 0; else 0
};

/// The rounds in which the plant steps and agents relay, update and act. A step takes hop_count + 2
/// rounds: plant, relays, act; where an iteration has ended (step m T, m >= 1), the updates come
/// before the act, so that the new policy sees the newest state. The act of the last step is round
/// R, in which no process sends.
class RolloutSchedule {
 public:
  /// @throws InputError (config) naming the number out of range
  explicit RolloutSchedule(const RolloutShape& shape);

  const RolloutShape& shape() const { return shape_; }
  Round round_count() const { return round_of_act(last_step()); }  ///< R
  Round last_step() const { return shape_.step_count * shape_.iteration_count; }

  /// @param round  0..R
  RolloutPlace at(Round round) const;

  /// Whether an iteration has ended with this step's report.
  bool ends_iteration(Round step) const { return step > 0 && step % shape_.step_count == 0; }

  Round round_of_plant(Round step) const;
  Round round_of_act(Round step) const;

 private:
  RolloutShape shape_;
};

}  // namespace tacit
