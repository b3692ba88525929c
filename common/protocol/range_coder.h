#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "common/protocol/kt_counter.h"

namespace tacit {

inline constexpr std::uint32_t kRangeMost = 0xffffffff;
inline constexpr std::uint32_t kRangeLeast = 1u << 24;

/// How much of a range the likelier decision gets: never nothing, never all.
inline std::uint32_t lower_part(std::uint32_t range, const KtCounter& counter) {
  return static_cast<std::uint32_t>((std::uint64_t{range} * counter.likelier_probability()) >> 16);
}

/// Writes binary decisions as the shortest bytes that name a number inside an interval: of the
/// interval [low, low + range), the likelier decision keeps the lower part floor(range p / 2^16),
/// the other one the rest. `range` stays in [2^24, 2^32): when it falls below, the highest byte of
/// `low` is final but for a carry, and is written.
/// Source: Martin, "Range encoding", Video & Data Recording Conference, 1979.
class RangeEncoder {
 public:
  /// @param bytes  overwritten
  explicit RangeEncoder(std::vector<std::byte>& bytes) : bytes_(bytes) { bytes.clear(); }

  /// As DeltaWalk says. Advances the counter by every decision.
  std::size_t repeat(KtCounter& counter, bool value, std::size_t count, std::size_t most) {
    for (std::size_t k = 0; k < count; ++k) code(counter, value);
    if (count < most) code(counter, !value);
    return count;
  }

  /// Writes what is left. Bytes of zeros at the end are left out: who reads fills up with them.
  void finish();

 private:
  void code(KtCounter& counter, bool value) {
    const std::uint32_t lower = lower_part(range_, counter);
    if (value == counter.likelier()) {
      range_ = lower;
    } else {
      low_ += lower;
      range_ -= lower;
      if (low_ > kRangeMost) carry();
    }
    while (range_ < kRangeLeast) shift();
    counter.add(value);
  }

  void carry();
  void shift();

  std::vector<std::byte>& bytes_;
  std::uint64_t low_ = 0;  ///< what follows the bytes written so far
  std::uint32_t range_ = kRangeMost;
};

/// Reads what a RangeEncoder wrote, if asked in the same contexts. Any bytes are decisions of some
/// kind: whoever wants to know whether an encoder wrote them encodes what was read.
class RangeDecoder {
 public:
  explicit RangeDecoder(std::span<const std::byte> bytes) : rest_(bytes) {
    for (int k = 0; k < 4; ++k) shift();
  }

  /// As DeltaWalk says; the count given is ignored.
  std::size_t repeat(KtCounter& counter, bool value, std::size_t, std::size_t most) {
    std::size_t count = 0;
    while (count < most && code(counter) == value) ++count;
    return count;
  }

 private:
  bool code(KtCounter& counter) {
    const std::uint32_t lower = lower_part(range_, counter);
    const bool value = counter.likelier() == (offset_ < lower);
    if (offset_ < lower) {
      range_ = lower;
    } else {
      offset_ -= lower;
      range_ -= lower;
    }
    for (; range_ < kRangeLeast; range_ <<= 8) shift();
    counter.add(value);
    return value;
  }

  void shift() {
    offset_ <<= 8;
    if (rest_.empty()) return;
    offset_ |= std::to_integer<std::uint32_t>(rest_.front());
    rest_ = rest_.subspan(1);
  }

  std::span<const std::byte> rest_;
  std::uint32_t offset_ = 0;  ///< of the number that was written, from `low`
  std::uint32_t range_ = kRangeMost;
};

}  // namespace tacit
