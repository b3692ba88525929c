#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "common/rendezvous/registration.h"

namespace tacit {

/// The coordinator's state of a rendezvous by endpoint, pure: which agents have registered, which
/// are missing, and the directory that each agent gets once all have registered.
class Registry {
 public:
  Registry(std::uint64_t run, const Greeting& ours, std::size_t agent_count);

  /// Why the sender of a greeting cannot take part, regardless of the registered agents; nothing if
  /// it can.
  std::optional<std::string> objection(const WirePacket& packet) const;

  /// Why an agent cannot be registered; nothing if it can. A registered agent may come back at
  /// another endpoint in a higher incarnation. From another endpoint the same incarnation is a
  /// second process with the same id; a lower incarnation is an earlier life of the agent.
  /// @param packet  a REGISTER: greeting, and in `peers` the processes that the sender must reach
  std::optional<std::string> registration_objection(const WirePacket& packet) const;

  /// Whether a registered agent now registers from another endpoint.
  bool moves(const WirePacket& packet) const;

  /// Registers an agent, or replaces its entry. @pre registration_objection(packet) is nothing
  void admit(const WirePacket& packet);

  std::uint64_t run() const { return run_; }
  ProcessId coordinator() const { return process_id(agent_count_); }

  /// Number of agents that have registered.
  std::size_t size() const { return entries_.size(); }
  bool complete() const { return entries_.size() == agent_count_; }
  /// Agents that have not registered, ascending.
  std::vector<ProcessId> missing() const;

  /// The answer to an agent: the run id and the endpoints it asked for. @pre complete()
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
