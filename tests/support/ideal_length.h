#pragma once

#include <cmath>
#include <cstddef>

#include "agent/systems/patrol/kt_counter.h"

namespace tacit::testing {

/// A coder that only adds up the ideal length of a DeltaWalk's decisions: the sum of -log2 of their
/// estimated probabilities, in bits.
struct IdealLength {
  static constexpr bool kReads = false;
  double bits = 0;

  std::size_t repeat(KtCounter& counter, bool value, std::size_t count, std::size_t most) {
    for (std::size_t k = 0; k < count; ++k) add(counter, value);
    if (count < most) add(counter, !value);
    return count;
  }

 private:
  void add(KtCounter& counter, bool decision) {
    const double seen = counter.counts[decision], total = counter.total();
    bits -= std::log2((seen + 0.5) / (total + 1));
    counter.add(decision, 1, false);
  }
};

}  // namespace tacit::testing
