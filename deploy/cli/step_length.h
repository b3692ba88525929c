#pragma once

#include <algorithm>
#include <chrono>

#include "common/base/ids.h"

namespace tacit {

/// How many rounds a run in one process goes on before it looks at the clock and for signals: a
/// tenth of a second, as the last step went. Grows by no more than twice, since a round may take
/// far longer than those before it.
class StepLength {
 public:
  /// @param most  rounds of a step, at least 1
  explicit StepLength(Round most) : most_(most) {}

  Round rounds() const { return rounds_; }

  /// The last step, of rounds() rounds, has taken so long.
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
