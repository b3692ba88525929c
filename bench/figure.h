#pragma once

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

namespace tacit::bench {

inline double median(std::vector<double> values) {
  std::ranges::sort(values);
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

/// The line that ends a figure: medians over the turns, and the ratio of ours to the reference.
inline void print_figure(const std::string& name, const std::vector<double>& ours,
                         const std::vector<double>& reference, const std::string& unit) {
  std::printf(
      "{\"bench\":\"%s\",\"ratio\":%.4f,\"ours\":%.6g,\"reference\":%.6g,\"unit\":\"%s\","
      "\"turns\":%zu}\n",
      name.c_str(), median(ours) / median(reference), median(ours), median(reference), unit.c_str(),
      ours.size());
  std::fflush(stdout);
}

}  // namespace tacit::bench
