// Goal: with keys, transports talk to those in their list and to nobody else; whoever is refused is
// counted by reason on both sides, and nothing of it reaches whoever receives.
// Method: transports in one process over tcp on the loopback interface; every wait is for an event
// and has a deadline.
#include "common/transport/curve.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "common/base/error.h"
#include "common/transport/zmq.h"
#include "tests/support/keyrings.h"
#include "tests/support/raw_connection.h"
#include "tests/support/relay.h"

namespace tacit {
namespace {

using std::chrono::milliseconds;
using testing::keyrings;
using testing::RawConnection;

constexpr ProcessId kServer = process_id(0);
constexpr ProcessId kClient = process_id(1);

class Curve : public ::testing::Test {
 protected:
  std::unique_ptr<ZmqTransport> open(const std::optional<Keyring>& keys) {
    ZmqOptions options;
    options.peer_count = 4;
    options.longest_packet_bytes = 1000;
    options.keys = keys;
    options.notice = [this](const std::string& notice) { notices.push_back(notice); };
    return std::make_unique<ZmqTransport>(options);
  }

  void send(Transport& from, ProcessId to, const std::string& text) {
    ASSERT_EQ(from.send(to, std::as_bytes(std::span(text))), SendOutcome::queued);
  }

  /// @return text and sender of the next packet, "nothing" after 20 s
  static std::pair<std::string, std::optional<ProcessId>> next(ZmqTransport& transport) {
    const auto packet = transport.receive(std::chrono::seconds(20));
    if (!packet) return {"nothing", {}};
    return {{reinterpret_cast<const char*>(packet->bytes.data()), packet->bytes.size()},
            packet->sender};
  }

  /// What is in its handshake counts as "no_handshake" until its thread has seen the end of it.
  template <typename Condition>
  static void wait_until(const Condition& holds) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!holds()) ASSERT_LT(std::chrono::steady_clock::now(), deadline);
  }

  /// Waits for a refusal at each end, and expects that nothing else has come. Either end may be the
  /// first to see that the other does not fit, and then just cuts the connection.
  void expect_refused(ZmqTransport& server, const std::string& reason, ZmqTransport& client,
                      const std::string& reason_there) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (client.handshake_failure(kServer).empty() || server.refused().empty() ||
           (server.refused()[reason] == 0 && client.refused()[reason_there] == 0)) {
      ASSERT_LT(std::chrono::steady_clock::now(), deadline) << reason << " " << reason_there;
      ASSERT_FALSE(server.receive(milliseconds(1))) << "it was let in";
      ASSERT_FALSE(client.receive(milliseconds(1)));
    }
    for (const auto& change : client.connection_changes()) EXPECT_FALSE(change.up);
    server.connection_changes();
    EXPECT_TRUE(std::ranges::any_of(notices, [&](const std::string& notice) {
      return notice.find("(" + reason + ")") != std::string::npos ||
             notice.find("(" + reason_there + ")") != std::string::npos;
    }));
  }

  std::vector<std::string> notices;
};

TEST_F(Curve, KeysAreTextFor32Bytes) {
  const KeyPair pair = make_key_pair();
  EXPECT_TRUE(is_key(pair.public_key));
  EXPECT_TRUE(is_key(pair.secret_key));
  EXPECT_NE(pair.public_key, make_key_pair().public_key);
  EXPECT_EQ(public_key_of(pair.secret_key), pair.public_key);
  EXPECT_EQ(key_bytes(pair.public_key).size(), 32u);
  EXPECT_EQ(key_text(key_bytes(pair.public_key)), pair.public_key);
  EXPECT_FALSE(is_key(pair.public_key.substr(1)));
  EXPECT_FALSE(is_key(pair.public_key + "0"));
  EXPECT_FALSE(is_key(std::string(40, '"')));
  EXPECT_FALSE(is_key(std::string(40, '#'))) << "five letters may stand for too large a number";
}

TEST_F(Curve, WhoIsInTheListIsKnownByName) {
  const auto keys = keyrings(3);
  std::vector<std::unique_ptr<ZmqTransport>> transports;
  for (const Keyring& keyring : keys) transports.push_back(open(keyring));
  for (std::size_t from = 0; from < 3; ++from) {
    for (std::size_t to = 0; to < 3; ++to) {
      if (from == to) continue;
      transports[from]->connect(process_id(to), transports[to]->endpoint());
      send(*transports[from], process_id(to), "from " + std::to_string(from));
    }
  }
  for (std::size_t to = 0; to < 3; ++to) {
    std::set<std::size_t> senders;
    for (int k = 0; k < 2; ++k) {
      const auto [text, sender] = next(*transports[to]);
      ASSERT_TRUE(sender.has_value());
      EXPECT_EQ(text, "from " + to_string(*sender));
      senders.insert(index_of(*sender));
    }
    EXPECT_EQ(senders.size(), 2u);
    wait_until([&] { return transports[to]->refused().empty(); });
  }
  transports[1]->send_once(kServer, transports[0]->endpoint(), std::as_bytes(std::span("once", 4)));
  EXPECT_EQ(next(*transports[0]), std::pair(std::string("once"), std::optional(kClient)));
}

