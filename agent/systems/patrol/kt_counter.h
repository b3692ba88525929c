#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace tacit {

/// How often a binary decision was 0 and 1, which estimates the next one: after a zeros and b ones
/// the estimate of Krichevsky and Trofimov is P(0) = (a + 1/2) / (a + b + 1). Old decisions lose
/// weight: both counts are halved once a + b > 400.
/// Source: Krichevsky & Trofimov, IEEE Trans. Information Theory 27(2), 1981.
struct KtCounter {
  static constexpr std::uint32_t kTotalMost = 400;

  std::array<std::uint16_t, 2> counts{};  ///< of 0 and of 1

  std::uint32_t total() const { return std::uint32_t{counts[0]} + counts[1]; }

  /// The likelier decision, 0 if both are equally likely.
  bool likelier() const { return counts[1] > counts[0]; }

  /// Products of the likelier decision's probabilities: a run of n of them, all in this context,
  /// has the probability p[n] / p[0], for n up to until_halved(). So a run takes the time of one
  /// decision.
  const double* run_chances() const;

  /// The number of decisions until the counts are halved.
  std::size_t until_halved() const { return kTotalMost + 1 - total(); }

  /// @param times  number of `decision`s, followed by one opposite decision if and_other; together
  /// at most until_halved()
  void add(bool decision, std::size_t times, bool and_other) {
    counts[decision] = static_cast<std::uint16_t>(counts[decision] + times);
    counts[!decision] = static_cast<std::uint16_t>(counts[!decision] + and_other);
    if (total() <= kTotalMost) return;
    counts[0] /= 2;
    counts[1] /= 2;
  }
};

/// floor(2^16 (count + 1/2) / (total + 1)): for the likelier of at most 400 decisions this is in
/// 2^15..65454, so no decision ever becomes impossible.
constexpr std::uint32_t kt_probability(std::uint32_t count, std::uint32_t total) {
  return ((2 * count + 1) << 15) / (total + 1);
}

/// The table of run_chances(): row b, of the rarer decision's count, has an entry for each count
/// a = b .. 401 - b of the likelier one, the product of all probabilities before.
constexpr std::size_t run_chances_row(std::size_t b) { return b * (KtCounter::kTotalMost + 3 - b); }
inline constexpr std::size_t kRunChanceCount = run_chances_row(KtCounter::kTotalMost / 2 + 1);
extern const std::array<double, kRunChanceCount> kRunChances;

inline const double* KtCounter::run_chances() const {
  const std::size_t rarer = std::min(counts[0], counts[1]);
  return kRunChances.data() + run_chances_row(rarer) + (total() - 2 * rarer);
}

}  // namespace tacit
