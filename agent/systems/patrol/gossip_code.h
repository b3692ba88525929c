#pragma once

#include <cstddef>
#include <vector>

#include "agent/systems/patrol/delta_model.h"
#include "agent/systems/patrol/reward_bits.h"
#include "common/base/machine.h"

namespace tacit {

/// How a message encodes its new bits. All codes write bits into bytes from the highest down and
/// pad the last byte with zeros; a message without new bits has no bytes, except that `arithmetic`
/// may need some.
enum class GossipCode {
  /// 10 bits for the number of new bits, then 7 for the column and 3 for the zone of each,
  /// ascending by column, then zone.
  list,
  /// Per zone one bit: does it have new bits? If so, its unknown columns from newest to oldest as
  /// lengths of runs of 0, 1, 0, 1 ... (the first may be 0), each as Elias gamma of length + 1; a
  /// later run of zeros of length 0, after the last 1, ends the zone.
  run_lengths,
  /// Every unknown bit is a decision of an adaptive range coder (delta_model.h).
  arithmetic,
};

/// Encodes the new bits as bytes.
/// @param delta    no bit of meeting.known, and none of column meeting.column or later
/// @param model    of this direction, advanced (by `arithmetic` only)
/// @param message  overwritten
/// @return the number of bits that the code took: for `arithmetic`, whose bytes have no spare bits,
/// those of the whole message, else those before the padding
std::size_t write_delta(GossipCode code, const Meeting& contact, const RewardBits& delta,
                        DeltaModel& model, std::vector<std::byte>& message);

/// The bits in a message, and how many bits its code took (write_delta).
struct ReadDelta {
  RewardBits delta;
  std::size_t bits;
};

/// Reads the output of write_delta for the same code, meeting and model; accepts nothing else.
/// @param model  of this direction, advanced; undefined after an exception
/// @throws InputError (peer_lost) naming the sender and the reason: missing or surplus bytes, a bit
/// that both robots know already, of the future or beyond the shape, or an encoding that
/// write_delta does not produce
ReadDelta read_delta(GossipCode code, const Meeting& contact, const Received& received,
                     DeltaModel& model);

}  // namespace tacit