TEST_F(Curve, WithoutKeysNobodyHasAName) {
  const auto server = open({});
  const auto client = open({});
  client->connect(kServer, server->endpoint());
  send(*client, kServer, "hello");
  EXPECT_EQ(next(*server), std::pair(std::string("hello"), std::optional<ProcessId>()));
}

TEST_F(Curve, ClientThatTakesTheServerForAnotherIsRefused) {
  auto keys = keyrings(2);
  const auto server = open(keys[0]);
  keys[1].allowed[kServer] = make_key_pair().public_key;
  const auto client = open(keys[1]);
  client->connect(kServer, server->endpoint());
  send(*client, kServer, "secret");
  expect_refused(*server, "not_decrypted", *client, "cut_handshake");
}

TEST_F(Curve, ClientThatIsNotInTheListIsRefused) {
  auto keys = keyrings(2);
  const auto server = open(keys[0]);
  keys[1].own = make_key_pair();
  const auto client = open(keys[1]);
  client->connect(kServer, server->endpoint());
  send(*client, kServer, "hello");
  expect_refused(*server, "unknown_key", *client, "key_refused");
}

TEST_F(Curve, PlainClientIsRefusedWhereConnectionsAreEncrypted) {
  const auto server = open(keyrings(2)[0]);
  const auto client = open({});
  client->connect(kServer, server->endpoint());
  send(*client, kServer, "hello");
  expect_refused(*server, "plain_text", *client, "encrypted");
}

TEST_F(Curve, EncryptingClientDoesNotTalkToAPlainServer) {
  const auto server = open({});
  const auto client = open(keyrings(2)[1]);
  client->connect(kServer, server->endpoint());
  send(*client, kServer, "secret");
  expect_refused(*server, "encrypted", *client, "plain_text");
}

TEST_F(Curve, PlainTextStaysOnThisMachineUnlessItIsAllowedToLeave) {
  const auto transport = open({});
  const auto expect_refusal = [](ZmqTransport& of, const std::string& endpoint) {
    try {
      of.connect(kServer, endpoint);
      FAIL() << endpoint;
    } catch (const InputError& error) {
      EXPECT_EQ(error.code(), ExitCode::authentication);
      EXPECT_NE(std::string(error.what()).find("process 0"), std::string::npos) << error.what();
    }
  };
  for (const char* const far : {"tcp://192.0.2.7:5555", "tcp://127.example.org:5555"}) {
    expect_refusal(*transport, far);
    transport->send_once(kServer, far, {});
    ASSERT_FALSE(notices.empty());
    EXPECT_NE(notices.back().find(far), std::string::npos);
  }
  ZmqOptions insecure;
  insecure.peer_count = 1;
  insecure.insecure = true;
  EXPECT_TRUE(ZmqTransport(insecure).connect(kServer, "tcp://192.0.2.7:5555"));
  auto keys = keyrings(2);
  keys[1].allowed.erase(kServer);
  expect_refusal(*open(keys[1]), "tcp://127.0.0.1:5555");
}

TEST_F(Curve, RefusalsAreLoudButNotEndless) {
  auto keys = keyrings(2);
  const auto server = open(keys[0]);
  keys[1].allowed[kServer] = make_key_pair().public_key;
  const auto client = open(keys[1]);
  client->connect(kServer, server->endpoint());
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (server->refused()["not_decrypted"] < 20) {
    ASSERT_LT(std::chrono::steady_clock::now(), deadline);
    ASSERT_FALSE(server->receive(milliseconds(1)));
  }
  server->connection_changes();
  EXPECT_EQ(std::ranges::count_if(notices,
                                  [](const std::string& notice) {
                                    return notice.find("not_decrypted") != std::string::npos;
                                  }),
            6)
      << "the first five, and the tenth";
}

