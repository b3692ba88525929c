// Goal: whatever a connection loses, the frames arrive; a node is bounded, patient as configured,
// and says whom it waits for. No thread and no clock: the test moves packets and time itself.
#include "common/round/node.h"

#include <gtest/gtest.h>

#include "tests/support/driven_nodes.h"
#include "tests/support/test_links.h"

namespace tacit {
namespace {

using std::chrono::seconds;
using Cluster = testing::DrivenNodes;
using testing::expected_digests;
using testing::kComplete;

TEST(Node, BrokenConnectionsLoseNothing) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    SCOPED_TRACE(::testing::Message() << "seed=" << seed);
    RandomStream stream(seed, process_id(0), purpose("test.node"), 0);
    const testing::CoinLinks links(0.6, seed, seed % 3 == 0 ? 5.0 : 0.0);
    Cluster cluster(kComplete, links, 60);
    for (int step = 0; step < 20000 && !cluster.finished(); ++step) {
      const std::uint64_t word = stream();
      if (word % 31 == 0) cluster.network.break_connections_to(std::to_string((word >> 8) % 4));
      cluster.step((word >> 16) % 4, (word >> 24) % 5);
    }
    ASSERT_TRUE(cluster.finished());
    EXPECT_EQ(cluster.digests(), expected_digests(links, 60));
  }
}

// Every packet may come damaged, HELLO, questions and answers included. On odd seeds nothing else
// could heal that; on even ones half of the packets come twice, and connections break. One step is
// a hundredth of the time after which somebody is asked again.
TEST(Node, DamagedPacketsLoseNothing) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    SCOPED_TRACE(::testing::Message() << "seed=" << seed);
    RandomStream stream(seed, process_id(0), purpose("test.node"), 2);
    const testing::CoinLinks links(0.6, seed, seed % 3 == 0 ? 5.0 : 0.0);
    const double corrupt_probability = 0.002 * static_cast<double>(1 + seed % 100);
    Cluster cluster(kComplete, links, 60, {seed % 2 == 0 ? 0.5 : 0.0, corrupt_probability}, seed);
    for (int step = 0; step < 100'000 && !cluster.finished(); ++step) {
      cluster.now += kAgainInterval / 100;
      const std::uint64_t word = stream();
      if (seed % 2 == 0 && word % 301 == 0) {
        cluster.network.break_connections_to(std::to_string((word >> 8) % 4));
      }
      cluster.step((word >> 16) % 4, (word >> 24) % 5);
    }
    ASSERT_TRUE(cluster.finished());
    EXPECT_EQ(cluster.digests(), expected_digests(links, 60));
    std::uint64_t refused = 0;
    std::uint64_t corrupted = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      corrupted += cluster.transports[i]->corrupted();
      const auto& reasons = cluster.nodes[i]->refused();
      if (reasons.contains("bad_checksum")) refused += reasons.at("bad_checksum");
    }
    EXPECT_LE(refused, corrupted) << "what is whole is not refused";
  }
}

// Whoever sends garbage, or asks without end, gets no more than one answer per interval out of it.
TEST(Node, GarbageAndQuestionsAreAnsweredSparingly) {
  const testing::CoinLinks links(1.0);
  Cluster cluster(kComplete, links, 100);
  for (int k = 0; k < 20; ++k) {
    for (const std::size_t i : {0, 1, 2}) cluster.step(i);  // all wait for 3
  }
  const auto said_to = [&](std::size_t peer) {
    return cluster.nodes[0]->traffic().at(process_id(peer)).control.count;
  };
  const std::uint64_t before = said_to(3);
  const std::uint64_t others_before = said_to(1);
  const std::vector<std::byte> garbage(40, std::byte{7});
  for (int k = 0; k < 1000; ++k) {
    cluster.nodes[0]->on_packet({garbage});
    cluster.nodes[0]->advance(cluster.now);
    if (k % 100 == 99) cluster.now += kAgainInterval;
  }
  EXPECT_LE(said_to(3), before + 11);
  EXPECT_GE(said_to(3), before + 10) << "nobody greeted: asked once per interval";
  // It may have been a greeting of 1, which came back and for whom 3 waits: found by `tacit chaos`.
  EXPECT_GE(said_to(1), others_before + 9);
  EXPECT_LE(said_to(1), others_before + 10);

  Codec codec;
  WirePacket question;
  question.kind = PacketKind::again;
  question.run = 42;
  question.from = process_id(1);
  question.greeting.endpoint = "1";
  const std::uint64_t answers = said_to(1);
  for (int k = 0; k < 1000; ++k) cluster.nodes[0]->on_packet({codec.encode(question)});
  EXPECT_EQ(cluster.nodes[0]->refused().at("asked_too_soon"), 999u);
  EXPECT_LE(said_to(1), answers + 1 + kFrameWindow);
}

