#pragma once

#include <algorithm>
#include <chrono>

#include "common/base/ids.h"

namespace tacit {

/// The number of rounds for which a run in one process continues before it checks the clock and
/// signals: a tenth of a second, estimated from the last step. Grows by a factor of 2 at most,
/// since a round may take far longer than those before it.
class StepLength {
 public:
  /// @param most  rounds of a step, at least 1
  explicit StepLength(Round most) : most_(most) {}

  Round rounds() const { return rounds_; }

  /// Reports the duration of the last step, of rounds() rounds.
  void took(std::chrono::duration<double> time) {
    const double rounds = static_cast<double>(rounds_);
    const double longest = std::min(static_cast<double>(most_), 2 * rounds);
    const double fitting = rounds * kStep.count() / std::max(time.count(), 1e-9);
    rounds_ = static_cast<Round>(std::clamp(fitting, 1.0, longest));
  }

 private:
  static constexpr std::chrono::duration<double> kStep{0.1};

  Round most_;
  Round rounds_ = 1;
};

}  // namespace tacit
