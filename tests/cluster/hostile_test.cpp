// Goal: whatever an authenticated peer, a member of the experiment that has no business here, or a
// stranger below ZeroMQ's protocol says to a node: every packet and connection is refused and
// counted by its reason, the node lives, and the run ends with the digest of a run in peace.
// Method: four nodes with keys over tcp, driven by hand, one round or so for each batch of hostile
// packets; the counts are exact. TACIT_HOSTILE_PAYLOADS and TACIT_HOSTILE_CONNECTIONS make it long.
#include <gtest/gtest.h>

#include <cstdlib>
#include <cstring>
#include <numeric>

#include "common/transport/zmq.h"
#include "common/wire/crc32c.h"
#include "tests/support/folding_machine.h"
#include "tests/support/keyrings.h"
#include "tests/support/node_cluster.h"
#include "tests/support/raw_connection.h"
#include "tests/support/test_links.h"

namespace tacit {
namespace {

using std::chrono::milliseconds;
using testing::RawConnection;

constexpr std::size_t kNodes = 4;
constexpr ProcessId kVictim = process_id(0);
constexpr ProcessId kPeer = process_id(1);
constexpr ProcessId kBystander = process_id(kNodes);  // a member that is nobody's neighbour
constexpr Round kRounds = 300;
constexpr Round kLastRoundUnderAttack = 250;
constexpr std::size_t kBatch = 100;
constexpr std::uint64_t kSeed = 5;

std::size_t count_from(const char* variable, std::size_t usual) {
  const char* const text = std::getenv(variable);
  return text == nullptr ? usual : std::strtoull(text, nullptr, 10);
}

template <typename Counts>
std::uint64_t sum(const Counts& counts) {
  return std::accumulate(
      counts.begin(), counts.end(), std::uint64_t{0},
      [](std::uint64_t total, const auto& entry) { return total + entry.second; });
}

class Hostile : public ::testing::Test {
 protected:
  Hostile() {
    for (std::size_t i = 0; i < kNodes; ++i) {
      machines.push_back(std::make_unique<testing::FoldingMachine>(graph, process_id(i), kRounds));
      transports.push_back(open(keys[i]));
    }
    for (std::size_t i = 0; i < kNodes; ++i) {
      for (const ProcessId peer : peers_of(*machines[i], kRounds)) {
        transports[i]->connect(peer, transports[index_of(peer)]->endpoint());
      }
      NodeConfig config = testing::node_config(i, kNodes, kRounds);
      config.greeting.endpoint = transports[i]->endpoint();
      nodes.push_back(std::make_unique<Node>(
          config, *machines[i], links, *transports[i],
          NodeEvents{[](ProcessId, Round, std::span<const Sample>) {},
                     [this](const std::string& notice) { notices.push_back(notice); }}));
    }
  }

  std::unique_ptr<ZmqTransport> open(const Keyring& keyring) {
    ZmqOptions options;
    options.peer_count = kNodes + 1;
    options.longest_packet_bytes = kLongestPacketBytes;
    options.keys = keyring;
    options.notice = [this](const std::string& notice) { notices.push_back(notice); };
    return std::make_unique<ZmqTransport>(options);
  }

  std::unique_ptr<ZmqTransport> attacker(ProcessId with_the_key_of) {
    auto transport = open(keys[index_of(with_the_key_of)]);
    transport->connect(kVictim, transports[0]->endpoint());
    return transport;
  }

  /// Everything that waits at the node, and then what it can do.
  void step(std::size_t i) {
    while (const auto packet = transports[i]->receive(milliseconds(0))) {
      nodes[i]->on_packet(*packet);
    }
    const auto now = std::chrono::steady_clock::now();
    for (const auto& change : transports[i]->connection_changes()) {
      nodes[i]->on_connection(change, now);
    }
    nodes[i]->advance(now);
    if (nodes[i]->state() == Node::State::ended) nodes[i]->leave(now);
  }
  void step_all() {
    for (std::size_t i = 0; i < kNodes; ++i) step(i);
  }

  /// Only the run's last neighbour is held back, so that the others still wait for it.
  void start() {
    for (std::size_t i = 0; i < kNodes; ++i) step(i);
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes(1);
    while (victim().state() == Node::State::greeting) {
      ASSERT_LT(std::chrono::steady_clock::now(), deadline);
      step_all();
    }
  }

