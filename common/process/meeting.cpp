#include "common/process/meeting.h"

#include <algorithm>
#include <set>
#include <thread>
#include <utility>

#include "common/base/error.h"
#include "common/base/listed.h"
#include "common/base/printable.h"
#include "common/base/seconds.h"
#include "common/process/arrivals.h"
#include "common/round/round_inbox.h"

namespace tacit {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds kPoll{10};
constexpr std::chrono::milliseconds kLongestPoll{1000};
constexpr std::chrono::milliseconds kListen{100};
constexpr std::chrono::seconds kReport{10};
constexpr std::chrono::seconds kAskAgain{1};
constexpr std::chrono::seconds kLongestAskAgain{10};
constexpr std::chrono::seconds kMoveInterval{1};
constexpr std::chrono::seconds kLastAgentMayComeBack{5};
constexpr std::size_t kMostAnsweredRefusals = 32;
constexpr std::size_t kMostNoticesPerReason = 5;
constexpr std::size_t kMostPoliciesPerAgent = 16;

/// Counts down a deadline from the last arrival of a process, and reports every ten seconds which
/// processes are missing.
class Patience {
 public:
  explicit Patience(const Attendee& attendee)
      : attendee_(attendee), start_(Clock::now()), last_came_(start_), reported_(start_) {}

  Clock::duration passed() const { return Clock::now() - start_; }
  bool is_over() const { return Clock::now() - last_came_ >= attendee_.deadline; }
  void somebody_came() { last_came_ = Clock::now(); }

  /// @param missing  gives the names, if they are needed
  /// @throws InputError (peer_absent) naming `missing` once the deadline has passed.
  template <typename Names>
  void wait_for(const Names& names) {
    attendee_.check_signals();
    attendee_.waiting(names);
    const auto now = Clock::now();
    const bool over = now - last_came_ >= attendee_.deadline;
    if (!over && now - reported_ < kReport) return;
    const std::string missing = names();
    const std::string seconds = in_seconds(now - start_);
    if (over) {
      throw InputError(ExitCode::peer_absent, missing + " did not come within " + seconds +
                                                  ": start it, or raise time.start_deadline_s");
    }
    reported_ = now;
    attendee_.notice("waiting for " + missing + " for " + seconds);
  }

 private:
  const Attendee& attendee_;
  Clock::time_point start_;
  Clock::time_point last_came_;
  Clock::time_point reported_;
};

std::string name_of(const Attendee& attendee, ProcessId process) {
  return process_name(process, attendee.agent_count, attendee.agent_names);
}

std::string names_of(const Attendee& attendee, const std::vector<ProcessId>& processes) {
  return listed(processes.size(), [&](std::size_t k) { return name_of(attendee, processes[k]); });
}

[[noreturn]] void refuse(const std::string& why) { throw InputError(ExitCode::mismatch, why); }

/// False if the endpoint is invalid: the record may have been damaged since its process died.
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
  Arrivals arrivals(rendezvous, attendee.deadline);
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
    if (arrivals.more_have_come(Clock::now())) patience.somebody_came();
    patience.wait_for([&] { return names_of(attendee, missing); });
    // A thousand waiting processes must leave the processor to those that start.
    std::this_thread::sleep_for(
        std::clamp<Clock::duration>(patience.passed() / 10, kPoll, kLongestPoll));
  }
}

