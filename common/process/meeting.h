#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "common/base/agent_names.h"
#include "common/base/notice_limit.h"
#include "common/rendezvous/folder_rendezvous.h"
#include "common/rendezvous/registry.h"
#include "common/transport/transport.h"

namespace tacit {

/// A process at the start barrier: its registration, its peers and how long it waits for them.
struct Attendee {
  Registration self;
  std::vector<ProcessId> peers;  ///< processes that it must reach, ascending
  std::size_t agent_count = 0;
  AgentNames agent_names;
  bool is_over = false;  ///< its last round was over before this start: peers may have ended
  std::chrono::milliseconds deadline{60'000};
  std::function<void(const std::string&)> notice;
  std::function<void()> check_signals;  ///< may throw to abort
  /// Called often while it waits, with a function that names the missing processes.
  std::function<void(const std::function<std::string()>&)> waiting;
};

/// A packet of a peer that got its directory before this process did.
struct EarlyPacket {
  std::vector<std::byte> bytes;
  std::optional<ProcessId> sender;
};

/// How the start barrier ended: the run has an id, and the transport is connected to all peers.
struct Meeting {
  std::uint64_t run = 0;
  std::vector<EarlyPacket> early;
  std::vector<ProcessId> ended;  ///< peers that have ended their run: not connected
};

/// Meets in a rendezvous folder; returns once all peers are known, as the other functions below do.
/// The deadline counts from the last arrival of a process of the run that this process can see: as
/// long as processes arrive, those that are there wait.
/// @throws InputError: peer_absent naming the missing processes; mismatch if a peer, or the
///         rendezvous, runs another experiment, release or arithmetic, or has another process with
///         this id; authentication if the rendezvous can be reached, but its keys do not fit those
///         of this process.
Meeting meet_in_folder(const Attendee& attendee, const FolderRendezvous& rendezvous,
                       Transport& transport);

/// An agent's side of a rendezvous by endpoint: repeats REGISTER until the directory arrives.
Meeting meet_at_endpoint(const Attendee& attendee, const std::string& endpoint,
                         Transport& transport);

/// Fetches the policy that an agent needs before it can name its peers: repeats the request until
/// the policy arrives.
/// @return the artifact that the rendezvous sent, encoded
std::vector<std::byte> fetch_policy(const Attendee& attendee, const std::string& endpoint,
                                    Transport& transport);

/// The artifact that an agent needs, encoded, at most kLongestPolicyBytes; empty if it needs none.
using PolicyOf = std::function<std::span<const std::byte>(ProcessId agent)>;

/// The coordinator's side: registers or refuses agents, sends them the policies they request and,
/// once all agents have registered, their directories. Also answers agents that come back during
/// the run.
class Host {
 public:
  Host(const Attendee& attendee, std::uint64_t run, PolicyOf policy_of, Transport& transport);

  /// Waits until all agents have registered, then sends each its directory.
  /// @throws InputError (peer_absent)
  Meeting meet();

  /// For a coordinator that takes no part in the run: answers agents that come back, until all
  /// agents have disconnected.
  void serve();

  /// Answers one REGISTER or POLICY_REQUEST at any time. An agent gets its policy at most 16 times,
  /// so that no sender can make this process fill the network.
  void answer(const WirePacket& packet);

 private:
  void receive_one();
  void register_agent(const WirePacket& packet);
  bool moves_too_often(const WirePacket& packet);
  void ask_to_wait(ProcessId agent);
  void send_policy(const WirePacket& packet);
  void note_refusal(const std::string& reason, const std::string& text);
  void refuse(const WirePacket& packet, const std::string& why);
  void tell(ProcessId agent);

  const Attendee attendee_;
  Registry registry_;
  PolicyOf policy_of_;
  Transport& transport_;
  Codec codec_;
  std::map<std::string, std::size_t> refusals_;  ///< by reason
  std::map<ProcessId, std::size_t> policies_sent_;
  std::map<ProcessId, std::chrono::steady_clock::time_point> moved_;  ///< to another endpoint
  NoticeLimit notices_;                                               ///< kinds are agents
  std::set<ProcessId> here_;               ///< connected, as far as serve() knows
  std::map<ProcessId, std::size_t> told_;  ///< agents registered when it was told to wait
};

}  // namespace tacit
