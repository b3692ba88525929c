#include "common/base/seconds.h"

#include <array>
#include <cmath>
#include <cstdio>

namespace tacit {

std::string in_seconds(std::chrono::duration<double> duration) {
  const double seconds = duration.count();
  std::array<char, 64> text;
  // Rounds down to seconds that have passed: 59.9 is not 60.
  if (seconds >= 10) {
    std::snprintf(text.data(), text.size(), "%.0f s", std::floor(seconds));
  } else {
    std::snprintf(text.data(), text.size(), "%.2g s", seconds);
  }
  return text.data();
}

}  // namespace tacit
