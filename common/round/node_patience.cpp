// Whom a node waits for, for how long, and what it says then.
#include <algorithm>

#include "common/base/error.h"
#include "common/base/listed.h"
#include "common/base/seconds.h"
#include "common/round/node.h"

namespace tacit {
namespace {

constexpr std::chrono::seconds kReportInterval{10};

}  // namespace

std::string_view name_of(Node::State state) {
  switch (state) {
    case Node::State::greeting:
      return "greeting";
    case Node::State::running:
      return "running";
    default:
      return "leaving";
  }
}

std::vector<ProcessId> Node::waiting_for() const {
  std::vector<ProcessId> missing;
  for (const auto& [id, peer] : peers_) {
    const bool waited =
        (state_ == State::greeting && !peer.greeted) || (state_ == State::leaving && !peer.done) ||
        (state_ == State::running && inbox_.complete() && !config_.pace && !peer.frames.has_room());
    if (waited && !inbox_.is_given_up(id)) missing.push_back(id);
  }
  return state_ == State::running && !inbox_.complete() ? inbox_.missing() : missing;
}

bool Node::window_open() const {
  if (inbox_.round() >= config_.round_count || config_.pace) return true;
  return std::ranges::all_of(machine_.arcs(inbox_.round()).to, [&](ProcessId to) {
    return peers_.at(to).frames.has_room() || inbox_.is_given_up(to);
  });
}

std::optional<TimePoint> Node::next_round_due() const {
  if (!config_.pace || state_ != State::running) return std::nullopt;
  return paced_since_ + (round() - paced_from_) * config_.pace->tick;
}

void Node::check_deadlines(TimePoint now) {
  const auto blocked = now - *blocked_since_;
  if (blocked < std::min<std::chrono::steady_clock::duration>(
                    {kReportInterval, config_.start_deadline, config_.gone_deadline,
                     config_.silent_deadline})) {
    return;
  }
  const auto waiting = waiting_for();
  if (state_ == State::greeting &&
      now - std::max(*blocked_since_, others_came_at_) >= config_.start_deadline) {
    give_up_start(waiting);
  }
  for (const ProcessId id : waiting) {
    const Peer& peer = peers_.at(id);
    const bool gone = peer.down_since && now - *peer.down_since >= config_.gone_deadline;
    if (state_ == State::greeting || !(gone || blocked >= config_.silent_deadline)) continue;
    const std::string what = describe(id) + (gone ? " is gone" : " is silent") + ": round " +
                             std::to_string(inbox_.round()) + " has waited for it for " +
                             in_seconds(blocked);
    if (state_ == State::running && gone) {
      on_gone(id, what);
      continue;
    }
    if (state_ == State::running) throw InputError(ExitCode::peer_lost, what);
    events_.notice("leaving without a word from " + names_of(waiting));
    state_ = State::finished;
    return;
  }
  if (waiting.empty()) return;
  if (now - reported_at_.value_or(*blocked_since_) >= kReportInterval) {
    reported_at_ = now;
    events_.notice("round " + std::to_string(inbox_.round()) + " has waited for " +
                   names_of(waiting) + " for " + in_seconds(blocked));
  }
}

void Node::on_gone(ProcessId id, const std::string& what) {
  if (config_.on_overdue == Overdue::fail) throw InputError(ExitCode::peer_lost, what);
  if (config_.on_overdue == Overdue::wait) return;
  inbox_.give_up(id);
  reproducible_ = false;
  tell("gone", id, what + ": goes on without it");
}

void Node::give_up_start(const std::vector<ProcessId>& absent) const {
  for (const ProcessId id : absent) {
    const Peer& peer = peers_.at(id);
    if (peer.mismatch.empty()) continue;
    throw InputError(ExitCode::mismatch,
                     describe(id) + " does not match (" + peer.mismatch +
                         "): start every process with the same release and experiment");
  }
  for (const ProcessId id : absent) {
    const std::string why = transport_.handshake_failure(id);
    if (!why.empty()) throw InputError(ExitCode::authentication, describe(id) + ": " + why);
  }
  throw InputError(ExitCode::peer_absent, "no greeting from " + names_of(absent) + " within " +
                                              in_seconds(config_.start_deadline) +
                                              ": start it, or check that it reaches " +
                                              config_.greeting.endpoint);
}

std::string Node::names_of(const std::vector<ProcessId>& processes) const {
  return listed(processes.size(), [&](std::size_t k) { return describe(processes[k]); });
}

}  // namespace tacit
