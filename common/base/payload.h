#pragma once

#include <array>
#include <cstddef>
#include <cstring>
#include <optional>
#include <span>

namespace tacit {

/// A payload of doubles, as machines exchange them: 8 bytes each, native (little-endian) order.
template <std::size_t N>
std::array<std::byte, N * sizeof(double)> pack(const std::array<double, N>& values) {
  std::array<std::byte, N * sizeof(double)> bytes;
  std::memcpy(bytes.data(), values.data(), bytes.size());
  return bytes;
}

/// @return nothing if the length of the payload is not that of N doubles.
template <std::size_t N>
std::optional<std::array<double, N>> unpack(std::span<const std::byte> payload) {
  if (payload.size() != N * sizeof(double)) return std::nullopt;
  std::array<double, N> values;
  std::memcpy(values.data(), payload.data(), payload.size());
  return values;
}

}  // namespace tacit
