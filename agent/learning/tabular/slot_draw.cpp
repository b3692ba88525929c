#include "agent/learning/tabular/slot_draw.h"

#include "common/base/check.h"

namespace tacit {

std::span<const std::uint64_t> SlotWords::next_block(std::size_t slot_count) {
  TACIT_CHECK(slot_count <= kBlockSlotCount, "a block has a fixed size");
  const std::span<std::uint64_t> block = std::span(slots_).first(slot_count);
  stream_.fill(block);
  return block;
}

void SlotWords::refill_events() {
  stream_.fill(events_);
  event_next_ = 0;
}

}  // namespace tacit