TEST(Node, StopsAtTheWindowAndGoesOnWithTheAcknowledgement) {
  // Process 0 sends to 1 only; 1 never answers, so nothing but bare ACKs can open the window.
  class OneWay final : public Machine {
   public:
    explicit OneWay(std::size_t self) : self_(self) {}
    Arcs arcs(Round round) const override {
      if (round < 0 || round >= 300) return {};
      return self_ == 0 ? Arcs{one_, {}} : Arcs{{}, zero_};
    }
    void on_round(const RoundInput&, RoundOutput&) override { ++rounds_; }
    void save(CheckpointWriter& writer) const override { writer.value(rounds_); }
    void restore(CheckpointReader& reader) override { reader.value(rounds_); }
    Result result() const override { return {}; }

   private:
    std::size_t self_;
    std::vector<ProcessId> zero_{process_id(0)}, one_{process_id(1)};
    Round rounds_ = 0;
  };
  const testing::CoinLinks links(1.0);
  InProcessNetwork network;
  OneWay sender(0), receiver(1);
  auto out = network.open("0");
  auto in = network.open("1");
  out->connect(process_id(1), "1");
  in->connect(process_id(0), "0");
  const NodeEvents events{[](ProcessId, Round, std::span<const Sample>) {},
                          [](const std::string&) {}};
  Node a(testing::node_config(0, 2, 300), sender, links, *out, events);
  Node b(testing::node_config(1, 2, 300), receiver, links, *in, events);
  const auto pump = [](Transport& transport, Node& node) {
    while (const auto packet = transport.receive(std::chrono::milliseconds(0))) {
      node.on_packet(*packet);
    }
    node.advance({});
  };
  pump(*out, a);
  EXPECT_EQ(a.round(), static_cast<Round>(kFrameWindow)) << "64 frames may be unacknowledged";
  EXPECT_EQ(a.waiting_for(), std::vector{process_id(1)});
  Codec codec;
  WirePacket no_arc{};
  no_arc.run = 42;
  no_arc.from = process_id(1);
  no_arc.round = 100;
  a.on_packet({codec.encode(no_arc)});
  a.advance({});
  EXPECT_EQ(a.refused().at("not_in_arcs"), 1u);
  EXPECT_EQ(a.round(), static_cast<Round>(kFrameWindow)) << "what is refused acknowledges nothing";
  for (int k = 0; k < 100 && a.state() != Node::State::ended; ++k) {
    pump(*in, b);
    pump(*out, a);
  }
  EXPECT_EQ(a.state(), Node::State::ended);
}

// A transport that begins a connection again from nothing says that it was down, though never up.
TEST(Node, GreetsAgainWhoWasNeverReached) {
  const testing::CoinLinks links(1.0);
  Cluster cluster(kComplete, links, 20);
  cluster.network.break_connections_to("1");  // all greetings to process 1 are lost
  for (const std::size_t i : {0, 2, 3}) {
    cluster.nodes[i]->on_connection({process_id(1), false}, cluster.now);
  }
  for (std::size_t step = 0; step < 1000 && !cluster.finished(); ++step) cluster.step(step % 4);
  ASSERT_TRUE(cluster.finished());
  EXPECT_EQ(cluster.digests(), expected_digests(links, 20));
}

TEST(Node, GarbageIsCountedAndChangesNothing) {
  const testing::CoinLinks links(1.0);
  Cluster cluster(kComplete, links, 40);
  RandomStream stream(3, process_id(0), purpose("test.node"), 1);
  for (int step = 0; step < 5000 && !cluster.finished(); ++step) {
    std::vector<std::byte> garbage(stream() % 90);
    for (std::byte& byte : garbage) byte = static_cast<std::byte>(stream());
    cluster.nodes[step % 4]->on_packet({garbage});
    cluster.step(step % 4);
  }
  ASSERT_TRUE(cluster.finished());
  EXPECT_EQ(cluster.digests(), expected_digests(links, 40));
  std::uint64_t refused = 0;
  for (const auto& [reason, count] : cluster.nodes[0]->refused()) refused += count;
  EXPECT_GT(refused, 10u);
}

