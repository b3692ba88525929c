#include "common/transport/in_process.h"

#include "common/base/check.h"

namespace tacit {

namespace {
constexpr std::size_t kMostQueuedPackets = 1 << 16;
}

class InProcessTransport final : public Transport {
 public:
  InProcessTransport(InProcessNetwork& network, std::string name)
      : network_(network), name_(std::move(name)) {}

  std::string endpoint() const override { return name_; }

  bool connect(ProcessId peer, const std::string& endpoint) override {
    const auto found = peers_.find(peer);
    if (found != peers_.end() && found->second.endpoint == endpoint) return false;
    peers_[peer] = {endpoint, false, 0};
    return true;
  }

  SendOutcome send(ProcessId peer, std::span<const std::byte> bytes) override {
    const auto found = peers_.find(peer);
    TACIT_CHECK(found != peers_.end(), "a peer is connected before anything is sent to it");
    return deliver(found->second.endpoint, bytes);
  }

  void send_once(ProcessId, const std::string& endpoint,
                 std::span<const std::byte> bytes) override {
    deliver(endpoint, bytes);
  }

  std::optional<Packet> receive(std::chrono::milliseconds wait) override {
    std::unique_lock lock(network_.mutex_);
    auto& mailbox = network_.mailboxes_[name_];
    if (wait.count() > 0) {  // a look without waiting stays out of the scheduler
      mailbox.arrived.wait_for(lock, wait, [&] { return !mailbox.packets.empty(); });
    }
    if (mailbox.packets.empty()) return std::nullopt;
    current_ = std::move(mailbox.packets.front());
    mailbox.packets.pop_front();
    return Packet{current_};
  }

  std::vector<ConnectionChange> connection_changes() override {
    const std::scoped_lock lock(network_.mutex_);
    std::vector<ConnectionChange> changes;
    for (auto& [id, peer] : peers_) {
      const std::uint64_t breaks = network_.mailboxes_[peer.endpoint].breaks;
      if (peer.reported && breaks != peer.breaks_seen) changes.push_back({id, false});
      if (!peer.reported || breaks != peer.breaks_seen) changes.push_back({id, true});
      peer.reported = true;
      peer.breaks_seen = breaks;
    }
    return changes;
  }

  std::string handshake_failure(ProcessId) const override { return {}; }

 private:
  struct Peer {
    std::string endpoint;
    bool reported = false;
    std::uint64_t breaks_seen = 0;
  };

  SendOutcome deliver(const std::string& endpoint, std::span<const std::byte> bytes) {
    const std::scoped_lock lock(network_.mutex_);
    auto& mailbox = network_.mailboxes_[endpoint];
    if (mailbox.packets.size() >= kMostQueuedPackets) return SendOutcome::peer_full;
    mailbox.packets.emplace_back(bytes.begin(), bytes.end());
    mailbox.arrived.notify_one();
    return SendOutcome::queued;
  }

  InProcessNetwork& network_;
  std::string name_;
  std::map<ProcessId, Peer> peers_;
  std::vector<std::byte> current_;
};

std::unique_ptr<Transport> InProcessNetwork::open(const std::string& name) {
  return std::make_unique<InProcessTransport>(*this, name);
}

void InProcessNetwork::break_connections_to(const std::string& name) {
  const std::scoped_lock lock(mutex_);
  mailboxes_[name].packets.clear();
  ++mailboxes_[name].breaks;
}

}  // namespace tacit
