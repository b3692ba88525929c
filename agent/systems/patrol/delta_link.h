#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "agent/systems/patrol/gossip_code.h"
#include "agent/systems/patrol/reward_bits.h"
#include "common/base/checkpoint.h"
#include "common/base/machine.h"

namespace tacit {

/// One end of an undirected pair of robots that send each other the rewards they know of. R is the
/// set of rewards that this robot knows; K, the same at both ends, holds those of which both robots
/// know that both know them. When the two meet in column i of a rollout, before either has learned
/// anything in that column:
///   send  delta = R \ K;   on delta' from the peer:  K <- K + R + delta',  R <- R + delta'
/// which leaves R as if the peer had sent all of its R. The coders of both directions learn from
/// the messages, in the same way at both ends.
///
/// A sender cannot know whether the peer receives its message, so encode() makes a draft that takes
/// effect only by commit(); a draft without commit() is discarded. K and the coders stay equal at
/// both ends if a whole exchange is lost, but not if one direction alone is. With `lossy`, for the
/// list only, K stays empty: each message has all of R, and any message may be lost or late.
///
/// Uses no clock and no generator; committed state is saved and restored, a draft is made anew.
class DeltaLink {
 public:
  /// @param shape  one whose refusal() is empty
  DeltaLink(GossipShape shape, GossipCode code, bool lossy);

  /// Empties K; the coders keep what they have learned. Both ends begin rollouts in the same round.
  void begin_rollout();

  struct Encoded {
    std::span<const std::byte> bytes;  ///< valid until the next call of encode
    std::size_t bits;                  ///< used by the code (write_delta)
    std::size_t new_bits;              ///< number of rewards in it
  };
  /// Drafts the message of column i.
  /// @param known   R before this column's exchange; only columns 0..i-1 have bits
  /// @param column  i, 1..T0-1
  Encoded encode(const RewardBits& known, std::size_t column);

  struct Heard {
    std::size_t bits;      ///< used by the code (write_delta)
    std::size_t new_bits;  ///< number of rewards in it
  };
  /// Completes the exchange of the draft's column: each end has received the other's message.
  /// @param heard   the peer's message of that column; if lossy, or of an earlier one
  /// @param merged  the peer's bits are added to it
  /// @throws InputError (peer_lost) naming the sender and the reason, if the peer's end cannot have
  /// written this message; link and `merged` are then unchanged
  Heard commit(const Received& heard, RewardBits& merged);

  void save(CheckpointWriter& writer) const;
  void restore(CheckpointReader& reader);

 private:
  GossipCode code_;
  bool lossy_;
  Meeting meeting_;  ///< K, the last contact, and the draft's column (0: there is no draft)
  DeltaModel outgoing_;
  DeltaModel incoming_;
  RewardBits drafted_;           ///< delta of the draft
  DeltaModel drafted_outgoing_;  ///< its state if the draft is committed
  std::vector<std::byte> message_;
};

}  // namespace tacit
