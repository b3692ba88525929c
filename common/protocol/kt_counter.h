#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace tacit {

/// How often a binary decision went either way, and what that says about the next one: after a
/// zeros and b ones the estimate of Krichevsky and Trofimov is P(0) = (a + 1/2) / (a + b + 1).
/// Old decisions fade: both counts are halved once a + b > 400.
/// Source: Krichevsky & Trofimov, IEEE Trans. Information Theory 27(2), 1981.
struct KtCounter {
  static constexpr unsigned kTotalMost = 400;

  std::array<std::uint16_t, 2> counts{};  ///< of 0 and of 1

  /// The likelier decision, 0 if both are alike.
  bool likelier() const { return counts[1] > counts[0]; }

  /// floor(2^16 P(likelier)). As at most 400 decisions count, this is in 2^15..65454: neither
  /// decision ever becomes impossible.
  std::uint32_t likelier_probability() const { return probability(counts[likelier()], total()); }

  /// floor(2^16 (count + 1/2) / (total + 1)), exactly, for count <= total <= 400.
  static std::uint32_t probability(unsigned count, unsigned total) {
    return static_cast<std::uint32_t>(((2 * count + 1) * kReciprocals[total]) >> kReciprocalBits);
  }

  unsigned total() const { return unsigned{counts[0]} + counts[1]; }

  void add(bool decision) {
    ++counts[decision];
    if (total() <= kTotalMost) return;
    counts[0] = static_cast<std::uint16_t>(counts[0] / 2);
    counts[1] = static_cast<std::uint16_t>(counts[1] / 2);
  }

 private:
  // x / d = x ceil(2^k / d) / 2^k, rounded down, for all x < 2^25 and d < 2^9, with k = 34: the
  // error x (ceil(2^k / d) d - 2^k) / (2^k d) is below 1 / d. Here x = (2 count + 1) 2^15, and 2^15
  // is taken into the shift.
  static constexpr unsigned kReciprocalBits = 34 - 15;
  static constexpr auto kReciprocals = [] {
    std::array<std::uint64_t, kTotalMost + 1> reciprocals{};
    for (std::size_t total = 0; total <= kTotalMost; ++total) {
      reciprocals[total] = ((std::uint64_t{1} << 34) + total) / (total + 1);
    }
    return reciprocals;
  }();
};

}  // namespace tacit
