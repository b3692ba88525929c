#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "common/transport/transport.h"
#include "coordinator/rendezvous/folder_rendezvous.h"
#include "coordinator/rendezvous/registry.h"

namespace tacit {

/// Who meets, and how long it waits for the others.
struct Attendee {
  Registration self;
  std::vector<ProcessId> peers;  ///< whom it must reach, ascending
  std::size_t agent_count = 0;
  std::chrono::milliseconds deadline{60'000};
  std::function<void(const std::string&)> notice;
  std::function<void()> check_signals;  ///< throws to give up
};

/// How the start barrier ended: the run has an id, and the transport is connected to all peers.
struct Meeting {
  std::uint64_t run = 0;
  std::vector<std::vector<std::byte>> early;  ///< packets of peers who were told before us
};

/// Each returns once all peers are known.
/// @throws InputError: peer_absent naming who is missing; mismatch if a peer, or the rendezvous,
///         runs another experiment, release or arithmetic, or has this process already.
Meeting meet_in_folder(const Attendee& attendee, const FolderRendezvous& rendezvous,
                       Transport& transport);

/// An agent's side of a rendezvous by endpoint.
Meeting meet_at_endpoint(const Attendee& attendee, const std::string& endpoint,
                         Transport& transport);

/// The coordinator's side: waits for all agents, then tells everybody.
void host_meeting(const Attendee& attendee, Registry& registry, Transport& transport);

/// Answers one REGISTER: remembers it and connects back, or refuses.
void answer_registration(const WirePacket& packet, Registry& registry, Transport& transport,
                         const std::function<void(const std::string&)>& notice);

}  // namespace tacit
