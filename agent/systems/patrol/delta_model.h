#pragma once

#include <algorithm>
#include <array>
#include <cstddef>

#include "agent/systems/patrol/kt_counter.h"
#include "agent/systems/patrol/reward_bits.h"

namespace tacit {

/// The state of a pair that both ends know before a message.
struct Meeting {
  GossipShape shape;
  RewardBits known;        ///< K: bits that both know that both know; in columns < last
  std::size_t last = 0;    ///< column of the last exchange in this rollout, 0 if there was none
  std::size_t column = 0;  ///< i >= last, of this message: only columns 0..i-1 can have bits

  /// The columns of a zone that a message may have bits of.
  Columns unknown(std::size_t zone) const { return columns_before(column) & ~known[zone]; }
};

/// Counters for new bits of one zone, by the bit of the column before (2: no such column) and by
/// whether a lower zone has a new bit in this column.
using FreshCounters = std::array<std::array<KtCounter, 2>, 3>;

/// The statistics of one direction of a pair: a counter for every context of DeltaWalk. Starts at
/// zero and lasts over rollouts. No padding.
struct DeltaModel {
  KtCounter stale;
  std::array<KtCounter, RewardBits::kZonesMost> stale_zone;
  /// [previous decision of this walk, 0 at first][age: the newest column, the second, older ones]
  std::array<std::array<KtCounter, 3>, 2> stale_column;
  std::array<FreshCounters, RewardBits::kZonesMost> fresh;
};

/// A message as a sequence of binary decisions, each in a context:
///   1. does it have bits of columns before the last exchange?
///   2. if so, which zones have some; for each such zone, the unknown columns last-1 .. 0;
///   3. for each zone, the columns last .. i-1.
/// The same walk writes, reads or measures, depending on the coder. The coder's one function
///   std::size_t repeat(KtCounter& counter, bool value, std::size_t count, std::size_t most)
/// codes `value` `count` times in one context and then, if count < most, its opposite, and returns
/// the count. A coder that reads (Coder::kReads) finds the count itself and ignores the one given.
template <typename Coder>
class DeltaWalk {
 public:
  DeltaWalk(const Meeting& meeting, DeltaModel& model, Coder& coder)
      : meeting_(meeting), model_(model), coder_(coder) {}

  /// @param delta  the bits to send; ignored if the coder reads
  /// @return the bits of the message
  RewardBits code(const RewardBits& delta) {
    if constexpr (!Coder::kReads) said_ = delta;
    const Columns past = columns_before(meeting_.last);
    if (decide(model_.stale, (delta.any() & past) != 0)) {
      for (std::size_t m = 0; m < meeting_.shape.zones; ++m) {
        if (decide(model_.stale_zone[m], (delta[m] & past) != 0)) code_stale(m, delta[m]);
      }
    }
    // One word suffices for most messages, and is twice as fast.
    if (meeting_.column - meeting_.last < 64) {
      code_fresh<std::uint64_t>(delta);
    } else {
      code_fresh<Columns>(delta);
    }
    return said_;
  }

 private:
  bool decide(KtCounter& counter, bool value) {
    const bool likelier = counter.likelier();
    return coder_.repeat(counter, likelier, value == likelier, 1) == likelier;
  }

  void code_stale(std::size_t zone, Columns bits) {
    const Columns unknown = columns_before(meeting_.last) & ~meeting_.known[zone];
    const std::size_t total = count_of(unknown);
    const bool has_newest = meeting_.last > 0 && has_column(unknown, meeting_.last - 1);
    const bool has_second = meeting_.last > 1 && has_column(unknown, meeting_.last - 2);
    bits = close_up(bits, unknown);
    Columns said = 0;
    bool value = false;
    for (std::size_t left = total; left > 0;) {  // columns 0..left-1 of those closed up
      const bool newest = has_newest && left == total;
      const bool second = has_second && left == total - has_newest;
      const std::size_t most = newest || second ? 1 : left;
      const std::size_t same = left - width_of((value ? ~bits : bits) & columns_before(left));
      KtCounter& counter = model_.stale_column[value][newest ? 0 : second ? 1 : 2];
      const std::size_t ran = coder_.repeat(counter, value, std::min(same, most), most);
      if (value) said |= columns_before(left) & ~columns_before(left - ran);
      left -= ran;
      if (ran == most) continue;
      value = !value;
      --left;
      if (value) said |= Columns{1} << left;
    }
    if constexpr (Coder::kReads) said_.add(zone, spread(said, unknown));
  }

  template <typename Word>
  void code_fresh(const RewardBits& delta) {
    const std::size_t last = meeting_.last;
    Word lower = 0;
    for (std::size_t m = 0; m < meeting_.shape.zones; ++m) {
      const std::size_t before = last == 0 ? 2 : has_column(meeting_.known[m] | said_[m], last - 1);
      const Word bits = static_cast<Word>(delta[m] >> last);
      const Word said = code_fresh_zone(model_.fresh[m], before, bits, lower);
      lower |= said;
      if constexpr (Coder::kReads) said_.add(m, Columns{said} << last);
    }
  }

  /// @param bits   from column `last` on
  /// @param lower  the same columns, where a lower zone has a new bit
  /// @return their bits in the message
  template <typename Word>
  Word code_fresh_zone(FreshCounters& counters, std::size_t before, Word bits, Word lower) {
    const std::size_t end = meeting_.column - meeting_.last;
    Word said = 0;
    for (std::size_t at = 0; at < end;) {
      const bool value = before == 1;
      const bool crowded = (lower >> at) & 1;
      const std::size_t stretch = first_of(Word((crowded ? ~lower : lower) >> at));
      const std::size_t most = before == 2 ? 1 : std::min(stretch, end - at);
      const std::size_t same = first_of(Word((value ? ~bits : bits) >> at));
      const std::size_t ran =
          coder_.repeat(counters[before][crowded], value, std::min(same, most), most);
      if (value) said |= ((Word{1} << ran) - 1) << at;
      at += ran;
      before = value;
      if (ran == most) continue;
      if (!value) said |= Word{1} << at;
      before = !value;
      ++at;
    }
    return Coder::kReads ? said : bits;
  }

  const Meeting& meeting_;
  DeltaModel& model_;
  Coder& coder_;
  RewardBits said_;
};

}  // namespace tacit
