#include "common/round/node.h"

#include <algorithm>
#include <set>
#include <utility>

#include "common/base/check.h"
#include "common/base/error.h"

namespace tacit {
namespace {

constexpr std::chrono::seconds kCheckpointInterval{10};

}  // namespace

std::vector<ProcessId> peers_of(const Machine& machine, Round round_count) {
  std::set<ProcessId> peers;
  // Machines answer millions of rounds with the same few lists: each is looked through once.
  std::vector<std::pair<const ProcessId*, std::size_t>> seen;
  for (Round round = 0; round < round_count; ++round) {
    const Arcs arcs = machine.arcs(round);
    for (const auto list : {arcs.to, arcs.from}) {
      const std::pair key(list.data(), list.size());
      if (list.empty() || std::ranges::find(seen, key) != seen.end()) continue;
      seen.push_back(key);
      peers.insert(list.begin(), list.end());
    }
  }
  return {peers.begin(), peers.end()};
}

Node::Node(const NodeConfig& config, Machine& machine, const LinkModel& links, Transport& transport,
           NodeEvents events, std::span<const std::byte> checkpoint)
    : config_(config),
      machine_(machine),
      links_(links),
      transport_(transport),
      events_(std::move(events)),
      inbox_(config.self, machine, links, config.round_count,
             config.pace ? std::optional(config.pace->staleness) : std::nullopt),
      reproducible_(!config.pace) {
  for (const ProcessId peer : peers_of(machine, config.round_count)) peers_[peer];
  if (!checkpoint.empty()) {
    CheckpointReader reader(checkpoint);
    restore(reader);
  }
  for (const ProcessId peer : config.ended) {
    peers_.at(peer).reachable = false;
    has_left(peer);
  }
  for (auto& [id, peer] : peers_) send_control(id, peer, PacketKind::hello);
}

void Node::on_packet(const Packet& arrived) {
  const Rejection rejection = codec_.decode(arrived.bytes, incoming_);
  if (rejection != Rejection::none) {
    on_damage(arrived.sender);
    return refuse(name_of(rejection), std::to_string(arrived.bytes.size()) + " bytes");
  }
  const WirePacket& packet = incoming_;
  if (arrived.sender && *arrived.sender != packet.from) {
    return refuse("spoofed_sender",
                  describe(packet.from) + ", but it comes from " + describe(*arrived.sender),
                  *arrived.sender);
  }
  const bool for_rendezvous =
      packet.kind == PacketKind::register_process || packet.kind == PacketKind::policy_request;
  if (for_rendezvous && events_.registration) return events_.registration(packet);
  const auto found = peers_.find(packet.from);
  if (packet.run != config_.run) return refuse("other_run", describe(packet.from), packet.from);
  if (found == peers_.end()) return refuse("unknown_sender", describe(packet.from));
  Peer& peer = found->second;
  if (packet.kind == PacketKind::hello || packet.kind == PacketKind::again) {
    return on_hello(packet, peer);
  }
  if (!peer.greeted) return refuse("no_hello_before", describe(packet.from), packet.from);
  switch (packet.kind) {
    case PacketKind::frame:
      return on_frame(packet, peer);
    case PacketKind::ack:
      if (packet.consumed >= config_.round_count) {
        return refuse(name_of(Admission::beyond_end), describe(packet.from), packet.from);
      }
      peer.frames.covered(packet.covered);
      return acknowledged(packet.from, peer, packet.consumed);
    case PacketKind::done:
      peer.done = true;
      return peer.frames.covered(config_.round_count);
    case PacketKind::refusal:
      return on_refusal(packet);
    case PacketKind::directory:
    case PacketKind::wait:
      return;  // the rendezvous answered twice
    default:
      return refuse("unexpected_kind", describe(packet.from), packet.from);
  }
}

void Node::on_frame(const WirePacket& packet, Peer& peer) {
  const Admission admission = inbox_.offer(packet.from, packet.round, packet.payload, packet.pose);
  if (admission == Admission::accepted || admission == Admission::duplicate ||
      admission == Admission::too_late) {
    acknowledged(packet.from, peer, packet.consumed);
  }
  if (admission == Admission::accepted) return;
  // Its sender waits for the acknowledgement as if the frame had been of use.
  if (admission == Admission::too_late && ++peer.consumed_since_ack >= kFramesPerAck) {
    send_control(packet.from, peer, PacketKind::ack);
  }
  refuse(name_of(admission),
         "round " + std::to_string(packet.round) + " of " + describe(packet.from), packet.from);
}

void Node::acknowledged(ProcessId from, Peer& peer, Round consumed) {
  peer.frames.consumed(consumed);
  hand_over(from, peer);
}

/// Whatever the peer may be given now.
void Node::hand_over(ProcessId to, Peer& peer) {
  while (const ResendBuffer::Frame* frame = peer.frames.next()) {
    if (peer.frames.forgotten() > peer.forgotten_told && !config_.pace) {
      send_control(to, peer, PacketKind::hello);  // else it would wait for what is missing here
    }
    if (transport_.send(to, {frame->bytes.data(), frame->bytes.size()}) == SendOutcome::peer_full) {
      peer.resend_pending = resend_pending_ = true;
      return;
    }
    if (frame->round <= peer.newest_sent) {
      peer.traffic.control += {1, 0, 0, frame->bytes.size()};
    } else {
      peer.newest_sent = frame->round;
      peer.consumed_since_ack = 0;
    }
    peer.frames.sent();
  }
}

void Node::on_connection(const ConnectionChange& change, TimePoint now) {
  const auto found = peers_.find(change.peer);
  if (found == peers_.end()) return;
  Peer& peer = found->second;
  if (!change.up) {
    peer.connected_before = true;  // what it was sent may be lost: it is greeted again
    if (peer.down_since) return;
    peer.down_since = now;
    if (!peer.done) {
      tell("down", change.peer, "the connection to " + describe(change.peer) + " is down");
    }
    return;
  }
  peer.down_since.reset();
  if (peer.connected_before) {
    tell("up", change.peer, "the connection to " + describe(change.peer) + " is up again");
    greet_again(change.peer, peer);
  }
  peer.connected_before = true;
}

bool Node::advance(TimePoint now) {
  now_ = now;
  if (!blocked_since_) blocked_since_ = now;
  if (state_ == State::greeting && all_peers(&Peer::greeted)) start_running(now);
  const Round before = round();
  while (state_ == State::running && inbox_.complete() && window_open() && is_due(now)) {
    run_round();
    if (round() - checkpoint_round_ >= config_.checkpoint_rounds || state_ == State::ended) {
      make_checkpoint(now);
    }
  }
  if (state_ == State::leaving && waiting_for().empty()) state_ = State::finished;
  if (round() != before) {
    blocked_since_ = now;
    reported_at_.reset();
    if (!checkpoint_time_) checkpoint_time_ = now;
    if (state_ == State::running && now - *checkpoint_time_ >= kCheckpointInterval) {
      make_checkpoint(now);
    }
    ask_again();
    return true;
  }
  ask_again();
  if (std::exchange(resend_pending_, false)) {
    for (auto& [id, peer] : peers_) {
      if (peer.resend_pending) greet_again(id, peer);
    }
  }
  if (state_ != State::finished) check_deadlines(now);
  return false;
}

void Node::start_running(TimePoint now) {
  state_ = State::running;
  blocked_since_ = paced_since_ = now;
  paced_from_ = round();
  // Who greets us may still be out of our own reach: from now on that counts as gone.
  for (auto& [id, peer] : peers_) {
    if (!peer.connected_before || peer.down_since) peer.down_since = now;
  }
}

void Node::run_round() {
  const RoundInput input = inbox_.take(output_.pose());
  for (const ProcessId from : inbox_.broke_quiet()) {
    refuse(name_of(Admission::link_quiet), describe(from), from);
  }
  const Round round = input.round;
  settle_last_frames();
  output_.clear();
  run_machine(input);
  history_.add(input, output_.row());
  if (!output_.row().empty()) events_.row(config_.self, round, output_.row());
  overdue_acks_.clear();
  const auto consumed = [&](ProcessId from) {
    if (++peers_.at(from).consumed_since_ack >= kFramesPerAck) overdue_acks_.push_back(from);
  };
  for (const Received& received : input.inbox) consumed(received.from);
  for (const ProcessId from : inbox_.unheard()) consumed(from);
  inbox_.advance();
  if (round == config_.round_count) {
    state_ = State::ended;
    return;
  }
  send_frames(round);
  for (const ProcessId id : overdue_acks_) {
    Peer& peer = peers_.at(id);
    if (peer.consumed_since_ack >= kFramesPerAck) send_control(id, peer, PacketKind::ack);
  }
}

void Node::send_frames(Round round) {
  WirePacket frame{.kind = PacketKind::frame,
                   .run = config_.run,
                   .from = config_.self,
                   .round = round,
                   .consumed = round - 1,
                   .payload = {},
                   .pose = {},
                   .greeting = {},
                   .peers = {},
                   .refusal = {}};
  if (links_.needs_poses()) frame.pose = output_.pose();
  for (const ProcessId to : machine_.arcs(round).to) {
    if (!links_.sends({config_.self, to}, round) || round < inbox_.quiet_until(to)) continue;
    Peer& peer = peers_.at(to);
    frame.payload =
        output_.source() != nullptr ? output_.source()->payload_for(to) : output_.payload_for(to);
    const auto bytes = codec_.encode(frame);
    if (peer.frames.has_room()) {
      peer.frames.push(round, bytes);
    } else {
      TACIT_CHECK(config_.pace || inbox_.is_given_up(to), "a sender waits for its peers");
      peer.frames.push_over(round, bytes);
    }
    const MessageCount data{1, 8 * frame.payload.size(),
                            frame_bytes(config_.self, round, frame.payload.size()), 0};
    if (frame.pose) {
      peer.unsettled = data;
    } else {
      peer.traffic.data += data;
    }
    hand_over(to, peer);
  }
}

/// Links are symmetric where poses decide: who was not heard did not hear either.
void Node::settle_last_frames() {
  if (!links_.needs_poses()) return;
  for (auto& [id, peer] : peers_) {
    if (!peer.unsettled) continue;
    const bool heard = !std::ranges::binary_search(inbox_.unheard(), id);
    peer.traffic.data.add_frame(*peer.unsettled, kPoseBytes, heard);
    peer.unsettled.reset();
  }
}

void Node::run_machine(const RoundInput& input) {
  try {
    machine_.on_round(input, output_);
  } catch (const InputError& error) {
    refuse("bad_payload", error.what());
    throw;
  }
}

void Node::send_control(ProcessId to, Peer& peer, PacketKind kind) {
  if (!peer.reachable) return;
  WirePacket packet;
  packet.kind = kind;
  packet.run = config_.run;
  packet.from = config_.self;
  packet.consumed = consumed();
  packet.covered = covered_;
  if (kind == PacketKind::hello || kind == PacketKind::again) {
    packet.greeting = config_.greeting;
    packet.forgotten = peer.frames.lost();
    peer.forgotten_told = peer.frames.forgotten();
  }
  peer.consumed_since_ack = 0;
  const auto bytes = codec_.encode(packet);
  peer.traffic.control += {1, 0, 0, bytes.size()};
  if (transport_.send(to, bytes) == SendOutcome::peer_full) {
    peer.resend_pending = resend_pending_ = true;
  }
}

/// To whom may have missed what was said last.
void Node::greet_again(ProcessId to, Peer& peer) {
  peer.resend_pending = false;
  send_control(to, peer, PacketKind::hello);
  peer.frames.send_again();
  hand_over(to, peer);
  if (state_ == State::leaving || state_ == State::finished) {
    send_control(to, peer, PacketKind::done);
  }
}

bool Node::all_peers(bool Peer::*property) const {
  return std::ranges::all_of(peers_, [&](const auto& entry) { return entry.second.*property; });
}

void Node::leave(TimePoint now) {
  TACIT_CHECK(state_ == State::ended, "a process leaves after its last round");
  state_ = State::leaving;
  blocked_since_ = now;
  for (auto& [id, peer] : peers_) {
    if (!peer.connected_before) peer.down_since = now;
    send_control(id, peer, PacketKind::done);
  }
}

void Node::has_left(ProcessId id) {
  Peer& peer = peers_.at(id);
  peer.greeted = peer.done = true;
  peer.frames.covered(config_.round_count);
}

std::string Node::describe(ProcessId peer) const {
  return process_name(peer, config_.agent_count, config_.agent_names);
}

std::map<ProcessId, PeerTraffic> Node::traffic() const {
  std::map<ProcessId, PeerTraffic> traffic;
  for (const auto& [id, peer] : peers_) traffic.emplace(id, peer.traffic);
  return traffic;
}

}  // namespace tacit
