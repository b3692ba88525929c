// How a node makes checkpoints, and goes back to one.
#include <algorithm>

#include "common/base/error.h"
#include "common/base/printable.h"
#include "common/round/node.h"

namespace tacit {

Round round_of(std::span<const std::byte> checkpoint) {
  CheckpointReader reader(checkpoint);
  Round round = 0;
  reader.value(round);
  return round;
}

/// What the checkpoint before the last covers is not needed any more, whatever happens.
void Node::make_checkpoint(TimePoint now) {
  checkpoint_round_ = round();
  checkpoint_time_ = now;
  covered_ = last_covered_;
  last_covered_ = std::max<Round>(round() - 2, -1);
  if (events_.checkpoint) {
    CheckpointWriter writer;
    save(writer);
    events_.checkpoint(writer.bytes());
  } else {
    covered_ = last_covered_;
  }
  for (auto& [id, peer] : peers_) send_control(id, peer, PacketKind::ack);
}

/// Where a peer begins another life, and this node learns what the peer cannot give it any more.
void Node::check_return(const WirePacket& hello, Peer& peer, bool is_new) {
  if (config_.pace) return;
  const Round needed = std::max<Round>(round() - 1, 0);
  if (config_.on_overdue == Overdue::close) {
    if (hello.forgotten < needed) return;
    inbox_.let_skip(hello.from);
    reproducible_ = false;
    return;
  }
  if (hello.forgotten >= needed) {
    cannot_go_on(describe(config_.self), round(), describe(hello.from), hello.forgotten);
  }
  if (!is_new || peer.frames.lost() <= hello.consumed || state_ > State::running) return;
  send_control(hello.from, peer, PacketKind::hello);  // it is to know, too
  cannot_go_on(describe(hello.from), hello.consumed + 1, describe(config_.self),
               peer.frames.lost());
}

void Node::cannot_go_on(const std::string& who, Round from, const std::string& whose,
                        Round forgotten) {
  give_up_run(who + " goes on from round " + std::to_string(from) + ", but frames of " + whose +
              " up to round " + std::to_string(forgotten) +
              " are forgotten: put back the folder of " + who +
              " as it was, and resume, or start a new run");
}

/// A peer has found out that the run cannot go on. Whose results are safe is not concerned.
void Node::on_refusal(const WirePacket& packet) {
  if (!is_printable(packet.refusal)) {
    return refuse("bad_refusal", describe(packet.from), packet.from);
  }
  if (state_ <= State::running) give_up_run(std::string(packet.refusal));
}

/// Peers that wait for this process without a deadline would never learn why it is gone.
void Node::give_up_run(const std::string& why) {
  WirePacket packet;
  packet.kind = PacketKind::refusal;
  packet.run = config_.run;
  packet.from = config_.self;
  packet.refusal = why;
  for (const auto& [id, peer] : peers_) {
    if (peer.reachable) transport_.send(id, codec_.encode(packet));
  }
  throw InputError(ExitCode::peer_lost, why);
}

void Node::save(CheckpointWriter& writer) const {
  writer.value(round());
  writer.value(output_.pose());
  writer.value(reproducible_);
  writer.value(history_);
  writer.value(covered_);
  CheckpointWriter machine;
  machine_.save(machine);
  writer.values(std::vector<std::byte>(machine.bytes().begin(), machine.bytes().end()));
  writer.value(peers_.size());
  for (const auto& [id, peer] : peers_) {
    writer.value(id);
    writer.value(peer.traffic);
    writer.value(peer.unsettled.has_value());
    writer.value(peer.unsettled.value_or(MessageCount{}));
    writer.value(inbox_.may_skip(id));
    writer.value(inbox_.quiet_until(id));
    peer.frames.save(writer);
  }
}

void Node::restore(CheckpointReader& reader) {
  Round at = 0;
  Point pose;
  std::vector<std::byte> machine;
  std::size_t peer_count = 0;
  reader.value(at);
  reader.value(pose);
  reader.value(reproducible_);
  reader.value(history_);
  reader.value(covered_);
  reader.values(machine);
  reader.value(peer_count);
  if (at < 0 || at > config_.round_count + 1 || covered_ < -1 ||
      covered_ >= std::max<Round>(at, 1) || peer_count != peers_.size()) {
    throw InputError(ExitCode::run_folder, "the checkpoint is of another run");
  }
  std::vector<ProcessId> skipping;
  std::vector<std::pair<ProcessId, Round>> quiet;
  for (auto& [id, peer] : peers_) {
    ProcessId stored{};
    bool has_unsettled = false, may_skip = false;
    MessageCount unsettled;
    reader.value(stored);
    if (stored != id) throw InputError(ExitCode::run_folder, "the checkpoint is of other peers");
    reader.value(peer.traffic);
    reader.value(has_unsettled);
    reader.value(unsettled);
    if (has_unsettled) peer.unsettled = unsettled;
    reader.value(may_skip);
    if (may_skip && config_.on_overdue != Overdue::close) {
      throw InputError(ExitCode::run_folder,
                       "the checkpoint is of a run that went on without " + describe(id) +
                           ": go on with time.on_overdue = \"close\", or start the run again");
    }
    if (may_skip) skipping.push_back(id);
    Round quiet_until = 0;
    reader.value(quiet_until);
    if (quiet_until < 0 || quiet_until > at + kQuietRoundsMost) {
      throw InputError(ExitCode::run_folder, "the checkpoint is of rounds that nobody knows yet");
    }
    if (quiet_until > 0) quiet.emplace_back(id, quiet_until);
    peer.frames.restore(reader);
    const auto [least, most] = std::minmax({peer.frames.newest(), peer.frames.lost()});
    if (least < -1 || most > config_.round_count) {
      throw InputError(ExitCode::run_folder, "the checkpoint has frames of no round of this run");
    }
    peer.newest_sent = peer.frames.newest();
  }
  CheckpointReader machine_reader(machine);
  machine_.restore(machine_reader);
  output_.set_pose(pose);
  inbox_.begin_at(at);
  for (const ProcessId id : skipping) inbox_.let_skip(id);
  for (const auto& [id, until] : quiet) inbox_.set_quiet_until(id, until);
  if (at > config_.round_count) state_ = State::ended;
  checkpoint_round_ = at;
  // Peers that come back together keep two intervals and have no room for two more: the first HELLO
  // says what the older checkpoint covers, the next checkpoint lets go what this one does.
  last_covered_ = std::max<Round>(at - 2, -1);
}

}  // namespace tacit
