#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "common/rendezvous/registration.h"

namespace tacit {

/// The coordinator's side of a rendezvous by endpoint, pure: who has registered, who is missing,
/// and what everybody is told once all agents are there.
class Registry {
 public:
  Registry(std::uint64_t run, const Greeting& ours, std::size_t agent_count);

  /// Why the sender of a greeting cannot take part, whoever has registered; nothing if it can.
  std::optional<std::string> objection(const WirePacket& packet) const;

  /// Why an agent cannot be registered; nothing if it can. An agent that comes back in a higher
  /// incarnation may be at another endpoint, one of the same incarnation is a second process, and
  /// one of a lower incarnation is what was there before.
  /// @param packet  a REGISTER: greeting, and in `peers` the processes the sender wants to reach
  std::optional<std::string> registration_objection(const WirePacket& packet) const;

  /// Whether an agent was registered, and comes from another endpoint now.
  bool moves(const WirePacket& packet) const;

  /// Registers an agent, or replaces its entry. @pre registration_objection(packet) is nothing
  void admit(const WirePacket& packet);

  std::uint64_t run() const { return run_; }
  ProcessId coordinator() const { return process_id(agent_count_); }

  /// How many agents have registered.
  std::size_t size() const { return entries_.size(); }
  bool complete() const { return entries_.size() == agent_count_; }
  /// Agents that have not registered, ascending.
  std::vector<ProcessId> missing() const;

  /// What an agent is told: the run id and the endpoints it asked for. @pre complete()
  WirePacket directory_for(ProcessId agent) const;

 private:
  struct Entry {
    Greeting greeting;
    std::vector<ProcessId> wanted;
  };
  std::uint64_t run_;
  Greeting ours_;
  std::size_t agent_count_;
  std::map<ProcessId, Entry> entries_;
};

}  // namespace tacit
