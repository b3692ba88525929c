#include "agent/process/meeting.h"

#include <algorithm>
#include <thread>

#include "common/base/error.h"
#include "common/base/printable.h"
#include "common/base/seconds.h"
#include "common/round/round_inbox.h"

namespace tacit {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds kPoll{10};
constexpr std::chrono::milliseconds kLongestPoll{200};
constexpr std::chrono::seconds kReport{10};
constexpr std::chrono::seconds kAskAgain{1};
constexpr std::size_t kMostAnsweredRefusals = 32;
constexpr std::size_t kMostNoticesPerReason = 5;
constexpr std::size_t kMostPoliciesPerAgent = 16;

/// Counts down a deadline and says every ten seconds who is missing.
class Patience {
 public:
  explicit Patience(const Attendee& attendee)
      : attendee_(attendee), start_(Clock::now()), reported_(start_) {}

  Clock::duration passed() const { return Clock::now() - start_; }
  bool is_over() const { return passed() >= attendee_.deadline; }

  /// @param missing  gives the names, if they are needed
  /// @throws InputError (peer_absent) naming `missing` once the deadline has passed.
  template <typename Names>
  void wait_for(const Names& names) {
    attendee_.check_signals();
    attendee_.waiting(names);
    const auto now = Clock::now();
    if (now - start_ < attendee_.deadline && now - reported_ < kReport) return;
    const std::string missing = names();
    const std::string seconds = in_seconds(now - start_);
    if (now - start_ >= attendee_.deadline) {
      throw InputError(ExitCode::peer_absent, missing + " did not come within " + seconds +
                                                  ": start it, or raise time.start_deadline_s");
    }
    reported_ = now;
    attendee_.notice("waiting for " + missing + " for " + seconds);
  }

 private:
  const Attendee& attendee_;
  Clock::time_point start_;
  Clock::time_point reported_;
};

std::string name_of(const Attendee& attendee, ProcessId process) {
  return process_name(process, attendee.agent_count, attendee.agent_names);
}

std::string names_of(const Attendee& attendee, const std::vector<ProcessId>& processes) {
  constexpr std::size_t most = 8;
  std::string names;
  for (std::size_t k = 0; k < std::min(processes.size(), most); ++k) {
    names += (k == 0 ? "" : ", ") + name_of(attendee, processes[k]);
  }
  if (processes.size() > most) {
    names += " and " + std::to_string(processes.size() - most) + " more";
  }
  return names;
}

[[noreturn]] void refuse(const std::string& why) { throw InputError(ExitCode::mismatch, why); }

/// A record that was damaged since its process died may name no endpoint at all.
bool can_connect(Transport& transport, const Registration& registration) {
  try {
    transport.connect(registration.id, registration.greeting.endpoint);
    return true;
  } catch (const InputError&) {
    return false;
  }
}

}  // namespace

Meeting meet_in_folder(const Attendee& attendee, const FolderRendezvous& rendezvous,
                       Transport& transport) {
  rendezvous.publish(attendee.self);
  Meeting meeting{rendezvous.run(), {}, {}};
  std::vector<ProcessId> missing = attendee.peers;
  Patience patience(attendee);
  auto poll = kPoll;
  while (true) {
    std::erase_if(missing, [&](ProcessId peer) {
      if (attendee.is_over && rendezvous.has_ended(peer)) {
        meeting.ended.push_back(peer);
        return true;
      }
      const auto registration = rendezvous.find(peer);
      return registration && can_connect(transport, *registration);
    });
    if (missing.empty()) return meeting;
    patience.wait_for([&] { return names_of(attendee, missing); });
    std::this_thread::sleep_for(poll);
    poll = std::min(2 * poll, kLongestPoll);
  }
}

namespace {

bool answers(const WirePacket& directory, const std::vector<ProcessId>& wanted) {
  return std::ranges::equal(directory.peers, wanted, {}, &PeerEndpoint::id);
}

/// Asks the coordinator every second until `take` says that a packet is the answer, which is then
/// in `packet`; for others `take` gets what came, too.
/// @param codec  holds the answer's payload
template <typename Take>
void ask(const Attendee& attendee, const std::string& endpoint, const WirePacket& question,
         Transport& transport, Codec& codec, WirePacket& packet, const Take& take) {
  const ProcessId coordinator = process_id(attendee.agent_count);
  transport.connect(coordinator, endpoint);
  Patience patience(attendee);
  for (Clock::duration next{0};;) {
    if (patience.passed() >= next) {
      transport.send(coordinator, codec.encode(question));
      next = patience.passed() + kAskAgain;
    }
    const std::string why = transport.handshake_failure(coordinator);
    if (patience.is_over() && !why.empty()) {
      throw InputError(ExitCode::authentication, "the rendezvous at " + endpoint + ": " + why);
    }
    patience.wait_for(
        [&] { return "the rendezvous at " + endpoint + ", or an agent it waits for,"; });
    const auto arrived = transport.receive(kPoll);
    if (!arrived || codec.decode(arrived->bytes, packet) != Rejection::none) continue;
    const bool from_coordinator =
        packet.from == coordinator && arrived->sender.value_or(coordinator) == coordinator;
    if (from_coordinator && packet.kind == PacketKind::refusal) {
      refuse("refused by the coordinator: " + printable(packet.refusal));
    }
    if (take(from_coordinator, *arrived)) return;
  }
}

}  // namespace

