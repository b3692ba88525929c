#include "common/rendezvous/registry.h"

#include "common/base/check.h"

namespace tacit {

Registry::Registry(std::uint64_t run, const Greeting& ours, std::size_t agent_count)
    : run_(run), ours_(ours), agent_count_(agent_count) {}

std::optional<std::string> Registry::objection(const WirePacket& packet) const {
  if (auto why = difference(packet.greeting, ours_, "the coordinator")) return why;
  if (index_of(packet.from) < agent_count_) return std::nullopt;
  return "there is no agent " + to_string(packet.from) + ": ids are 0 to " +
         std::to_string(agent_count_ - 1);
}

std::optional<std::string> Registry::registration_objection(const WirePacket& packet) const {
  if (auto why = objection(packet)) return why;
  for (std::size_t k = 0; k < packet.peers.size(); ++k) {
    const ProcessId peer = packet.peers[k].id;
    if (index_of(peer) > agent_count_ || (k > 0 && peer <= packet.peers[k - 1].id)) {
      return "its list of peers is not one of processes of this run in ascending order";
    }
  }
  const auto found = entries_.find(packet.from);
  if (found == entries_.end()) return std::nullopt;
  const Greeting& known = found->second.greeting;
  const Greeting& theirs = packet.greeting;
  if (theirs.incarnation < known.incarnation) {
    return "agent " + to_string(packet.from) + " has been started again since, at " +
           known.endpoint + ": a process goes on in its own --out folder only";
  }
  if (theirs.incarnation == known.incarnation && theirs.endpoint != known.endpoint) {
    return "agent " + to_string(packet.from) + " is already here, at " + known.endpoint +
           ": every process has its own --id";
  }
  return std::nullopt;
}

bool Registry::moves(const WirePacket& packet) const {
  const auto found = entries_.find(packet.from);
  return found != entries_.end() && found->second.greeting.endpoint != packet.greeting.endpoint;
}

void Registry::admit(const WirePacket& packet) {
  TACIT_CHECK(!registration_objection(packet), "who is refused is not registered");
  Entry& entry = entries_[packet.from];
  entry.greeting = packet.greeting;
  entry.wanted.clear();
  for (const PeerEndpoint& peer : packet.peers) entry.wanted.push_back(peer.id);
}

std::vector<ProcessId> Registry::missing() const {
  std::vector<ProcessId> missing;
  for (std::size_t agent = 0; agent < agent_count_; ++agent) {
    if (!entries_.contains(process_id(agent))) missing.push_back(process_id(agent));
  }
  return missing;
}

WirePacket Registry::directory_for(ProcessId agent) const {
  TACIT_CHECK(complete(), "the directory is sent when everybody is there");
  WirePacket packet;
  packet.kind = PacketKind::directory;
  packet.run = run_;
  packet.from = process_id(agent_count_);
  for (const ProcessId wanted : entries_.at(agent).wanted) {
    const bool coordinator = index_of(wanted) == agent_count_;
    packet.peers.push_back(
        {wanted, coordinator ? ours_.endpoint : entries_.at(wanted).greeting.endpoint});
  }
  return packet;
}

}  // namespace tacit
