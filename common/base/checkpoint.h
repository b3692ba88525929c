#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <type_traits>
#include <vector>

#include "common/base/error.h"

namespace tacit {

/// Collects a machine's whole state as bytes, in the order of the calls. Native byte order: a
/// checkpoint is read by the binary that wrote it.
class CheckpointWriter {
 public:
  template <typename T>
  void value(const T& value) {
    static_assert(std::is_trivially_copyable_v<T> && !std::is_pointer_v<T>);
    append(&value, sizeof(T));
  }

  /// The length, then the elements.
  template <typename T>
  void values(const std::vector<T>& values) {
    static_assert(std::is_trivially_copyable_v<T> && !std::is_same_v<T, bool>);
    value(values.size());
    append(values.data(), values.size() * sizeof(T));
  }

  std::span<const std::byte> bytes() const { return bytes_; }

 private:
  void append(const void* data, std::size_t size) {
    if (size == 0) return;
    const std::size_t offset = bytes_.size();
    bytes_.resize(offset + size);
    std::memcpy(bytes_.data() + offset, data, size);
  }

  std::vector<std::byte> bytes_;
};

/// Reads what a CheckpointWriter wrote, in the same order.
/// @throws InputError (run_folder) if the bytes end early.
class CheckpointReader {
 public:
  explicit CheckpointReader(std::span<const std::byte> bytes) : rest_(bytes) {}

  template <typename T>
  void value(T& value) {
    take(&value, sizeof(T));
  }
  void value(bool& value) {
    std::uint8_t byte = 0;  // a byte other than 0 and 1 is no valid bool
    take(&byte, sizeof byte);
    value = byte != 0;
  }

  template <typename T>
  void values(std::vector<T>& values) {
    std::size_t count = 0;
    value(count);
    if (count > rest_.size() / sizeof(T)) fail();
    values.resize(count);
    take(values.data(), count * sizeof(T));
  }

  bool at_end() const { return rest_.empty(); }

 private:
  [[noreturn]] static void fail() {
    throw InputError(ExitCode::run_folder, "checkpoint ends before the state it should hold");
  }
  void take(void* data, std::size_t size) {
    if (size > rest_.size()) fail();
    if (size == 0) return;
    std::memcpy(data, rest_.data(), size);
    rest_ = rest_.subspan(size);
  }

  std::span<const std::byte> rest_;
};

}  // namespace tacit
