// How a node takes the greetings of its peers, and what it says of their packets in the log.
#include <utility>

#include "common/base/error.h"
#include "common/base/printable.h"
#include "common/round/node.h"

namespace tacit {
namespace {

/// Nobody is started again more often: who says so makes its peers send, and connect, for nothing.
constexpr std::chrono::seconds kLeastLife{1};

}  // namespace

void Node::on_hello(const WirePacket& packet, Peer& peer) {
  const Greeting& theirs = packet.greeting;
  const Greeting& ours = config_.greeting;
  const std::string where = " at " + printable(theirs.endpoint);
  const auto refuse_because = [&](std::string_view reason) {
    refuse(reason, describe(packet.from) + where, packet.from);
  };
  const auto mismatch = [&](std::string_view reason) {
    peer.mismatch = std::string(reason) + where;
    refuse_because(reason);
  };
  if (theirs.protocol_version != ours.protocol_version) return mismatch("other_version");
  if (theirs.config_hash != ours.config_hash) return mismatch("other_config");
  if (theirs.numeric_fingerprint != ours.numeric_fingerprint) {
    return mismatch("other_arithmetic");
  }
  if (peer.incarnation && theirs.incarnation < *peer.incarnation) {
    return refuse_because("old_incarnation");
  }
  if (packet.consumed >= config_.round_count) {
    return refuse(name_of(Admission::beyond_end), describe(packet.from), packet.from);
  }
  const bool is_back = peer.incarnation && theirs.incarnation > *peer.incarnation;
  const bool is_new = !peer.incarnation || is_back;
  if (is_back && peer.back_since && now_ - *peer.back_since < kLeastLife) {
    peer.understood = false;  // it is asked to greet again, and believed a second later
    some_suspect_ = true;
    return refuse_because("back_too_soon");
  }
  bool moved = false;
  try {
    moved = is_new && transport_.connect(packet.from, theirs.endpoint);
  } catch (const InputError& error) {
    return refuse("bad_endpoint", error.what(), packet.from);
  }
  if (is_back) {
    peer.back_since = now_;
    tell("back", packet.from,
         describe(packet.from) + " is back (incarnation " + std::to_string(theirs.incarnation) +
             ") after round " + std::to_string(packet.consumed + 1));
  }
  peer.incarnation = theirs.incarnation;
  if (!std::exchange(peer.greeted, true)) others_came(now_);
  if (packet.kind == PacketKind::hello) peer.understood = true;  // what was lost comes after it
  peer.frames.covered(packet.covered);
  check_return(packet, peer, is_new);
  if (is_new) peer.frames.rewind(packet.consumed);
  if (moved || is_back) return greet_again(packet.from, peer);
  acknowledged(packet.from, peer, packet.consumed);
  if (packet.kind == PacketKind::again) answer_again(packet.from, peer, packet.consumed);
}

void Node::refuse(std::string_view reason, const std::string& what, std::optional<ProcessId> peer) {
  auto found = refused_.find(reason);
  if (found == refused_.end()) found = refused_.emplace(reason, 0).first;
  ++found->second;
  if (reason == name_of(Admission::duplicate)) return;
  tell(reason, peer, "refused a packet (" + std::string(reason) + "): " + what);
}

/// A line that a peer can cause as often as it likes.
void Node::tell(std::string_view kind, std::optional<ProcessId> peer, const std::string& text) {
  std::string key(kind);
  if (peer && peers_.contains(*peer)) key += " " + to_string(*peer);
  if (const auto line = notices_.line(key, text)) events_.notice(*line);
}

}  // namespace tacit