  void send(ZmqTransport& from, std::span<const std::byte> bytes) {
    while (from.send(kVictim, bytes) == SendOutcome::peer_full) step(0);
    ++sent;
  }

  std::uint64_t refused_for(const std::string& reason) {
    return victim().refused().contains(reason) ? victim().refused().at(reason) : 0;
  }
  /// All but duplicates: a peer that was asked to say it again may say what is known already.
  std::uint64_t refused_lies() { return sum(victim().refused()) - refused_for("duplicate"); }

  /// Steps the victim until it has refused all that was sent to it.
  void expect_all_refused() {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (refused_lies() < sent && std::chrono::steady_clock::now() < deadline) step(0);
    ASSERT_EQ(refused_lies(), sent);
  }

  void expect_one(const std::string& reason, ZmqTransport& from, const WirePacket& packet) {
    const auto before = refused_for(reason);
    send(from, codec.encode(packet));
    expect_all_refused();
    EXPECT_EQ(refused_for(reason), before + 1) << reason;
  }

  /// Before anything that makes peers say something again.
  void expect_replay_refused(ZmqTransport& from, const WirePacket& packet) {
    const auto before = refused_for("duplicate");
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    send(from, codec.encode(packet));
    --sent;  // counted apart
    while (refused_for("duplicate") == before && std::chrono::steady_clock::now() < deadline) {
      step(0);
    }
    EXPECT_EQ(refused_for("duplicate"), before + 1);
  }

  /// Ends the run and compares it with one that nobody disturbed.
  void expect_the_same_bits() {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes(2);
    const auto finished = [](const auto& node) { return node->state() == Node::State::finished; };
    while (!std::ranges::all_of(nodes, finished)) {
      ASSERT_LT(std::chrono::steady_clock::now(), deadline) << "round " << victim().round();
      step_all();
    }
    EXPECT_EQ(refused_lies(), sent);
    std::vector<std::unique_ptr<Machine>> in_peace;
    for (std::size_t i = 0; i < kNodes; ++i) {
      in_peace.push_back(std::make_unique<testing::FoldingMachine>(graph, process_id(i), kRounds));
    }
    const auto expected = testing::lockstep_end(std::move(in_peace), links, kRounds, 1).digests;
    for (std::size_t i = 0; i < kNodes; ++i) EXPECT_EQ(nodes[i]->digest(), expected[i]) << i;
  }

  Node& victim() { return *nodes[0]; }

