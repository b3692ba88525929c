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

/// Who meets, and how long it waits for the others.
struct Attendee {
  Registration self;
  std::vector<ProcessId> peers;  ///< whom it must reach, ascending
  std::size_t agent_count = 0;
  AgentNames agent_names;
  bool is_over = false;  ///< its last round was over in another life: peers may have ended theirs
  std::chrono::milliseconds deadline{60'000};
  std::function<void(const std::string&)> notice;
  std::function<void()> check_signals;  ///< throws to give up
  /// Called often while it waits, with the names of whom.
  std::function<void(const std::function<std::string()>&)> waiting;
};

/// A packet of a peer who was told before us whom to reach.
struct EarlyPacket {
  std::vector<std::byte> bytes;
  std::optional<ProcessId> sender;
};

/// How the start barrier ended: the run has an id, and the transport is connected to all peers.
struct Meeting {
  std::uint64_t run = 0;
  std::vector<EarlyPacket> early;
  std::vector<ProcessId> ended;  ///< peers that have ended their run: nobody is connected to them
};

/// Each returns once all peers are known. The deadline counts from when the last process of the run
/// came, as far as the waiting one can see: as long as others come, those who are there wait.
/// @throws InputError: peer_absent naming who is missing; mismatch if a peer, or the rendezvous,
///         runs another experiment, release or arithmetic, or has this process already;
///         authentication if the rendezvous is there, but its keys and ours do not fit.
Meeting meet_in_folder(const Attendee& attendee, const FolderRendezvous& rendezvous,
                       Transport& transport);

/// An agent's side of a rendezvous by endpoint. Says again and again that it is there.
Meeting meet_at_endpoint(const Attendee& attendee, const std::string& endpoint,
                         Transport& transport);

/// The policy that an agent needs before it can say whom it must reach. Asks again and again.
/// @return what the rendezvous sent: an artifact, encoded
std::vector<std::byte> fetch_policy(const Attendee& attendee, const std::string& endpoint,
                                    Transport& transport);

/// The artifact that an agent needs, encoded, at most kLongestPolicyBytes; empty if it needs none.
using PolicyOf = std::function<std::span<const std::byte>(ProcessId agent)>;

/// The coordinator's side: who comes is remembered or refused, given the policy it asks for, and
/// told whom to reach once all agents are there. Also answers those who come during the run.
class Host {
 public:
  Host(const Attendee& attendee, std::uint64_t run, PolicyOf policy_of, Transport& transport);

  /// Waits for all agents, then tells everybody.
  /// @throws InputError (peer_absent)
  Meeting meet();

  /// For a coordinator that takes no part in the run: answers agents that come back, until none is
  /// connected any more.
  void serve();

  /// One REGISTER or POLICY_REQUEST at any time. The same agent is sent its policy 16 times at
  /// most: nobody can make this process fill the network.
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
  std::map<ProcessId, std::size_t> told_;  ///< how many agents were there when it was told to wait
};

}  // namespace tacit
