#pragma once

#include <immintrin.h>

#include <bit>
#include <cstddef>
#include <cstdint>

namespace tacit {

/// A set of columns (steps) of a rollout: bit tau is column tau.
__extension__ using Columns = unsigned __int128;
inline constexpr std::size_t kColumnsMost = 128;

inline std::uint64_t low_half(Columns columns) { return static_cast<std::uint64_t>(columns); }
inline std::uint64_t high_half(Columns columns) {
  return static_cast<std::uint64_t>(columns >> 64);
}
inline Columns from_halves(std::uint64_t low, std::uint64_t high) {
  return Columns{high} << 64 | low;
}

/// The columns 0..end-1. @param end  0..128
inline Columns columns_before(std::size_t end) {
  return end == kColumnsMost ? ~Columns{0} : (Columns{1} << end) - 1;
}

inline bool has_column(Columns columns, std::size_t column) { return (columns >> column) & 1; }

inline std::size_t count_of(Columns columns) {
  return static_cast<std::size_t>(std::popcount(low_half(columns)) +
                                  std::popcount(high_half(columns)));
}

/// The oldest column, 128 if there is none.
inline std::size_t first_of(Columns columns) {
  const bool is_low = low_half(columns) != 0;
  const int zeros = std::countr_zero(is_low ? low_half(columns) : high_half(columns));
  return static_cast<std::size_t>(zeros) + (is_low ? 0 : 64);
}

inline std::size_t first_of(std::uint64_t columns) {
  return static_cast<std::size_t>(std::countr_zero(columns));
}

/// One more than the newest column, 0 if there is none.
inline std::size_t width_of(Columns columns) {
  const bool is_low = high_half(columns) == 0;
  const int zeros = std::countl_zero(is_low ? low_half(columns) : high_half(columns));
  return (is_low ? 64u : 128u) - static_cast<std::size_t>(zeros);
}

/// The columns of `places` alone, without gaps: bit k of the result is bit c of `columns`, c being
/// the k-th element of `places` from 0.
inline Columns close_up(Columns columns, Columns places) {
  const std::uint64_t low = _pext_u64(low_half(columns), low_half(places));
  const std::uint64_t high = _pext_u64(high_half(columns), high_half(places));
  return low | Columns{high} << std::popcount(low_half(places));
}

/// The inverse of close_up; columns outside `places` are 0.
inline Columns spread(Columns closed, Columns places) {
  const auto skipped = static_cast<unsigned>(std::popcount(low_half(places)));
  return from_halves(_pdep_u64(low_half(closed), low_half(places)),
                     _pdep_u64(low_half(closed >> skipped), high_half(places)));
}

}  // namespace tacit
