#include "agent/learning/slot_draw.h"

#include "common/base/check.h"

namespace tacit {

void SlotBlock::draw(std::size_t slot_count, std::size_t shock_count, const EventCut& cut,
                     RandomStream& stream) {
  TACIT_CHECK(slot_count <= kSlotCountMax, "a block has a fixed size");
  slot_count_ = slot_count;
  stream.fill(std::span(words_).first(slot_count));
  std::size_t count = 0;
  for (std::size_t slot = 0; slot < slot_count; ++slot) {
    events_[count] = static_cast<std::uint32_t>(slot);
    // The low half of word * shock_count is what split_off leaves.
    count += cut.is_event(words_[slot] * shock_count);
  }
  event_count_ = count;
  stream.fill(std::span(event_words_).first(count));
}

}  // namespace tacit
