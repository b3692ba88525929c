#pragma once

#include <cstddef>
#include <vector>

#include "agent/systems/patrol/delta_model.h"
#include "agent/systems/patrol/reward_bits.h"
#include "common/base/machine.h"

namespace tacit {

/// How a message says which bits are new. All write bits into bytes from the highest down, the last
/// byte filled up with zeros; no new bits are no bytes at all, except that `arithmetic` may spend
/// some to say so.
enum class GossipCode {
  /// 10 bits for how many, then 7 for the column and 3 for the zone of each, ascending by column,
  /// then zone.
  list,
  /// Per zone one bit: does it have new ones? If so, its unknown columns from newest to oldest as
  /// lengths of runs of 0, 1, 0, 1 ... (the first may be 0), each as Elias gamma of length + 1; a
  /// later run of zeros of length 0, after the last 1, ends the zone.
  run_lengths,
  /// Every unknown bit is a decision of an adaptive range coder (delta_model.h).
  arithmetic,
};

/// Writes what is new as bytes.
/// @param delta    has nothing of meeting.known, and nothing of meeting.column or later
/// @param model    of this direction, advanced (by `arithmetic` only)
/// @param message  overwritten
/// @return how many bits the code took: of `arithmetic`, whose bytes have no bits to spare, all of
///         the message, else those before it was filled up to bytes
std::size_t write_delta(GossipCode code, const Meeting& contact, const RewardBits& delta,
                        DeltaModel& model, std::vector<std::byte>& message);

/// What a message says, and how many bits its code took (write_delta).
struct ReadDelta {
  RewardBits delta;
  std::size_t bits;
};

/// Reads what write_delta wrote for the same code, meeting and model; accepts nothing else.
/// @param model  of this direction, advanced; undefined after an exception
/// @throws InputError (peer_lost) naming the sender and the reason: bytes missing or left over, a
///         bit that both know already, of the future or beyond the shape, or a message that
///         says what it says in another way than write_delta does
ReadDelta read_delta(GossipCode code, const Meeting& contact, const Received& received,
                     DeltaModel& model);

}  // namespace tacit
