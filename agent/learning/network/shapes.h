#pragma once

#include <Eigen/Core>
#include <cstddef>
#include <vector>

namespace tacit {

/// A size in Eigen's index type.
inline Eigen::Index index(std::size_t value) { return static_cast<Eigen::Index>(value); }

/// The number of units in each layer of a network, from input to output.
inline std::vector<std::size_t> layers(std::size_t input, const std::vector<std::size_t>& hidden,
                                       std::size_t output) {
  std::vector<std::size_t> sizes{input};
  sizes.insert(sizes.end(), hidden.begin(), hidden.end());
  sizes.push_back(output);
  return sizes;
}

}  // namespace tacit
