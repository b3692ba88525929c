#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "agent/learning/tabular/tabular_model.h"
#include "common/base/random.h"

namespace tacit {

/// Decodes the random word of one slot: the shock, and from its remaining bits whether the slot is
/// an event, that is, explores, ends with a restart, or both. An event takes one further word for
/// the explored action and the new state.
///
/// The interval [0, 2^64) of the remaining bits is cut as [both | explore only | restart only |
/// neither], so one comparison with the word alone finds the events; probabilities are exact to
/// 2^-48 for up to 65,536 shocks.
class EventCut {
 public:
  /// @pre 0 <= exploration <= 1, 0 <= restart <= 1
  EventCut(double exploration, double restart)
      : both_(threshold(exploration * restart)),
        explores_(threshold(exploration)),
        any_(threshold(exploration + restart - exploration * restart)) {}

  bool is_event(std::uint64_t rest) const { return rest < any_; }
  bool explores(std::uint64_t rest) const { return rest < explores_; }
  bool restarts(std::uint64_t rest) const {
    return rest < both_ || (rest >= explores_ && rest < any_);
  }

 private:
  static std::uint64_t threshold(double probability) {
    if (probability >= 1.0) return ~std::uint64_t{0};
    return static_cast<std::uint64_t>(probability * 0x1p64);
  }

  std::uint64_t both_;
  std::uint64_t explores_;
  std::uint64_t any_;
};

/// @return the legal action that `draw` picks uniformly from the bits of `mask`, at least one set;
/// the remaining bits stay in `draw`.
inline std::size_t draw_legal(std::uint8_t mask, std::uint64_t& draw) {
  static constexpr std::array<std::array<std::uint8_t, 4>, 8> kLegal{
      {{0}, {1, 0}, {1, 1}, {2, 0, 1}, {1, 2}, {2, 0, 2}, {2, 1, 2}, {3, 0, 1, 2}}};
  const auto& actions = kLegal[mask];
  return actions[1 + split_off(draw, actions[0])];
}

/// The random words of consecutive slots: one per slot, in blocks, and one per event, from a
/// separate store, so that the learner need not know in advance which slots are events.
class SlotWords {
 public:
  static constexpr std::size_t kBlockSlotCount = 1024;

  /// @param stream  used by nothing else in this object's life
  explicit SlotWords(RandomStream& stream) : stream_(stream) {}

  /// The words of the next slots, valid until the next call.
  /// @pre slot_count <= kBlockSlotCount
  std::span<const std::uint64_t> next_block(std::size_t slot_count);

  std::uint64_t next_event() {
    if (event_next_ == kEventStoreSize) refill_events();
    return events_[event_next_++];
  }

 private:
  static constexpr std::size_t kEventStoreSize = 128;

  void refill_events();

  RandomStream& stream_;
  std::size_t event_next_ = kEventStoreSize;
  std::array<std::uint64_t, kBlockSlotCount> slots_;
  std::array<std::uint64_t, kEventStoreSize> events_;
};

}  // namespace tacit
