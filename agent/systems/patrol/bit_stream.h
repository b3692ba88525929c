#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace tacit {

/// Writes numbers bit by bit, the highest bit first, and pads the last byte with zeros.
class BitWriter {
 public:
  /// @param bytes  overwritten
  explicit BitWriter(std::vector<std::byte>& bytes) : bytes_(bytes) { bytes.clear(); }

  /// @param value  below 2^bit_count
  void put(std::size_t value, unsigned bit_count) {
    while (bit_count > 0) {
      const unsigned room = 8 - static_cast<unsigned>(size_ % 8);
      if (room == 8) bytes_.push_back(std::byte{0});
      const unsigned taken = std::min(room, bit_count);
      bit_count -= taken;
      const std::size_t part = (value >> bit_count) & ((1u << taken) - 1);
      bytes_.back() |= static_cast<std::byte>(part << (room - taken));
      size_ += taken;
    }
  }

  /// Elias gamma: as many zeros as the value has bits after its first 1, then the value.
  /// @param value  >= 1
  void put_gamma(std::size_t value) {
    put(value, 2 * static_cast<unsigned>(std::bit_width(value)) - 1);
  }

  std::size_t size() const { return size_; }  ///< in bits

 private:
  std::vector<std::byte>& bytes_;
  std::size_t size_ = 0;
};

/// Reads the output of a BitWriter; returns zeros after the last byte.
class BitReader {
 public:
  explicit BitReader(std::span<const std::byte> bytes) : bytes_(bytes) {}

  std::size_t take(unsigned bit_count) {
    std::size_t value = 0;
    while (bit_count-- > 0) {
      const std::byte byte = at_ / 8 < bytes_.size() ? bytes_[at_ / 8] : std::byte{0};
      value = value << 1 | (std::to_integer<std::size_t>(byte) >> (7 - at_ % 8) & 1);
      ++at_;
    }
    return value;
  }

  /// Reads a number of put_gamma. @return 0 if it is 2^16 or more, or absent
  std::size_t take_gamma() {
    unsigned more = 0;
    while (take(1) == 0) {
      if (++more == 16) return 0;
    }
    return std::size_t{1} << more | take(more);
  }

 private:
  std::span<const std::byte> bytes_;
  std::size_t at_ = 0;  ///< bits read
};

}  // namespace tacit
