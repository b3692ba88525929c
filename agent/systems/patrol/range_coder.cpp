#include "agent/systems/patrol/range_coder.h"

#include <algorithm>

namespace tacit {

void RangeEncoder::repeat_in_parts(KtCounter& counter, bool value, std::size_t count,
                                   std::size_t most) {
  for (std::size_t done = 0; done < most;) {
    if (counter.likelier() != value) {
      code_single(counter, done < count ? value : !value);
      if (done == count) break;
      ++done;
      continue;
    }
    const RunRange run(range_, counter);
    const std::size_t end = std::min(most - done, counter.until_halved());
    std::size_t n = std::min(count - done, end);
    const std::uint32_t lower = n < end ? run.after(n + 1) : 0;
    if (RunRange::is_sharp(lower)) {
      narrow(lower, run.after(n) - lower);
      counter.add(value, n, true);
      break;
    }
    while (!RunRange::is_sharp(run.after(n))) --n;
    narrow(0, run.after(n));
    counter.add(value, n, false);
    done += n;
  }
}

void RangeEncoder::code_single(KtCounter& counter, bool decision) {
  const std::uint32_t lower = RunRange::after_single(range_, counter);
  if (decision == counter.likelier()) {
    narrow(0, lower);
  } else {
    narrow(lower, range_ - lower);
  }
  counter.add(decision, 1, false);
}

// The number written so far is below 1 - range, so some byte can always take the carry.
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

// The interval is wider than 2^24, so one more byte gives a number in it, unless a carry into the
// written bytes does. If those bytes suffice as they are, the added byte is zero.
void RangeEncoder::finish() {
  if (low_ + range_ > std::uint64_t{RunRange::kMost} + 1) {
    carry();
  } else {
    bytes_.push_back(static_cast<std::byte>((low_ + RunRange::kLeast - 1) >> 24));
  }
  while (!bytes_.empty() && bytes_.back() == std::byte{0}) bytes_.pop_back();
}

}  // namespace tacit
