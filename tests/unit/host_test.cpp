// Goal: the coordinator's side of a rendezvous tells agents to wait on as long as others come, and
// follows one that comes back. Method: a transport that only remembers what it is told.
#include <gtest/gtest.h>

#include "common/base/error.h"
#include "common/process/meeting.h"

namespace tacit {
namespace {

class Ledger final : public Transport {
 public:
  std::string endpoint() const override { return "here"; }
  bool connect(ProcessId peer, const std::string& endpoint) override {
    connected[peer] = endpoint;
    return true;
  }
  SendOutcome send(ProcessId peer, std::span<const std::byte> bytes) override {
    WirePacket packet;
    EXPECT_EQ(codec.decode(bytes, packet), Rejection::none);
    sent.emplace_back(peer, packet.kind);
    return SendOutcome::queued;
  }
  void send_once(ProcessId, const std::string&, std::span<const std::byte> bytes) override {
    WirePacket packet;
    EXPECT_EQ(codec.decode(bytes, packet), Rejection::none);
    refusals += packet.kind == PacketKind::refusal ? 1 : 0;
  }
  std::optional<Packet> receive(std::chrono::milliseconds) override { return std::nullopt; }
  std::vector<ConnectionChange> connection_changes() override { return {}; }
  std::string handshake_failure(ProcessId) const override { return ""; }

  Codec codec;
  std::map<ProcessId, std::string> connected;
  std::vector<std::pair<ProcessId, PacketKind>> sent;
  int refusals = 0;
};

/// A coordinator that has nothing else to say than to wait on.
class Procrastinator final : public Transport {
 public:
  Procrastinator() {
    WirePacket packet;
    packet.kind = PacketKind::wait;
    packet.from = process_id(2);
    const auto bytes = codec.encode(packet);
    wait.assign(bytes.begin(), bytes.end());
  }
  std::string endpoint() const override { return "here"; }
  bool connect(ProcessId, const std::string&) override { return true; }
  SendOutcome send(ProcessId, std::span<const std::byte>) override { return SendOutcome::queued; }
  void send_once(ProcessId, const std::string&, std::span<const std::byte>) override {}
  std::optional<Packet> receive(std::chrono::milliseconds) override {
    if (std::chrono::steady_clock::now() - start > kPatience) throw std::runtime_error("waits on");
    return Packet{wait, process_id(2)};
  }
  std::vector<ConnectionChange> connection_changes() override { return {}; }
  std::string handshake_failure(ProcessId) const override { return ""; }

 private:
  static constexpr std::chrono::seconds kPatience{20};
  Codec codec;
  std::vector<std::byte> wait;
  std::chrono::steady_clock::time_point start = std::chrono::steady_clock::now();
};

class HostTest : public ::testing::Test {
 protected:
  void hear(std::size_t agent, std::uint32_t incarnation, const std::string& endpoint) {
    WirePacket packet;
    packet.kind = PacketKind::register_process;
    packet.from = process_id(agent);
    packet.greeting.incarnation = incarnation;
    packet.greeting.endpoint = endpoint;
    packet.peers = {{process_id(2), ""}};
    host.answer(packet);
  }

  static Attendee attendee() {
    Attendee attendee;
    attendee.self.id = process_id(2);
    attendee.self.greeting.endpoint = "here";
    attendee.agent_count = 2;
    attendee.notice = [](const std::string&) {};
    return attendee;
  }

  Ledger ledger;
  Host host{attendee(), 7, [](ProcessId) { return std::span<const std::byte>(); }, ledger};
};

TEST_F(HostTest, WhoAsksAgainIsToldToWaitIfOthersCameSince) {
  using Sent = std::vector<std::pair<ProcessId, PacketKind>>;
  hear(0, 0, "a");
  EXPECT_EQ(ledger.sent, (Sent{{process_id(0), PacketKind::wait}}));
  hear(0, 0, "a");
  EXPECT_EQ(ledger.sent.size(), 1u) << "nobody came: its deadline goes on";
  hear(1, 0, "b");
  hear(0, 0, "a");
  EXPECT_EQ(ledger.sent.back(), (std::pair{process_id(0), PacketKind::directory}));
}

TEST_F(HostTest, FollowsAnAgentThatComesBackButNotWhereverItIsSent) {
  hear(0, 0, "a");
  hear(0, 1, "elsewhere");
  EXPECT_EQ(ledger.connected[process_id(0)], "elsewhere");
  hear(0, 2, "nowhere");
  EXPECT_EQ(ledger.connected[process_id(0)], "elsewhere") << "a second move in one second";
  hear(0, 0, "a");
  EXPECT_EQ(ledger.connected[process_id(0)], "elsewhere");
  EXPECT_EQ(ledger.refusals, 1) << "the one before it is told so";
}

// An agent ends at its deadline, although it is told to wait again and again.
TEST(MeetAtEndpoint, WaitsOnNoMoreOftenThanThereAreAgents) {
  Attendee attendee;
  attendee.self.id = process_id(0);
  attendee.self.greeting.endpoint = "there";
  attendee.agent_count = 2;
  attendee.deadline = std::chrono::milliseconds(50);
  attendee.notice = [](const std::string&) {};
  attendee.check_signals = [] {};
  attendee.waiting = [](const std::function<std::string()>&) {};
  Procrastinator coordinator;
  try {
    meet_at_endpoint(attendee, "coordinator", coordinator);
    FAIL() << "there is nobody to be met";
  } catch (const InputError& error) {
    EXPECT_EQ(error.code(), ExitCode::peer_absent) << error.what();
  }
}

}  // namespace
}  // namespace tacit
