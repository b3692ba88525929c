#include "agent/systems/patrol/kt_counter.h"

namespace tacit {

constexpr std::array<double, kRunChanceCount> kRunChances = [] {
  std::array<double, kRunChanceCount> chances{};
  for (std::uint32_t b = 0; b <= KtCounter::kTotalMost / 2; ++b) {
    double chance = 1;
    for (std::uint32_t a = b; a + b <= KtCounter::kTotalMost + 1; ++a) {
      chances[run_chances_row(b) + a - b] = chance;
      if (a + b <= KtCounter::kTotalMost) chance *= kt_probability(a, a + b) * 0x1p-16;
    }
  }
  return chances;
}();

}  // namespace tacit
