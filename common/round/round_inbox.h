#pragma once

#include <boost/container/small_vector.hpp>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "common/base/machine.h"
#include "common/link/link_model.h"
#include "common/round/resend_buffer.h"

namespace tacit {

/// What became of a frame offered to an inbox.
enum class Admission {
  accepted,
  duplicate,    ///< known, or its round is consumed: frames are idempotent
  not_in_arcs,  ///< the sender has no arc to this process in that round
  link_down,    ///< the link carries nothing in that round
  link_quiet,   ///< both ends know that they are out of each other's reach in that round
  no_pose,      ///< the links need the sender's pose, and the frame has none
  beyond_end,   ///< round >= R
  window_full,  ///< kFrameWindow older frames of this sender wait
  too_late,     ///< its round went on without it
};
std::string_view name_of(Admission admission);

/// The frames that reached a process before their round: who may still speak, who is missing, and
/// the next round's input in ascending sender order. Pure; the clock is somebody else's.
///
/// Usually a round is complete when every live arc has delivered. Two things bend that, and the
/// bits of the result with it: `newest` never misses anybody and takes of every sender the newest
/// frame of the last rounds; a sender that was given up is missed no more until it sends a frame
/// of the present, and never again a frame that it has gone beyond.
class RoundInbox {
 public:
  /// @param round_count  R; frames are accepted for rounds 0..R-1
  /// @param staleness    `newest`: rounds that a frame may be older than the last one, in
  ///                     0..kFrameWindow - 1; nothing: every round waits for its own frames
  RoundInbox(ProcessId self, const Machine& machine, const LinkModel& links, Round round_count,
             std::optional<Round> staleness = {});

  /// Begins again with a later round, knowing no frame.
  void begin_at(Round round);

  /// The first round from which on frames are exchanged with a peer: until then both ends know that
  /// they are out of each other's reach.
  Round quiet_until(ProcessId peer) const;
  /// As it was when the state was kept that is begun again with.
  void set_quiet_until(ProcessId peer, Round round);

  /// The round that would be consumed next; starts at 0, for which nothing is needed.
  Round round() const { return round_; }

  /// Keeps a copy of the payload if the frame may be consumed one day.
  /// @param pose  of the sender in that round, if the links need poses
  Admission offer(ProcessId from, Round sent, std::span<const std::byte> payload,
                  std::optional<Point> pose = {});

  bool complete() const { return missing_ == 0; }
  /// Ascending.
  std::vector<ProcessId> missing() const;

  /// Goes on without a sender.
  void give_up(ProcessId from);
  bool is_given_up(ProcessId from) const;
  /// What a sender has gone beyond will not come: it is not waited for when newer frames are there.
  void let_skip(ProcessId from);
  /// Whether a sender was let skip, or given up, once.
  bool may_skip(ProcessId from) const;
  /// Frames that live arcs of past rounds owed and that were not there in time.
  std::uint64_t missed() const { return missed_; }

  /// The input of round(): what was heard. Valid until advance(). @pre complete()
  /// @param pose  of this process in round() - 1; unread unless the links need poses
  RoundInput take(Point pose = {});
  /// Whose frames the last take() left out, ascending: they came, but were not heard.
  std::span<const ProcessId> unheard() const { return unheard_; }
  /// Who had sent frames ahead of time that the last take() dropped: they are of quiet rounds.
  std::span<const ProcessId> broke_quiet() const { return broke_quiet_; }
  /// To be called once the input was used: drops it and turns to the next round.
  void advance();

 private:
  struct Frame {
    Round sent;
    Point pose;
    boost::container::small_vector<std::byte, 56> payload;
  };
  /// What is known of a sender.
  struct Sender {
    std::deque<Frame> frames;  ///< ascending `sent`
    bool given_up = false;     ///< and has not come back
    bool may_skip = false;     ///< it was given up once: what it has gone beyond will not come
    Round quiet_until = 0;
  };

  void expect();
  void keep_quiet(ProcessId from, Sender& sender, Round until);
  bool is_missing(const Sender& sender) const;
  const Frame* usable(const Sender& sender) const;

  ProcessId self_;
  const Machine& machine_;
  const LinkModel& links_;
  Round round_count_;
  std::optional<Round> staleness_;
  Round round_ = 0;
  std::map<ProcessId, Sender> senders_;
  std::vector<std::pair<ProcessId, Sender*>> expected_;  ///< live senders of round_ - 1, ascending
  std::size_t missing_ = 0;
  std::uint64_t missed_ = 0;
  std::vector<Received> input_;
  std::vector<ProcessId> unheard_;
  std::vector<ProcessId> broke_quiet_;
};

}  // namespace tacit
