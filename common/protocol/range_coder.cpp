#include "common/protocol/range_coder.h"

namespace tacit {

// The number as written so far is below 1 - range, so some byte can always take the carry.
void RangeEncoder::carry() {
  low_ -= std::uint64_t{RunRange::kMost} + 1;
  auto byte = bytes_.end();
  do {
    --byte;
    *byte = static_cast<std::byte>(std::to_integer<unsigned>(*byte) + 1);
  } while (*byte == std::byte{0});
}

void RangeEncoder::shift() {
  bytes_.push_back(static_cast<std::byte>(low_ >> 24));
  low_ = (low_ & 0xffffff) << 8;
  range_ <<= 8;
}

// The interval is wider than 2^24, so one more byte names a number in it, unless the bytes written
// so far do: as they are, if nothing follows them, or with a carry.
void RangeEncoder::finish() {
  if (low_ + range_ > std::uint64_t{RunRange::kMost} + 1) {
    carry();
  } else {
    bytes_.push_back(static_cast<std::byte>((low_ + RunRange::kLeast - 1) >> 24));
  }
  while (!bytes_.empty() && bytes_.back() == std::byte{0}) bytes_.pop_back();
}

}  // namespace tacit
