#pragma once

#include <algorithm>
#include <cstddef>
#include <string>

namespace tacit {

/// Lists names for a message: "a, b, c", or the first `most` of them "and 12 more".
/// @param name  gives the name of each k in 0..count-1
template <typename Name>
std::string listed(std::size_t count, const Name& name, std::size_t most = 8) {
  std::string text;
  for (std::size_t k = 0; k < std::min(count, most); ++k) text += (k == 0 ? "" : ", ") + name(k);
  return count > most ? text + " and " + std::to_string(count - most) + " more" : text;
}

}  // namespace tacit
