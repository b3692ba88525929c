#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "agent/systems/patrol/kt_counter.h"

namespace tacit {

/// How both ends of a range coder divide it. A sequence of decisions is an interval of numbers
/// [low, low + range) with range in [2^24, 2^32). A run of n likelier decisions in one context
/// keeps the lowest part of it, by its chance; a decision against that keeps what the run with it
/// loses against the run before it.
/// Source: Martin, "Range encoding", Video & Data Recording Conference, 1979.
class RunRange {
 public:
  static constexpr std::uint32_t kMost = 0xffffffff;
  static constexpr std::uint32_t kLeast = 1u << 24;

  RunRange(std::uint32_t range, const KtCounter& counter)
      : range_(range), chances_(counter.run_chances()) {}

  /// What a run of n keeps. @param n  0..counter.until_halved()
  std::uint32_t after(std::size_t n) const {
    return n == 0 ? range_ : static_cast<std::uint32_t>(range_ * (chances_[n] / chances_[0]));
  }

  /// What the likelier one of two decisions keeps, if it is not part of a run.
  static std::uint32_t after_single(std::uint32_t range, const KtCounter& counter) {
    const std::uint64_t probability =
        kt_probability(counter.counts[counter.likelier()], counter.total());
    return static_cast<std::uint32_t>((range * probability) >> 16);
  }

  /// Whether a range is so large that the decisions on the way to it can be told apart: each takes
  /// at least 1/800 of what is left. A run goes on only so far; what follows is a run of its own.
  static bool is_sharp(std::uint32_t range) { return range >= 1u << 16; }

 private:
  std::uint32_t range_;
  const double* chances_;
};

/// Writes decisions as the shortest bytes that name a number of their interval.
class RangeEncoder {
 public:
  static constexpr bool kReads = false;

  /// @param bytes  overwritten
  explicit RangeEncoder(std::vector<std::byte>& bytes) : bytes_(bytes) { bytes.clear(); }

  /// As DeltaWalk says. Advances the counter by every decision.
  std::size_t repeat(KtCounter& counter, bool value, std::size_t count, std::size_t most) {
    // Mostly all is one run; this is the first turn of repeat_in_parts, inline.
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

  /// Writes what is left. Bytes of zeros at the end are left out: who reads fills up with them.
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
  std::uint64_t low_ = 0;  ///< what follows the bytes written so far
  std::uint32_t range_ = RunRange::kMost;
};

/// Reads what a RangeEncoder wrote, if asked in the same contexts. Any bytes are decisions of some
/// kind: whoever wants to know whether an encoder wrote them encodes what was read.
class RangeDecoder {
 public:
  static constexpr bool kReads = true;

  explicit RangeDecoder(std::span<const std::byte> bytes) : rest_(bytes) {
    for (int k = 0; k < 4; ++k) shift();
  }

  /// As DeltaWalk says; the count given is ignored.
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
  std::uint32_t offset_ = 0;  ///< from low to the number that was written
  std::uint32_t range_ = RunRange::kMost;
};

}  // namespace tacit