// Somebody sends in the name of agent 1, ahead of time, who does not keep quiet when it is far
// away.
TEST(Node, CountsWhatIsSaidInQuietRounds) {
  const testing::CoinLinks links(1.0, 1, 5.0);
  Cluster cluster(kComplete, links, 100);
  for (std::size_t step = 0; step < 12; ++step) cluster.step(step % 4);
  Node& node = *cluster.nodes[0];
  ASSERT_EQ(node.state(), Node::State::running);
  Codec codec;
  WirePacket packet;
  packet.kind = PacketKind::frame;
  packet.run = 42;
  packet.from = process_id(1);
  packet.pose = Point{15, 15};
  for (packet.round = node.round() - 1; packet.round < 99; ++packet.round) {
    node.on_packet({codec.encode(packet)});
  }
  for (std::size_t step = 0; step < 100; ++step) cluster.step(step % 4);
  EXPECT_GT(node.refused().at("link_quiet"), 0u);
  EXPECT_NE(std::ranges::find_if(cluster.notices,
                                 [](const std::string& notice) {
                                   return notice.find("link_quiet): agent 1") != notice.npos;
                                 }),
            cluster.notices.end());
}

TEST(Node, RefusesOtherRunsStrangersAndOtherConfigurations) {
  const testing::CoinLinks links(1.0);
  Cluster cluster(kComplete, links, 5);
  Node& node = *cluster.nodes[0];
  Codec codec;
  WirePacket packet;
  packet.run = 42;
  packet.from = process_id(1);
  node.on_packet({codec.encode(packet)});
  EXPECT_EQ(node.refused().at("no_hello_before"), 1u);
  packet.run = 43;
  node.on_packet({codec.encode(packet)});
  EXPECT_EQ(node.refused().at("other_run"), 1u);
  packet.run = 42;
  packet.from = process_id(9);
  node.on_packet({codec.encode(packet)});
  EXPECT_EQ(node.refused().at("unknown_sender"), 1u);
  packet.kind = PacketKind::hello;
  packet.from = process_id(1);
  packet.greeting.endpoint = "1";
  packet.greeting.config_hash = 99;
  node.on_packet({codec.encode(packet)});
  EXPECT_EQ(node.refused().at("other_config"), 1u);
  packet.greeting = {};
  packet.greeting.endpoint = "1";
  packet.greeting.protocol_version = kProtocolVersion + 1;
  node.on_packet({codec.encode(packet)});
  EXPECT_EQ(node.refused().at("other_version"), 1u);
  packet.greeting.protocol_version = kProtocolVersion;
  packet.greeting.numeric_fingerprint = 1;
  node.on_packet({codec.encode(packet)});
  EXPECT_EQ(node.refused().at("other_arithmetic"), 1u);
}

template <typename Action>
void expect_input_error(ExitCode code, const std::string& fragment, Action action) {
  try {
    action();
    FAIL() << "expected an error about " << fragment;
  } catch (const InputError& error) {
    EXPECT_EQ(error.code(), code);
    EXPECT_NE(std::string(error.what()).find(fragment), std::string::npos) << error.what();
  }
}

TEST(Node, NamesWhoIsAbsentAtTheStart) {
  const testing::CoinLinks links(1.0);
  Cluster cluster(kComplete, links, 5);
  cluster.network.break_connections_to("0");  // nobody's greeting arrives
  cluster.step(0);
  cluster.now += seconds(61);
  expect_input_error(ExitCode::peer_absent, "agent 1",
                     [&] { cluster.nodes[0]->advance(cluster.now); });
}

TEST(Node, NamesWhoIsGoneAndWhoIsSilent) {
  const testing::CoinLinks links(1.0);
  for (const bool gone : {true, false}) {
    Cluster cluster(kComplete, links, 100);
    for (int k = 0; k < 20; ++k) {
      for (const std::size_t i : {0, 1, 2, 3}) {
        if (i != 3 || k < 10) cluster.step(i);
      }
    }
    ASSERT_EQ(cluster.nodes[0]->waiting_for(), std::vector{process_id(3)});
    if (gone) cluster.nodes[0]->on_connection({process_id(3), false}, cluster.now);
    cluster.now += seconds(20);
    // A connection that is tried in vain is not down for a shorter time.
    if (gone) cluster.nodes[0]->on_connection({process_id(3), false}, cluster.now);
    cluster.nodes[0]->advance(cluster.now);  // patient, but says so
    EXPECT_NE(cluster.notices.back().find("agent 3"), std::string::npos);
    cluster.now += seconds(gone ? 11 : 3600);
    expect_input_error(ExitCode::peer_lost, gone ? "agent 3 is gone" : "agent 3 is silent",
                       [&] { cluster.nodes[0]->advance(cluster.now); });
  }
}

}  // namespace
}  // namespace tacit
