#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "agent/systems/patrol/kt_counter.h"

namespace tacit {

/// How both ends of a range coder divide its range. A sequence of decisions is an interval of
/// numbers [low, low + range) with range in [2^24, 2^32). A run of n likelier decisions in one
/// context keeps the lowest part of the interval, in proportion to the run's probability; an
/// opposite decision after it keeps the part by which the run of n + 1 is smaller than the run of
/// n.
/// Source: Martin, "Range encoding", Video & Data Recording Conference, 1979.
class RunRange {
 public:
  static constexpr std::uint32_t kMost = 0xffffffff;
  static constexpr std::uint32_t kLeast = 1u << 24;

  RunRange(std::uint32_t range, const KtCounter& counter)
      : range_(range), chances_(counter.run_chances()) {}

  /// The range after a run of n. @param n  0..counter.until_halved()
  std::uint32_t after(std::size_t n) const {
    return n == 0 ? range_ : static_cast<std::uint32_t>(range_ * (chances_[n] / chances_[0]));
  }

  /// The range after the likelier one of two decisions outside of a run.
  static std::uint32_t after_single(std::uint32_t range, const KtCounter& counter) {
    const std::uint64_t probability =
        kt_probability(counter.counts[counter.likelier()], counter.total());
    return static_cast<std::uint32_t>((range * probability) >> 16);
  }

  /// Whether a range is large enough to distinguish the decisions that led to it: each takes at
  /// least 1/800 of the range before it. A run extends only while this holds; what follows is a new
  /// run.
  static bool is_sharp(std::uint32_t range) { return range >= 1u << 16; }

 private:
  std::uint32_t range_;
  const double* chances_;
};

/// Writes decisions as the shortest bytes that denote a number in their interval.
class RangeEncoder {
 public:
  static constexpr bool kReads = false;

  /// @param bytes  overwritten
  explicit RangeEncoder(std::vector<std::byte>& bytes) : bytes_(bytes) { bytes.clear(); }

  /// As DeltaWalk requires. Advances the counter by every decision.
  std::size_t repeat(KtCounter& counter, bool value, std::size_t count, std::size_t most) {
    // Usually there is one run only; this is the first pass of repeat_in_parts, inline.
    if (counter.likelier() == value && most <= counter.until_halved()) {
      const RunRange run(range_, counter);
      const bool ends = count < most;
      const std::uint32_t lower = run.after(count + ends);
      if (RunRange::is_sharp(lower)) {
        narrow(ends ? lower : 0, ends ? run.after(count) - lower : lower);
        counter.add(value, count, ends);
        return count;
      }
    }
    repeat_in_parts(counter, value, count, most);
    return count;
  }

  /// Writes the rest. Zero bytes at the end are omitted, since the reader supplies them.
  void finish();

 private:
  void narrow(std::uint32_t from, std::uint32_t range) {
    low_ += from;
    range_ = range;
    if (low_ > RunRange::kMost) carry();
    while (range_ < RunRange::kLeast) shift();
  }

  void repeat_in_parts(KtCounter& counter, bool value, std::size_t count, std::size_t most);
  void code_single(KtCounter& counter, bool decision);
  void carry();
  void shift();

  std::vector<std::byte>& bytes_;
  std::uint64_t low_ = 0;  ///< the number after the bytes written so far
  std::uint32_t range_ = RunRange::kMost;
};

/// Reads the output of a RangeEncoder if called with the same contexts. Any bytes decode to some
/// decisions: to check that an encoder wrote them, the caller encodes the result again.
class RangeDecoder {
 public:
  static constexpr bool kReads = true;

  explicit RangeDecoder(std::span<const std::byte> bytes) : rest_(bytes) {
    for (int k = 0; k < 4; ++k) shift();
  }

  /// As DeltaWalk requires; the count given is ignored.
  std::size_t repeat(KtCounter& counter, bool value, std::size_t, std::size_t most) {
    for (std::size_t done = 0; done < most;) {
      if (counter.likelier() != value) {
        if (read_single(counter) != value) return done;
        ++done;
        continue;
      }
      const RunRange run(range_, counter);
      const std::size_t end = std::min(most - done, counter.until_halved());
      std::size_t n = 0;
      std::uint32_t kept = range_, lower = 0;  // after n, and one more if that is sharp
      while (n < end && RunRange::is_sharp(lower = run.after(n + 1)) && offset_ < lower) {
        kept = lower;
        ++n;
      }
      const bool ends = n < end && RunRange::is_sharp(lower);
      narrow(ends ? lower : 0, ends ? kept - lower : kept);
      counter.add(value, n, ends);
      done += n;
      if (ends) return done;
    }
    return most;
  }

 private:
  bool read_single(KtCounter& counter) {
    const std::uint32_t lower = RunRange::after_single(range_, counter);
    const bool is_likelier = offset_ < lower;
    const bool decision = counter.likelier() == is_likelier;
    narrow(is_likelier ? 0 : lower, is_likelier ? lower : range_ - lower);
    counter.add(decision, 1, false);
    return decision;
  }

  void narrow(std::uint32_t from, std::uint32_t range) {
    offset_ -= from;
    range_ = range;
    for (; range_ < RunRange::kLeast; range_ <<= 8) shift();
  }

  void shift() {
    offset_ <<= 8;
    if (rest_.empty()) return;
    offset_ |= std::to_integer<std::uint32_t>(rest_.front());
    rest_ = rest_.subspan(1);
  }

  std::span<const std::byte> rest_;
  std::uint32_t offset_ = 0;  ///< from low to the encoded number
  std::uint32_t range_ = RunRange::kMost;
};

}  // namespace tacit
