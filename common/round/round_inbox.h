#pragma once

#include <boost/container/small_vector.hpp>
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
  no_pose,      ///< the links need the sender's pose, and the frame has none
  beyond_end,   ///< round >= R
  window_full,  ///< more than kFrameWindow frames of this sender wait
};
std::string_view name_of(Admission admission);

/// The frames that reached a process before their round: who may still speak, who is missing, and
/// the next round's input in ascending sender order. Pure; the clock is somebody else's.
class RoundInbox {
 public:
  /// @param round_count  R; frames are accepted for rounds 0..R-1
  RoundInbox(ProcessId self, const Machine& machine, const LinkModel& links, Round round_count);

  /// Begins again with a later round, knowing no frame.
  void begin_at(Round round);

  /// The round that would be consumed next; starts at 0, for which nothing is needed.
  Round round() const { return round_; }

  /// Keeps a copy of the payload if the frame may be consumed one day.
  /// @param pose  of the sender in that round, if the links need poses
  Admission offer(ProcessId from, Round sent, std::span<const std::byte> payload,
                  std::optional<Point> pose = {});

  bool complete() const { return missing_ == 0; }
  /// Ascending.
  std::vector<ProcessId> missing() const;

  /// The input of round(): what was heard. Valid until advance(). @pre complete()
  /// @param pose  of this process in round() - 1; unread unless the links need poses
  RoundInput take(Point pose = {});
  /// Whose frames the last take() left out, ascending: they came, but were not heard.
  std::span<const ProcessId> unheard() const { return unheard_; }
  /// To be called once the input was used: drops it and turns to the next round.
  void advance();

 private:
  struct Frame {
    Round sent;
    Point pose;
    boost::container::small_vector<std::byte, 56> payload;
  };
  using Waiting = std::deque<Frame>;  ///< ascending `sent`

  void expect();

  ProcessId self_;
  const Machine& machine_;
  const LinkModel& links_;
  Round round_count_;
  Round round_ = 0;
  std::map<ProcessId, Waiting> waiting_;
  std::vector<std::pair<ProcessId, Waiting*>> expected_;  ///< live senders of round_ - 1, ascending
  std::size_t missing_ = 0;
  std::vector<Received> input_;
  std::vector<ProcessId> unheard_;
};

}  // namespace tacit
