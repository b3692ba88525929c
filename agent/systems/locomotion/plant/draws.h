#pragma once

#include <boost/random/normal_distribution.hpp>
#include <span>

#include "common/base/random.h"

namespace tacit {

/// Uniform in [-bound, bound).
inline double draw_uniform(RandomStream& stream, double bound) {
  return bound * (2 * to_unit(stream()) - 1);
}

/// Adds uniform noise in [-bound, bound) to each number.
inline void add_uniform(RandomStream& stream, double bound, std::span<double> numbers) {
  for (double& number : numbers) number += draw_uniform(stream, bound);
}

/// Adds normal noise to each number.
inline void add_normal(RandomStream& stream, double deviation, std::span<double> numbers) {
  boost::random::normal_distribution<double> normal(0.0, deviation);
  for (double& number : numbers) number += normal(stream);
}

}  // namespace tacit