  const Graph graph{4, {{0, 1}, {0, 2}, {0, 3}, {1, 2}, {1, 3}, {2, 3}}};
  const testing::CoinLinks links{0.7, kSeed};
  const std::vector<Keyring> keys = testing::keyrings(kNodes + 1);
  std::vector<std::unique_ptr<Machine>> machines;
  std::vector<std::unique_ptr<ZmqTransport>> transports;
  std::vector<std::unique_ptr<Node>> nodes;
  std::vector<std::string> notices;
  std::uint64_t sent = 0;
  Codec codec;
};

/// A packet that means something, from anybody.
WirePacket some_packet(RandomStream& stream) {
  WirePacket packet;
  constexpr PacketKind kKinds[] = {PacketKind::frame,     PacketKind::hello,
                                   PacketKind::ack,       PacketKind::done,
                                   PacketKind::directory, PacketKind::register_process,
                                   PacketKind::again};
  packet.kind = kKinds[stream() % std::size(kKinds)];
  packet.run = 42;
  packet.from = process_id(stream() % (kNodes + 1));
  packet.round = static_cast<Round>(stream() % kRounds);
  packet.consumed = static_cast<Round>(stream() % kRounds);
  packet.greeting.endpoint = "tcp://127.0.0.1:1";
  packet.greeting.incarnation = static_cast<std::uint32_t>(stream() % 3);
  if (packet.kind == PacketKind::directory) packet.peers = {{kPeer, "tcp://127.0.0.1:1"}};
  if (packet.kind == PacketKind::frame) packet.payload = std::as_bytes(std::span("payload"));
  return packet;
}

/// Some bytes changed, cut off or put in.
void mutate(std::vector<std::byte>& bytes, RandomStream& stream) {
  for (std::uint64_t k = 1 + stream() % 4; k > 0 && !bytes.empty(); --k) {
    const auto place = bytes.begin() + static_cast<std::ptrdiff_t>(stream() % bytes.size());
    const std::uint64_t what = stream() % 4;
    if (what < 2) *place ^= static_cast<std::byte>(1 + stream() % 255);
    if (what == 2) bytes.erase(place, bytes.end());
    if (what == 3) bytes.insert(place, static_cast<std::byte>(stream()));
  }
}

TEST_F(Hostile, RandomAndMutatedPayloadsInsideSessions) {
  start();
  SCOPED_TRACE(::testing::Message() << "seed=" << kSeed);
  RandomStream stream(kSeed, kVictim, purpose("test.hostile"), 0);
  const auto bystander = attacker(kBystander);
  const auto traitor = attacker(kPeer);
  const std::size_t payloads = count_from("TACIT_HOSTILE_PAYLOADS", 10'000);
  for (std::size_t k = 0; k < payloads; ++k) {
    std::vector<std::byte> random(stream() % 200);
    for (std::byte& byte : random) byte = static_cast<std::byte>(stream());
    send(k % 2 == 0 ? *bystander : *traitor, random);

    const auto valid = codec.encode(some_packet(stream));
    std::vector<std::byte> mutated(valid.begin(), valid.end());
    if (k % 2 == 0) {  // with a checksum that is right: it must fail for what it says
      mutated.resize(mutated.size() - 4);
      mutate(mutated, stream);
      const std::uint32_t checksum = crc32c(mutated);
      const auto tail = std::as_bytes(std::span(&checksum, 1));
      mutated.insert(mutated.end(), tail.begin(), tail.end());
      send(*bystander, mutated);
    } else {  // damaged on its way from a peer
      mutate(mutated, stream);
      if (std::ranges::equal(mutated, valid)) mutated.back() ^= std::byte{1};
      send(*traitor, mutated);
    }
    if (k % kBatch > 0) continue;
    if (victim().round() < kLastRoundUnderAttack) {
      step_all();
    } else {
      step(0);
    }
  }
  expect_all_refused();
  std::printf("%llu payloads refused:\n", static_cast<unsigned long long>(sent));
  for (const auto& [reason, count] : victim().refused()) {
    std::printf("  %-20s %llu\n", reason.c_str(), static_cast<unsigned long long>(count));
  }
  for (const char* const reason :
       {"bad_checksum", "too_short", "not_a_packet", "missing_field", "spoofed_sender",
        "unknown_sender", "other_run", "unknown_kind", "field_out_of_range"}) {
    EXPECT_TRUE(victim().refused().contains(reason)) << reason;
  }
  EXPECT_LT(notices.size(), 200u) << "the log is no place to attack";
  expect_the_same_bits();
}

TEST_F(Hostile, EveryLieHasItsReason) {
  start();
  const auto bystander = attacker(kBystander);
  const auto traitor = attacker(kPeer);
  while (victim().round() < 20) step_all();
  WirePacket packet;
  packet.run = 42;
  packet.from = kPeer;
  packet.round = victim().round() + 3;
  packet.payload = std::as_bytes(std::span("payload"));
  expect_one("spoofed_sender", *bystander, packet);
  Round replayed = 0;
  while (!links.sends({kPeer, kVictim}, replayed)) ++replayed;
  packet.round = replayed;
  expect_replay_refused(*traitor, packet);
  packet.run = 41;
  expect_one("other_run", *traitor, packet);
  packet.run = 42;
  packet.round = kRounds + 10;
  expect_one("beyond_end", *traitor, packet);
  packet.kind = PacketKind::ack;
  packet.consumed = kRounds;
  expect_one("beyond_end", *traitor, packet);
  packet.kind = PacketKind::frame;
  packet.from = kBystander;
  expect_one("unknown_sender", *bystander, packet);
  packet.from = kPeer;
  packet.kind = PacketKind::hello;
  packet.greeting.endpoint = transports[1]->endpoint();
  packet.greeting.protocol_version = kProtocolVersion - 1;
  expect_one("other_version", *traitor, packet);
  packet.greeting.protocol_version = kProtocolVersion;
  packet.greeting.incarnation = 7;
  expect_one("beyond_end", *traitor, packet);
  packet.consumed = replayed;
  packet.greeting.endpoint = "nonsense";
  expect_one("bad_endpoint", *traitor, packet);
  packet.greeting.endpoint = "tcp://host:1\n2026-01-01 agent 0 warning: all is well\x1b[2J";
  expect_one("bad_endpoint", *traitor, packet);
  packet.greeting.config_hash += 1;
  expect_one("other_config", *traitor, packet);
  for (const std::string& notice : notices) {
    EXPECT_TRUE(std::ranges::all_of(notice, [](char c) { return c >= ' ' && c <= '~'; })) << notice;
  }
  const std::vector<std::byte> oversized(kLongestPacketBytes + 1);
  send(*traitor, oversized);
  expect_all_refused();
  EXPECT_EQ(victim().refused().at("too_long"), 1u);
  expect_the_same_bits();
}

// Goal: a member that claims to be somebody new, and somewhere else, again and again is believed
// once a second, and fills no log.
TEST_F(Hostile, IncarnationsAndMovesWithoutEnd) {
  start();
  while (victim().round() < 20) step_all();
  const auto traitor = attacker(kPeer);
  WirePacket packet;
  packet.kind = PacketKind::hello;
  packet.run = 42;
  packet.from = kPeer;
  packet.consumed = victim().round() - 3;
  const std::uint32_t claims = 3000;
  const auto begin = std::chrono::steady_clock::now();
  for (std::uint32_t k = 1; k <= claims; ++k) {
    packet.greeting.incarnation = k;
    packet.greeting.endpoint = transports[1 + k % 2]->endpoint();
    const auto bytes = codec.encode(packet);
    while (traitor->send(kVictim, bytes) == SendOutcome::peer_full) step(0);
    if (k % kBatch == 0) step(0);
  }
  const auto deadline = begin + std::chrono::seconds(60);
  const auto believed = [&] { return claims - refused_for("back_too_soon"); };
  std::uint64_t seconds = 0;
  do {
    step(0);
    const auto passed = std::chrono::steady_clock::now() - begin;
    seconds = static_cast<std::uint64_t>(passed / std::chrono::seconds(1));
  } while (believed() > seconds + 2 && std::chrono::steady_clock::now() < deadline);
  EXPECT_LE(believed(), seconds + 2);
  EXPECT_GE(believed(), 1u);
  EXPECT_LT(notices.size(), 30u);
}

/// What somebody may say who does not speak ZeroMQ's protocol, or only its beginning.
std::vector<std::byte> raw_bytes(RandomStream& stream) {
  std::string greeting("\xff\0\0\0\0\0\0\0\1\x7f\3\0", 12);
  const char* const mechanisms[] = {"NULL", "CURVE", "PLAIN", "\xff\xff"};
  greeting += mechanisms[stream() % std::size(mechanisms)];
  greeting.resize(64);
  std::string text;
  const std::uint64_t kind = stream() % 4;
  if (kind == 1) text = greeting;
  if (kind == 2) text = greeting.substr(0, stream() % greeting.size());
  if (kind == 3) text = greeting + std::string("\4\xc8\5HELLO\1\0", 10);
  if (kind != 2) {
    for (std::uint64_t size = stream() % 400; size > 0; --size) {
      text += static_cast<char>(stream());
    }
  }
  const auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

TEST_F(Hostile, RawBytesBelowTheProtocol) {
  start();
  SCOPED_TRACE(::testing::Message() << "seed=" << kSeed);
  RandomStream stream(kSeed, kVictim, purpose("test.raw"), 0);
  const std::size_t connections = count_from("TACIT_HOSTILE_CONNECTIONS", 200);
  for (std::size_t k = 0; k < connections; ++k) {
    const RawConnection stranger(transports[0]->endpoint());
    stranger.say(raw_bytes(stream));
    stranger.end();
    stranger.read_to_the_end();
    if (victim().round() < kLastRoundUnderAttack) step_all();
  }
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes(1);
  while (sum(transports[0]->refused()) < connections &&
         std::chrono::steady_clock::now() < deadline) {
    step(0);
  }
  EXPECT_EQ(sum(transports[0]->refused()), connections);
  for (const auto& [reason, count] : transports[0]->refused()) {
    std::printf("  %-20s %llu\n", reason.c_str(), static_cast<unsigned long long>(count));
  }
  expect_the_same_bits();
}

}  // namespace
}  // namespace tacit
