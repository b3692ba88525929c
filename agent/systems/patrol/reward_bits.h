#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>

#include "agent/systems/patrol/columns.h"
#include "common/base/check.h"

namespace tacit {

/// The number of one-bit rewards of a rollout: T0 columns (steps) of M zones.
struct GossipShape {
  std::size_t columns = 0;  ///< T0, 2..128: a message has 7 bits for a column
  std::size_t zones = 0;    ///< M, 1..8, and 3 for a zone; T0 M <= 1023: and 10 for how many

  /// @return why messages cannot encode this shape, as a sentence without full stop that calls the
  /// numbers T0 and M; empty if they can
  std::string refusal() const;
};

/// A set of bits "zone m was attended in column tau" of one rollout: the bits that a robot knows,
/// those that two robots know in common, or those in a message. Initially empty. A plain value
/// without padding, which a checkpoint stores as it is.
class RewardBits {
 public:
  static constexpr std::size_t kZonesMost = 8;

  /// Adds the zones of a mask (bit m is zone m) to a column.
  void observe(std::size_t column, std::uint8_t mask) {
    TACIT_CHECK(column < kColumnsMost, "a rollout has at most 128 columns");
    for (std::size_t m = 0; m < kZonesMost; ++m) {
      words_[2 * m + column / 64] |= std::uint64_t{(mask >> m) & 1u} << (column % 64);
    }
  }

  /// The zones of a column as a mask. @param column  0..127
  std::uint8_t mask(std::size_t column) const {
    unsigned mask = 0;
    for (std::size_t m = 0; m < kZonesMost; ++m) {
      mask |= unsigned{has_column((*this)[m], column)} << m;
    }
    return static_cast<std::uint8_t>(mask);
  }

  /// The columns of a zone. @param zone  0..7
  Columns operator[](std::size_t zone) const {
    return from_halves(words_[2 * zone], words_[2 * zone + 1]);
  }

  /// Adds columns to a zone.
  void add(std::size_t zone, Columns columns) {
    words_[2 * zone] |= low_half(columns);
    words_[2 * zone + 1] |= high_half(columns);
  }

  /// The number of columns in which a zone is set.
  int count(std::size_t zone) const { return static_cast<int>(count_of((*this)[zone])); }

  /// The number of bits set.
  std::size_t size() const {
    std::size_t sum = 0;
    for (const std::uint64_t word : words_) sum += static_cast<std::size_t>(std::popcount(word));
    return sum;
  }

  /// All columns in which any zone is set.
  Columns any() const {
    std::uint64_t low = 0, high = 0;
    for (std::size_t m = 0; m < kZonesMost; ++m) {
      low |= words_[2 * m];
      high |= words_[2 * m + 1];
    }
    return from_halves(low, high);
  }
  bool empty() const { return any() == 0; }

  RewardBits& operator|=(const RewardBits& other) {
    for (std::size_t k = 0; k < words_.size(); ++k) words_[k] |= other.words_[k];
    return *this;
  }
  friend RewardBits operator|(RewardBits a, const RewardBits& b) { return a |= b; }
  /// The bits in `a` that are not in `b`.
  friend RewardBits operator-(RewardBits a, const RewardBits& b) {
    for (std::size_t k = 0; k < a.words_.size(); ++k) a.words_[k] &= ~b.words_[k];
    return a;
  }
  bool operator==(const RewardBits&) const = default;

 private:
  std::array<std::uint64_t, 2 * kZonesMost> words_{};  ///< per zone its older and newer columns
};

}  // namespace tacit
