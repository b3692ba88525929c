#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "agent/systems/patrol/gossip_code.h"
#include "agent/systems/patrol/reward_bits.h"
#include "common/base/checkpoint.h"
#include "common/base/machine.h"

namespace tacit {

/// One end of an undirected pair of robots that tell each other which rewards were earned. R is
/// what a robot knows; K, the same at both ends, is what both know that both know. When the two
/// meet in column i of a rollout, before either has learned anything in that column:
///   send  delta = R \ K;   on delta' from the peer:  K <- K + R + delta',  R <- R + delta'
/// which leaves R as if the peer had sent all of its own. The coders of both directions learn from
/// the messages, at both ends in the same way.
///
/// Whoever sends cannot know whether it is heard, so encode() makes a draft that only commit()
/// takes over; a draft without commit() is forgotten. K and coders bear the loss of whole
/// exchanges, never of one direction alone. With `lossy`, for the list only, K stays empty: each
/// message has all of R, and any of them may be lost or late.
///
/// Without clock or generator; what was committed is saved and restored, a draft is made anew.
class DeltaLink {
 public:
  /// @param shape  without refusal()
  DeltaLink(GossipShape shape, GossipCode code, bool lossy);

  /// Forgets K; the coders keep what they have learned. Both ends begin rollouts together.
  void begin_rollout();

  struct Encoded {
    std::span<const std::byte> bytes;  ///< valid until the next call of encode
    std::size_t bits;                  ///< that the code took (write_delta)
    std::size_t new_bits;              ///< how many rewards it tells
  };
  /// Drafts the message of column i.
  /// @param known   R before this column's exchange; only columns 0..i-1 have bits
  /// @param column  i, 1..T0-1
  Encoded encode(const RewardBits& known, std::size_t column);

  struct Heard {
    std::size_t bits;      ///< that the code took (write_delta)
    std::size_t new_bits;  ///< how many rewards it tells
  };
  /// The exchange of the draft's column took place: both ends have heard each other.
  /// @param heard   the peer's message of that column; if lossy, or of an earlier one
  /// @param merged  gets the bits that the peer told
  /// @throws InputError (peer_lost) naming the sender and the reason, if the peer's end cannot have
  ///         written this; link and `merged` are then as before
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
  DeltaModel drafted_outgoing_;  ///< as it will be if the draft is heard
  std::vector<std::byte> message_;
};

}  // namespace tacit