// libzmq waits for whoever reads its monitors: 2,000 events fill them.
TEST_F(Curve, StrangersDoNotBlockTheDoorWhileNobodyListens) {
  const auto keys = keyrings(2);
  const auto server = open(keys[0]);
  const std::vector<std::byte> noise(100, std::byte{'z'});
  for (int k = 0; k < 1500; ++k) {
    const RawConnection stranger(server->endpoint());
    stranger.say(noise);
    stranger.read_to_the_end();
  }
  const auto client = open(keys[1]);
  client->connect(kServer, server->endpoint());
  send(*client, kServer, "hello");
  EXPECT_EQ(next(*server), std::pair(std::string("hello"), std::optional(kClient)));
  const std::map<std::string, std::uint64_t> strangers{{"no_handshake", 1500}};
  wait_until([&] { return server->refused() == strangers; });
}

// Goal: where a peer says that it is can be nothing but a host and a port, and cannot forge a line.
TEST_F(Curve, AnEndpointOfAPeerIsTcpAndPrintable) {
  const auto transport = open(keyrings(2)[1]);
  for (const char* const wrong :
       {"ipc:///tmp/socket", "inproc://doorkeeper", "tcp://", "tcp://:80", "tcp://host",
        "tcp://host:0", "tcp://host:65536", "tcp://host:80x", "tcp://a;b:80", "tcp://*:80",
        "tcp://[]:80", "udp://host:80", "tcp://ho\nst:80", "tcp://\x1b[2J:80", ""}) {
    try {
      transport->connect(kServer, wrong);
      ADD_FAILURE() << wrong;
    } catch (const InputError& error) {
      EXPECT_EQ(error.code(), ExitCode::config);
      const std::string message = error.what();
      EXPECT_NE(message.find("tcp://HOST:PORT"), std::string::npos) << message;
      EXPECT_TRUE(std::ranges::all_of(message, [](char c) { return c >= ' ' && c <= '~'; }));
    }
  }
  EXPECT_TRUE(transport->connect(kServer, "tcp://[::1]:8000"));
  EXPECT_TRUE(transport->connect(kServer, "tcp://some-host.example.org:65535"));
  EXPECT_TRUE(open({})->connect(kServer, "ipc:///tmp/nobody"));
  ZmqOptions file;
  file.bind = "ipc:///tmp/somebody";
  file.keys = keyrings(2)[0];
  EXPECT_THROW(ZmqTransport{file}, InputError);
}

// Who records what is said can neither read it nor use it again, in this connection or another.
TEST_F(Curve, RecordedBytesAreWorthNothing) {
  const auto keys = keyrings(2);
  const auto server = open(keys[0]);
  const auto client = open(keys[1]);
  testing::Relay relay(server->endpoint());
  client->connect(kServer, relay.endpoint());
  const std::string secret = "a secret that is long enough to be found";
  send(*client, kServer, secret);
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  std::optional<Packet> packet;
  while (!packet) {
    ASSERT_LT(std::chrono::steady_clock::now(), deadline);
    relay.pass_on();
    packet = server->receive(milliseconds(1));
  }
  EXPECT_EQ(packet->bytes.size(), secret.size());
  const auto word = std::as_bytes(std::span(secret));
  EXPECT_TRUE(std::ranges::search(relay.said(), word).empty());

  const RawConnection replay(server->endpoint());
  replay.say(relay.said());
  replay.read_to_the_end();
  relay.repeat_the_last();
  const auto both = std::map<std::string, std::uint64_t>{{"bad_handshake", 1}, {"bad_message", 1}};
  while (server->refused() != both) {
    ASSERT_LT(std::chrono::steady_clock::now(), deadline);
    ASSERT_FALSE(server->receive(milliseconds(1))) << "a repeated message was taken";
  }
}

// libzmq gives such a connection up for good.
TEST_F(Curve, WhoIsRefusedIsLetInOnceItsKeyIsInTheList) {
  auto keys = keyrings(2);
  const auto client = open(keys[1]);
  std::string endpoint;
  {
    Keyring without = keys[0];
    without.allowed.erase(kClient);
    const auto server = open(without);
    endpoint = server->endpoint();
    client->connect(kServer, endpoint);
    send(*client, kServer, "lost");
    expect_refused(*server, "unknown_key", *client, "key_refused");
  }
  ZmqOptions options;
  options.peer_count = 1;
  options.bind = endpoint;
  options.keys = keys[0];
  ZmqTransport server(options);
  bool up = false;
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!up) {
    ASSERT_LT(std::chrono::steady_clock::now(), deadline);
    ASSERT_FALSE(client->receive(milliseconds(10)));
    for (const auto& change : client->connection_changes()) up = change.up;
  }
  EXPECT_EQ(client->handshake_failure(kServer), "");
  send(*client, kServer, "hello");
  EXPECT_EQ(next(server), std::pair(std::string("hello"), std::optional(kClient)));
}

}  // namespace
}  // namespace tacit