std::vector<std::byte> fetch_policy(const Attendee& attendee, const std::string& endpoint,
                                    Transport& transport) {
  Codec codec;
  WirePacket question;
  question.kind = PacketKind::policy_request;
  question.from = attendee.self.id;
  question.greeting = attendee.self.greeting;
  WirePacket answer;
  ask(attendee, endpoint, question, transport, codec, answer,
      [&](bool from_coordinator, const Packet&) {
        return from_coordinator && answer.kind == PacketKind::policy;
      });
  return {answer.payload.begin(), answer.payload.end()};
}

Meeting meet_at_endpoint(const Attendee& attendee, const std::string& endpoint,
                         Transport& transport) {
  const std::size_t most_early = (kFrameWindow + 2) * attendee.peers.size();
  Codec codec;
  WirePacket self;
  self.kind = PacketKind::register_process;
  self.from = attendee.self.id;
  self.greeting = attendee.self.greeting;
  for (const ProcessId peer : attendee.peers) self.peers.push_back({peer, ""});
  Meeting meeting;
  WirePacket directory;
  ask(attendee, endpoint, self, transport, codec, directory,
      [&](bool from_coordinator, const Packet& arrived) {
        if (from_coordinator && directory.kind == PacketKind::directory &&
            answers(directory, attendee.peers)) {
          return true;
        }
        if (meeting.early.size() < most_early) {
          meeting.early.push_back({{arrived.bytes.begin(), arrived.bytes.end()}, arrived.sender});
        }
        return false;
      });
  for (const PeerEndpoint& peer : directory.peers) {
    if (index_of(peer.id) < attendee.agent_count) transport.connect(peer.id, peer.endpoint);
  }
  meeting.run = directory.run;
  return meeting;
}

Host::Host(const Attendee& attendee, std::uint64_t run, PolicyOf policy_of, Transport& transport)
    : attendee_(attendee),
      registry_(run, attendee.self.greeting, attendee.agent_count),
      policy_of_(std::move(policy_of)),
      transport_(transport) {}

void Host::note_refusal(const std::string& reason, const std::string& text) {
  if (++refusals_[reason] <= kMostNoticesPerReason) {
    attendee_.notice("refused at the rendezvous (" + reason + "): " + printable(text));
  }
}

void Host::tell(ProcessId agent) {
  transport_.send(agent, codec_.encode(registry_.directory_for(agent)));
}

void Host::answer(const WirePacket& packet) {
  if (packet.kind == PacketKind::policy_request) {
    send_policy(packet);
  } else {
    register_agent(packet);
  }
}

void Host::send_policy(const WirePacket& packet) {
  if (const auto why = registry_.objection(packet)) return refuse(packet, *why);
  const auto policy = policy_of_(packet.from);
  if (policy.empty()) return refuse(packet, "this experiment's agents need no policies");
  if (++policies_sent_[packet.from] > kMostPoliciesPerAgent) {
    // No packet: who came long before this process has a request of every second in the queue.
    return note_refusal("policy_limit",
                        "agent " + to_string(packet.from) + " has asked for its policy too often");
  }
  WirePacket answer;
  answer.kind = PacketKind::policy;
  answer.run = registry_.run();
  answer.from = registry_.coordinator();
  answer.payload = policy;
  transport_.send_once(packet.from, packet.greeting.endpoint, codec_.encode(answer));
}

void Host::register_agent(const WirePacket& packet) {
  const bool was_complete = registry_.complete();
  const auto why = registry_.admit(packet);
  try {
    if (!why) {
      transport_.connect(packet.from, packet.greeting.endpoint);
      if (was_complete) tell(packet.from);
      return;
    }
  } catch (const InputError& error) {  // an endpoint that is none
    if (!was_complete) registry_.forget(packet.from);
    return note_refusal("bad_endpoint", error.what());
  }
  refuse(packet, *why);
}

void Host::refuse(const WirePacket& packet, const std::string& why) {
  note_refusal("mismatch", packet.greeting.endpoint + ": " + why);
  if (refusals_["mismatch"] > kMostAnsweredRefusals) return;
  WirePacket refusal;
  refusal.kind = PacketKind::refusal;
  refusal.from = registry_.coordinator();
  refusal.refusal = why;
  transport_.send_once(packet.from, packet.greeting.endpoint, codec_.encode(refusal));
}

Meeting Host::meet() {
  WirePacket packet;
  Patience patience(attendee_);
  while (!registry_.complete()) {
    patience.wait_for([&] { return names_of(attendee_, registry_.missing()); });
    const auto arrived = transport_.receive(kPoll);
    if (!arrived) continue;
    const Rejection rejection = codec_.decode(arrived->bytes, packet);
    if (rejection != Rejection::none) {
      note_refusal(std::string(name_of(rejection)),
                   std::to_string(arrived->bytes.size()) + " bytes");
    } else if (arrived->sender && *arrived->sender != packet.from) {
      note_refusal("spoofed_sender", name_of(attendee_, packet.from) +
                                         ", but it comes from process " +
                                         to_string(*arrived->sender));
    } else if (packet.kind != PacketKind::register_process &&
               packet.kind != PacketKind::policy_request) {
      note_refusal("unexpected_kind", name_of(attendee_, packet.from));
    } else {
      answer(packet);
    }
  }
  for (std::size_t agent = 0; agent < attendee_.agent_count; ++agent) tell(process_id(agent));
  return {registry_.run(), {}, {}};
}

}  // namespace tacit
