#include "common/simulation/simulated_network.h"

#include <algorithm>
#include <utility>

namespace tacit {

class SimulatedTransport final : public Transport {
 public:
  SimulatedTransport(SimulatedNetwork& network, ProcessId self) : network_(network), self_(self) {}

  std::string endpoint() const override { return to_string(self_); }
  bool connect(ProcessId peer, const std::string&) override {
    return network_.connect(self_, peer);
  }
  SendOutcome send(ProcessId peer, std::span<const std::byte> bytes) override {
    network_.send(self_, peer, bytes);
    return SendOutcome::queued;
  }
  void send_once(ProcessId to, const std::string&, std::span<const std::byte> bytes) override {
    network_.send(self_, to, bytes);
  }
  std::optional<Packet> receive(std::chrono::milliseconds) override {
    if (!network_.receive(self_, current_)) return std::nullopt;
    return Packet{current_};
  }
  std::vector<ConnectionChange> connection_changes() override {
    return std::exchange(network_.processes_[index_of(self_)].changes, {});
  }
  std::string handshake_failure(ProcessId) const override { return {}; }

 private:
  SimulatedNetwork& network_;
  ProcessId self_;
  std::vector<std::byte> current_;
};

SimulatedNetwork::SimulatedNetwork(std::size_t process_count, const Delays& delays,
                                   std::uint64_t seed)
    : delays_(delays),
      random_(seed, process_id(0), purpose("simulation.network"), 0),
      processes_(process_count) {}

std::uint64_t SimulatedNetwork::draw(std::uint64_t n) {
  std::uint64_t word = random_();
  return split_off(word, n);
}

std::unique_ptr<Transport> SimulatedNetwork::open(ProcessId self) {
  processes_[index_of(self)] = {};
  processes_[index_of(self)].alive = true;
  tell_peers(self, true);
  return std::make_unique<SimulatedTransport>(*this, self);
}

void SimulatedNetwork::kill(ProcessId self) {
  for (const ProcessId peer : processes_[index_of(self)].peers) lose_tail(self, peer);
  processes_[index_of(self)] = {};
  tell_peers(self, false);
}

void SimulatedNetwork::break_connection(ProcessId from, ProcessId to) {
  lose_tail(from, to);
  Process& sender = processes_[index_of(from)];
  sender.changes.push_back({to, false});
  sender.changes.push_back({to, true});
}

/// Whoever was connected to a process that dies or comes back learns of it.
void SimulatedNetwork::tell_peers(ProcessId self, bool up) {
  for (Process& process : processes_) {
    if (std::ranges::find(process.peers, self) == process.peers.end()) continue;
    process.changes.push_back({self, up});
  }
}

bool SimulatedNetwork::connect(ProcessId self, ProcessId peer) {
  Process& process = processes_[index_of(self)];
  if (std::ranges::find(process.peers, peer) != process.peers.end()) return false;
  process.peers.push_back(peer);
  process.changes.push_back({peer, processes_[index_of(peer)].alive});
  return true;
}

void SimulatedNetwork::send(ProcessId from, ProcessId to, std::span<const std::byte> bytes) {
  Process& receiver = processes_[index_of(to)];
  if (!receiver.alive) return;
  Round arrives = now_ms_;
  if (delays_.probability > 0 && to_unit(random_()) < delays_.probability) {
    arrives += 1 + static_cast<Round>(draw(static_cast<std::uint64_t>(delays_.longest_ms)));
    ++delayed_;
  }
  Round& newest = receiver.newest[from];
  newest = std::max(newest, arrives);
  receiver.arriving.emplace(newest, Packet{from, {bytes.begin(), bytes.end()}});
}

bool SimulatedNetwork::receive(ProcessId self, std::vector<std::byte>& bytes) {
  auto& arriving = processes_[index_of(self)].arriving;
  if (arriving.empty() || arriving.begin()->first > now_ms_) return false;
  bytes = std::move(arriving.begin()->second.bytes);
  arriving.erase(arriving.begin());
  return true;
}

void SimulatedNetwork::lose_tail(ProcessId from, ProcessId to) {
  auto& arriving = processes_[index_of(to)].arriving;
  const auto is_of = [from](const auto& entry) { return entry.second.from == from; };
  const auto count = static_cast<std::uint64_t>(std::ranges::count_if(arriving, is_of));
  std::uint64_t kept = draw(count + 1);
  std::erase_if(arriving, [&](const auto& entry) {
    if (!is_of(entry)) return false;
    if (kept == 0) return true;
    --kept;
    return false;
  });
}

}  // namespace tacit
