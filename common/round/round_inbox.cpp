#include "common/round/round_inbox.h"

#include <algorithm>

#include "common/base/check.h"
#include "common/round/next_contact.h"

namespace tacit {

std::string_view name_of(Admission admission) {
  switch (admission) {
    case Admission::accepted:
      return "accepted";
    case Admission::duplicate:
      return "duplicate";
    case Admission::not_in_arcs:
      return "not_in_arcs";
    case Admission::link_down:
      return "link_down";
    case Admission::link_quiet:
      return "link_quiet";
    case Admission::no_pose:
      return "no_pose";
    case Admission::beyond_end:
      return "beyond_end";
    case Admission::window_full:
      return "window_full";
    case Admission::too_late:
      return "too_late";
  }
  return "unknown";
}

RoundInbox::RoundInbox(ProcessId self, const Machine& machine, const LinkModel& links,
                       Round round_count, std::optional<Round> staleness)
    : self_(self),
      machine_(machine),
      links_(links),
      round_count_(round_count),
      staleness_(staleness) {}

void RoundInbox::begin_at(Round round) {
  senders_.clear();
  round_ = round;
  expect();
}

Round RoundInbox::quiet_until(ProcessId peer) const {
  const auto known = senders_.find(peer);
  return known == senders_.end() ? 0 : known->second.quiet_until;
}

void RoundInbox::set_quiet_until(ProcessId peer, Round round) {
  senders_[peer].quiet_until = round;
  expect();
}

Admission RoundInbox::offer(ProcessId from, Round sent, std::span<const std::byte> payload,
                            std::optional<Point> pose) {
  if (sent >= round_count_) return Admission::beyond_end;
  if (sent < round_ - 1 - staleness_.value_or(0)) {
    return staleness_ || may_skip(from) ? Admission::too_late : Admission::duplicate;
  }
  if (!std::ranges::binary_search(machine_.arcs(sent).from, from)) return Admission::not_in_arcs;
  if (!links_.sends({from, self_}, sent)) return Admission::link_down;
  if (links_.needs_poses() && !pose) return Admission::no_pose;
  Sender& sender = senders_[from];
  if (sent < sender.quiet_until) return Admission::link_quiet;
  auto& frames = sender.frames;
  auto place = frames.end();
  while (place != frames.begin() && std::prev(place)->sent >= sent) --place;
  if (place != frames.end() && place->sent == sent) return Admission::duplicate;
  if (frames.size() >= kFrameWindow) {
    if (place == frames.end()) return Admission::window_full;
    // Its sender goes back for us and will come to the newest frames again.
    const auto index = place - frames.begin();
    frames.pop_back();
    place = frames.begin() + index;
  }
  const bool was_missing = is_missing(sender);
  frames.insert(place, Frame{sent, pose.value_or(Point{}), {payload.begin(), payload.end()}});
  if (sender.given_up || sender.may_skip) {
    sender.given_up = false;
    expect();
  } else if (was_missing && sent == round_ - 1) {
    --missing_;
  }
  return Admission::accepted;
}

/// Whether the next round has to wait for a sender whom it expects.
bool RoundInbox::is_missing(const Sender& sender) const {
  if (staleness_ || sender.given_up) return false;
  if (sender.frames.empty()) return true;
  return !sender.may_skip && sender.frames.front().sent != round_ - 1;
}

std::vector<ProcessId> RoundInbox::missing() const {
  std::vector<ProcessId> missing;
  for (const auto& [from, sender] : expected_) {
    if (is_missing(*sender)) missing.push_back(from);
  }
  return missing;
}

void RoundInbox::give_up(ProcessId from) {
  Sender& sender = senders_[from];
  sender.given_up = sender.may_skip = true;
  expect();
}

void RoundInbox::let_skip(ProcessId from) {
  senders_[from].may_skip = true;
  expect();
}

bool RoundInbox::is_given_up(ProcessId from) const {
  const auto known = senders_.find(from);
  return known != senders_.end() && known->second.given_up;
}

bool RoundInbox::may_skip(ProcessId from) const {
  const auto known = senders_.find(from);
  return known != senders_.end() && known->second.may_skip;
}

/// What the next round takes from a sender: its newest frame that is not of the future.
const RoundInbox::Frame* RoundInbox::usable(const Sender& sender) const {
  const Frame* newest = nullptr;
  for (const Frame& frame : sender.frames) {
    if (frame.sent >= round_) break;
    newest = &frame;
  }
  return newest;
}

RoundInput RoundInbox::take(Point pose) {
  TACIT_CHECK(complete(), "a round's input is taken when every live arc has delivered");
  input_.clear();
  unheard_.clear();
  broke_quiet_.clear();
  for (const auto& [from, sender] : expected_) {
    const Frame* frame = usable(*sender);
    missed_ += frame == nullptr || frame->sent != round_ - 1;
    if (frame == nullptr) continue;
    if (!links_.hears({from, self_}, frame->sent, frame->pose, pose)) {
      unheard_.push_back(from);
      const Arcs arcs = machine_.arcs(frame->sent);
      keep_quiet(from, *sender,
                 next_contact(links_, arcs, {from, self_}, frame->sent, frame->pose, pose));
      continue;
    }
    input_.push_back({from, frame->sent, {frame->payload.data(), frame->payload.size()}});
  }
  return {round_, input_};
}

void RoundInbox::keep_quiet(ProcessId from, Sender& sender, Round until) {
  if (until <= round_) return;  // or the frame is an old one
  TACIT_CHECK(!staleness_ && !sender.may_skip,
              "only ends that miss no frame agree on when they meet again");
  sender.quiet_until = until;
  const auto breaks = [&](const Frame& frame) {
    return frame.sent >= round_ && frame.sent < until;
  };
  if (std::erase_if(sender.frames, breaks) > 0) broke_quiet_.push_back(from);
}

void RoundInbox::advance() {
  ++round_;
  const auto is_past = [&](const Frame& frame) {
    return frame.sent < round_ - 1 - staleness_.value_or(0);
  };
  for (const auto& [from, sender] : expected_) {
    while (!sender->frames.empty() && is_past(sender->frames.front())) sender->frames.pop_front();
  }
  expect();
}

void RoundInbox::expect() {
  expected_.clear();
  missing_ = 0;
  for (const ProcessId from : machine_.arcs(round_ - 1).from) {
    // An old frame is better than none: `newest` expects something also where the link is down.
    if (!staleness_ && !links_.sends({from, self_}, round_ - 1)) continue;
    Sender& sender = senders_[from];
    if (sender.quiet_until >= round_) continue;
    expected_.emplace_back(from, &sender);
    missing_ += is_missing(sender);
  }
}

}  // namespace tacit
