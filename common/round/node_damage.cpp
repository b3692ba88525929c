// What a node does about packets that came damaged.
#include <algorithm>

#include "common/round/node.h"

namespace tacit {

/// Nobody knows whose it was unless connections are authenticated.
void Node::on_damage(std::optional<ProcessId> sender) {
  for (auto& [id, peer] : peers_) {
    if (!sender || *sender == id) peer.understood = false;
  }
  some_suspect_ = true;
}

/// Asks those whom the node waits for, and after a while everybody: what came damaged may have been
/// the greeting of a peer that came back, and that others wait for because it waits for us. A
/// suspicion lasts until the peer greets, so a question or an answer that comes damaged, too, is
/// only a delay.
void Node::ask_again() {
  const auto blocked = now_ - *blocked_since_;
  const bool greeting_late =
      state_ == State::greeting && blocked >= kGreetingInterval && now_ >= greet_again_at_;
  if (!some_suspect_ && !greeting_late) return;
  if (greeting_late) {
    greet_again_at_ = now_ + std::clamp<TimePoint::duration>(blocked / 2, kGreetingInterval,
                                                             kLongestGreetingInterval);
  }
  some_suspect_ = !all_peers(&Peer::understood);
  const std::vector<ProcessId> waited = waiting_for();
  for (auto& [id, peer] : peers_) {
    const bool is_waited = std::ranges::binary_search(waited, id);
    if (peer.understood ? !(greeting_late && is_waited)
                        : !(is_waited || blocked >= kAgainInterval)) {
      continue;
    }
    if (!peer.asked.is_over(consumed(), now_, kAgainInterval)) continue;
    peer.asked = {consumed(), now_};
    send_control(id, peer, PacketKind::again);
  }
}

/// Half the interval: a question that was sent in time is not to be refused because the one before
/// took longer. Nothing for the log: a process that starts late finds many questions.
void Node::answer_again(ProcessId from, Peer& peer, Round consumed) {
  if (!peer.answered.is_over(consumed, now_, kAgainInterval / 2)) {
    ++refused_["asked_too_soon"];
    return;
  }
  peer.answered = {consumed, now_};
  greet_again(from, peer);
}

}  // namespace tacit
