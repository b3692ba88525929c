#pragma once

#include <algorithm>
#include <boost/container/small_vector.hpp>
#include <cstddef>
#include <deque>
#include <span>

#include "common/base/checkpoint.h"
#include "common/base/ids.h"

namespace tacit {

/// Frames a peer may have been given that it has not consumed, and so the most that can wait in an
/// inbox per peer.
inline constexpr std::size_t kFrameWindow = 64;

/// A process makes a checkpoint after so many rounds at most.
inline constexpr Round kCheckpointRoundsMost = 1000;

/// Frames to one peer that none of its checkpoints covers: it keeps two, so this many are enough
/// for nobody to wait as long as everybody makes checkpoints.
inline constexpr std::size_t kResendMost = 3 * kCheckpointRoundsMost + kFrameWindow;

/// What one process has sent to one peer and may have to send again: everything since the older of
/// the peer's two checkpoints. A peer that went back to a checkpoint reads it again from there.
/// Rounds ascend; frames are handed out in order, at most kFrameWindow beyond what was consumed.
class ResendBuffer {
 public:
  /// @pre there is room
  void push(Round round, std::span<const std::byte> bytes);
  /// For a peer that is not waited for: of the frames that it has not been handed the newest
  /// kFrameWindow are kept.
  void push_over(Round round, std::span<const std::byte> bytes);
  bool has_room() const { return kept_.size() < kResendMost && unconsumed() < kFrameWindow; }
  /// The last round whose frame was dropped that way; -1 if none was.
  Round forgotten() const { return forgotten_; }
  /// The last round whose frame was dropped for any reason, and cannot be had again; -1 if none
  /// was.
  Round lost() const { return std::max(forgotten_, covered_); }
  /// The round of the newest frame; -1 without any.
  Round newest() const { return kept_.empty() ? -1 : kept_.back().round; }

  struct Frame {
    Round round;
    boost::container::small_vector<std::byte, 48> bytes;
  };
  /// The next frame to be handed to the transport, or nothing if there is none or the peer has
  /// enough to read. Valid until the next call of another function.
  const Frame* next() const;
  void sent() { ++next_; }
  /// What was handed out since the peer last said what it has read may be lost.
  void send_again() { next_ = first_unconsumed_; }

  /// The peer has read all frames of rounds up to this one, also those that are pushed only later,
  /// by who is going there once more.
  void consumed(Round round);
  /// No checkpoint the peer could go back to needs frames up to this round.
  void covered(Round round);
  /// The peer begins anew after this round: what comes later is handed out again.
  void rewind(Round consumed);

  void save(CheckpointWriter& writer) const;
  void restore(CheckpointReader& reader);

 private:
  void keep(Round round, std::span<const std::byte> bytes);
  void forget(std::size_t index);
  std::size_t unconsumed() const { return kept_.size() - first_unconsumed_; }

  std::deque<Frame> kept_;            ///< ascending rounds
  std::size_t first_unconsumed_ = 0;  ///< in kept_
  std::size_t next_ = 0;              ///< in kept_
  Round read_ = -1;                   ///< by the peer, as it said
  Round forgotten_ = -1;
  Round covered_ = -1;  ///< of the last frame that was dropped because it was covered
};

}  // namespace tacit
