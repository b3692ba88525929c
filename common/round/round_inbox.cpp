#include "common/round/round_inbox.h"

#include <algorithm>

#include "common/base/check.h"

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
    case Admission::no_pose:
      return "no_pose";
    case Admission::beyond_end:
      return "beyond_end";
    case Admission::window_full:
      return "window_full";
  }
  return "unknown";
}

RoundInbox::RoundInbox(ProcessId self, const Machine& machine, const LinkModel& links,
                       Round round_count)
    : self_(self), machine_(machine), links_(links), round_count_(round_count) {}

void RoundInbox::begin_at(Round round) {
  waiting_.clear();
  round_ = round;
  expect();
}

Admission RoundInbox::offer(ProcessId from, Round sent, std::span<const std::byte> payload,
                            std::optional<Point> pose) {
  if (sent >= round_count_) return Admission::beyond_end;
  if (sent < round_ - 1) return Admission::duplicate;
  if (!std::ranges::binary_search(machine_.arcs(sent).from, from)) return Admission::not_in_arcs;
  if (!links_.sends({from, self_}, sent)) return Admission::link_down;
  if (links_.needs_poses() && !pose) return Admission::no_pose;
  Waiting& waiting = waiting_[from];
  auto place = waiting.end();
  while (place != waiting.begin() && std::prev(place)->sent >= sent) --place;
  if (place != waiting.end() && place->sent == sent) return Admission::duplicate;
  if (waiting.size() >= kFrameWindow) return Admission::window_full;
  waiting.insert(place, Frame{sent, pose.value_or(Point{}), {payload.begin(), payload.end()}});
  if (sent == round_ - 1) --missing_;
  return Admission::accepted;
}

std::vector<ProcessId> RoundInbox::missing() const {
  std::vector<ProcessId> missing;
  for (const auto& [from, waiting] : expected_) {
    if (waiting->empty() || waiting->front().sent != round_ - 1) missing.push_back(from);
  }
  return missing;
}

RoundInput RoundInbox::take(Point pose) {
  TACIT_CHECK(complete(), "a round's input is taken when every live arc has delivered");
  input_.clear();
  unheard_.clear();
  for (const auto& [from, waiting] : expected_) {
    const Frame& frame = waiting->front();
    if (!links_.hears({from, self_}, frame.sent, frame.pose, pose)) {
      unheard_.push_back(from);
      continue;
    }
    input_.push_back({from, frame.sent, {frame.payload.data(), frame.payload.size()}});
  }
  return {round_, input_};
}

void RoundInbox::advance() {
  for (const auto& [from, waiting] : expected_) waiting->pop_front();
  ++round_;
  expect();
}

void RoundInbox::expect() {
  expected_.clear();
  missing_ = 0;
  for (const ProcessId from : machine_.arcs(round_ - 1).from) {
    if (!links_.sends({from, self_}, round_ - 1)) continue;
    Waiting& waiting = waiting_[from];
    expected_.emplace_back(from, &waiting);
    if (waiting.empty() || waiting.front().sent != round_ - 1) ++missing_;
  }
}

}  // namespace tacit
