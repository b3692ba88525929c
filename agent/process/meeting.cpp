#include "agent/process/meeting.h"

#include <algorithm>
#include <thread>

#include "agent/experiment.h"
#include "common/base/error.h"
#include "common/round/round_inbox.h"

namespace tacit {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds kPoll{10};
constexpr std::chrono::milliseconds kLongestPoll{200};
constexpr std::chrono::seconds kReport{10};

/// Counts down a deadline and says every ten seconds who is missing.
class Patience {
 public:
  explicit Patience(const Attendee& attendee)
      : attendee_(attendee), start_(Clock::now()), reported_(start_) {}

  /// @throws InputError (peer_absent) naming `missing` once the deadline has passed.
  void wait_for(const std::string& missing) {
    attendee_.check_signals();
    const auto now = Clock::now();
    const auto seconds =
        std::to_string(std::chrono::duration_cast<std::chrono::seconds>(now - start_).count());
    if (now - start_ >= attendee_.deadline) {
      throw InputError(ExitCode::peer_absent, missing + " did not come within " + seconds +
                                                  " s: start it, or raise time.start_deadline_s");
    }
    if (now - reported_ < kReport) return;
    reported_ = now;
    attendee_.notice("waiting for " + missing + " for " + seconds + " s");
  }

 private:
  const Attendee& attendee_;
  Clock::time_point start_;
  Clock::time_point reported_;
};

std::string names_of(const std::vector<ProcessId>& processes, std::size_t agent_count) {
  constexpr std::size_t most = 8;
  std::string names;
  for (std::size_t k = 0; k < std::min(processes.size(), most); ++k) {
    names += (k == 0 ? "" : ", ") + process_name(processes[k], agent_count);
  }
  if (processes.size() > most) {
    names += " and " + std::to_string(processes.size() - most) + " more";
  }
  return names;
}

[[noreturn]] void refuse(const std::string& why) { throw InputError(ExitCode::mismatch, why); }

}  // namespace

Meeting meet_in_folder(const Attendee& attendee, const FolderRendezvous& rendezvous,
                       Transport& transport) {
  rendezvous.publish(attendee.self);
  std::vector<ProcessId> missing = attendee.peers;
  Patience patience(attendee);
  auto poll = kPoll;
  while (true) {
    std::erase_if(missing, [&](ProcessId peer) {
      const auto registration = rendezvous.find(peer);
      if (!registration) return false;
      const auto why = difference(attendee.self.greeting, registration->greeting,
                                  process_name(peer, attendee.agent_count));
      if (why) refuse(*why);
      transport.connect(peer, registration->greeting.endpoint);
      return true;
    });
    if (missing.empty()) return {rendezvous.run(), {}};
    patience.wait_for(names_of(missing, attendee.agent_count));
    std::this_thread::sleep_for(poll);
    poll = std::min(2 * poll, kLongestPoll);
  }
}

Meeting meet_at_endpoint(const Attendee& attendee, const std::string& endpoint,
                         Transport& transport) {
  Meeting meeting;
  const std::size_t most_early = (kFrameWindow + 2) * attendee.peers.size();
  const ProcessId coordinator = process_id(attendee.agent_count);
  Codec codec;
  WirePacket packet;
  packet.kind = PacketKind::register_process;
  packet.from = attendee.self.id;
  packet.greeting = attendee.self.greeting;
  for (const ProcessId peer : attendee.peers) packet.peers.push_back({peer, ""});
  transport.connect(coordinator, endpoint);
  transport.send(coordinator, codec.encode(packet));
  Patience patience(attendee);
  while (true) {
    const auto bytes = transport.receive(kPoll);
    if (bytes && codec.decode(*bytes, packet) == Rejection::none) {
      if (packet.kind == PacketKind::refusal)
        refuse("refused by the coordinator: " + packet.refusal);
      if (packet.kind == PacketKind::directory) break;
      if (meeting.early.size() < most_early)
        meeting.early.emplace_back(bytes->begin(), bytes->end());
    }
    patience.wait_for("the rendezvous at " + endpoint + ", or an agent it waits for,");
  }
  for (const PeerEndpoint& peer : packet.peers) {
    if (peer.id != coordinator) transport.connect(peer.id, peer.endpoint);
  }
  meeting.run = packet.run;
  return meeting;
}

void answer_registration(const WirePacket& packet, Registry& registry, Transport& transport,
                         const std::function<void(const std::string&)>& notice) {
  const auto why = registry.admit(packet);
  if (!why) {
    transport.connect(packet.from, packet.greeting.endpoint);
    return;
  }
  notice("refused " + packet.greeting.endpoint + ": " + *why);
  Codec codec;
  WirePacket refusal;
  refusal.kind = PacketKind::refusal;
  refusal.from = registry.coordinator();
  refusal.refusal = *why;
  transport.send_once(packet.greeting.endpoint, codec.encode(refusal));
}

void host_meeting(const Attendee& attendee, Registry& registry, Transport& transport) {
  Codec codec;
  WirePacket packet;
  Patience patience(attendee);
  while (!registry.complete()) {
    const auto bytes = transport.receive(kPoll);
    if (!bytes) {
      patience.wait_for(names_of(registry.missing(), attendee.agent_count));
      continue;
    }
    const Rejection rejection = codec.decode(*bytes, packet);
    if (rejection == Rejection::none && packet.kind == PacketKind::register_process) {
      answer_registration(packet, registry, transport, attendee.notice);
    } else {
      attendee.notice("refused a packet at the rendezvous (" + std::string(name_of(rejection)) +
                      ")");
    }
  }
  for (std::size_t agent = 0; agent < attendee.agent_count; ++agent) {
    const ProcessId id = process_id(agent);
    transport.send(id, codec.encode(registry.directory_for(id)));
  }
}

}  // namespace tacit