namespace {

bool answers(const WirePacket& directory, const std::vector<ProcessId>& wanted) {
  return std::ranges::equal(directory.peers, wanted, {}, &PeerEndpoint::id);
}

/// Repeats `question` to the coordinator until `take` returns true for a received packet, which is
/// then in `packet`. `take` also gets packets of other senders.
/// @param codec  holds the answer's payload
template <typename Take>
void ask(const Attendee& attendee, const std::string& endpoint, const WirePacket& question,
         Transport& transport, Codec& codec, WirePacket& packet, const Take& take) {
  const ProcessId coordinator = process_id(attendee.agent_count);
  transport.connect(coordinator, endpoint);
  Patience patience(attendee);
  std::size_t waits = 0;
  for (Clock::duration next{0};;) {
    if (patience.passed() >= next) {
      transport.send(coordinator, codec.encode(question));
      next = patience.passed() +
             std::clamp<Clock::duration>(patience.passed() / 4, kAskAgain, kLongestAskAgain);
    }
    const std::string why = transport.handshake_failure(coordinator);
    if (patience.is_over() && !why.empty()) {
      throw InputError(ExitCode::authentication, "the rendezvous at " + endpoint + ": " + why);
    }
    patience.wait_for(
        [&] { return "the rendezvous at " + endpoint + ", or an agent it waits for,"; });
    const auto arrived = transport.receive(kListen);
    if (!arrived || codec.decode(arrived->bytes, packet) != Rejection::none) continue;
    const bool from_coordinator =
        packet.from == coordinator && arrived->sender.value_or(coordinator) == coordinator;
    if (from_coordinator && packet.kind == PacketKind::refusal) {
      refuse("refused by the coordinator: " + printable(packet.refusal));
    }
    if (from_coordinator && packet.kind == PacketKind::wait) {
      // The coordinator sends WAIT when further agents have registered: at most once for each
      // agent.
      if (++waits <= attendee.agent_count) patience.somebody_came();
    } else if (take(from_coordinator, *arrived)) {
      return;
    }
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
    // No packet: an agent that came long before this process has many requests in the queue.
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
  if (const auto why = registry_.registration_objection(packet)) return refuse(packet, *why);
  if (registry_.moves(packet)) {
    if (moves_too_often(packet)) return;
  }
  try {
    transport_.connect(packet.from, packet.greeting.endpoint);
  } catch (const InputError& error) {  // an invalid endpoint
    return note_refusal("bad_endpoint", error.what());
  }
  here_.erase(packet.from);  // until it is connected there
  const bool was_complete = registry_.complete();
  registry_.admit(packet);
  if (was_complete) {
    tell(packet.from);
  } else {
    ask_to_wait(packet.from);
  }
}

/// An agent that is started again repeats its REGISTER, so that one which is ignored for a second
/// loses little.
bool Host::moves_too_often(const WirePacket& packet) {
  const auto now = Clock::now();
  const auto [last, first] = moved_.try_emplace(packet.from, now);
  if (!first && now - last->second < kMoveInterval) return true;
  last->second = now;
  const auto line =
      notices_.line("moved " + to_string(packet.from),
                    name_of(attendee_, packet.from) + " is back (incarnation " +
                        std::to_string(packet.greeting.incarnation) + "), at another endpoint");
  if (line) attendee_.notice(*line);
  return false;
}

/// Sends WAIT only if more agents are registered than at the agent's last WAIT: the agent's
/// deadline starts again with each.
void Host::ask_to_wait(ProcessId agent) {
  if (std::exchange(told_[agent], registry_.size()) == registry_.size()) return;
  WirePacket answer;
  answer.kind = PacketKind::wait;
  answer.run = registry_.run();
  answer.from = registry_.coordinator();
  transport_.send(agent, codec_.encode(answer));
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
  Patience patience(attendee_);
  while (!registry_.complete()) {
    patience.wait_for([&] { return names_of(attendee_, registry_.missing()); });
    const std::size_t before = registry_.size();
    receive_one();
    if (registry_.size() > before) patience.somebody_came();
  }
  for (std::size_t agent = 0; agent < attendee_.agent_count; ++agent) tell(process_id(agent));
  return {registry_.run(), {}, {}};
}

void Host::serve() {
  std::set<ProcessId> ever_here;
  auto left_alone = Clock::now();
  const auto is_over = [&] {
    const bool all_came = ever_here.size() == attendee_.agent_count;
    const auto grace = std::min<Clock::duration>(
        attendee_.deadline, all_came ? kLastAgentMayComeBack : Clock::duration::max());
    return here_.empty() && Clock::now() - left_alone >= grace;
  };
  while (!is_over()) {
    attendee_.check_signals();
    attendee_.waiting([] { return std::string("the end of all agents"); });
    receive_one();
    for (const ConnectionChange& change : transport_.connection_changes()) {
      if (change.up) {
        ever_here.insert(change.peer);
        here_.insert(change.peer);
      } else {
        here_.erase(change.peer);
      }
    }
    if (!here_.empty()) left_alone = Clock::now();
  }
}

void Host::receive_one() {
  const auto arrived = transport_.receive(kListen);
  if (!arrived) return;
  WirePacket packet;
  const Rejection rejection = codec_.decode(arrived->bytes, packet);
  if (rejection != Rejection::none) {
    note_refusal(std::string(name_of(rejection)), std::to_string(arrived->bytes.size()) + " bytes");
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

}  // namespace tacit
