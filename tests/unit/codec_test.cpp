#include "common/wire/codec.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "common/base/random.h"
#include "common/wire/crc32c.h"

namespace tacit {
namespace {

WirePacket frame_of(std::span<const std::byte> payload) {
  WirePacket packet;
  packet.run = 77;
  packet.from = process_id(3);
  packet.round = 12;
  packet.payload = payload;
  return packet;
}

std::vector<std::byte> bytes_of(Codec& codec, const WirePacket& packet) {
  const auto bytes = codec.encode(packet);
  return {bytes.begin(), bytes.end()};
}

// Known answer: RFC 3720 appendix B.4, 32 bytes of zeros and of 0xff; "123456789" is the usual
// check value of the polynomial.
TEST(Crc32c, KnownAnswers) {
  const std::vector<std::byte> zeros(32, std::byte{0});
  const std::vector<std::byte> ones(32, std::byte{0xff});
  EXPECT_EQ(crc32c(zeros), 0x8a9136aau);
  EXPECT_EQ(crc32c(ones), 0x62a8ab43u);
  const std::string digits = "123456789";
  EXPECT_EQ(crc32c(std::as_bytes(std::span(digits))), 0xe3069283u);
}

TEST(Codec, FrameSurvivesTheWire) {
  Codec codec;
  for (std::size_t size : {0, 1, 8, 56, 127, 128, 5000}) {
    const std::vector<std::byte> payload(size, std::byte{0x5a});
    const auto bytes = bytes_of(codec, frame_of(payload));
    EXPECT_EQ(bytes.size(), frame_bytes(process_id(3), 12, size)) << size;
    WirePacket packet;
    ASSERT_EQ(codec.decode(bytes, packet), Rejection::none);
    EXPECT_EQ(packet.kind, PacketKind::frame);
    EXPECT_EQ(packet.run, 77u);
    EXPECT_EQ(packet.from, process_id(3));
    EXPECT_EQ(packet.round, 12);
    EXPECT_EQ(packet.consumed, 11);
    EXPECT_TRUE(std::ranges::equal(packet.payload, payload));
  }
}

TEST(Codec, APoseTravelsWithItsFrame) {
  Codec codec;
  const std::array<std::byte, 3> payload{};
  WirePacket sent = frame_of(payload);
  sent.pose = {-0.0, 24.75};
  const auto bytes = bytes_of(codec, sent);
  EXPECT_EQ(bytes.size(), frame_bytes(sent.from, sent.round, payload.size()) + kPoseBytes);
  WirePacket packet;
  ASSERT_EQ(codec.decode(bytes, packet), Rejection::none);
  EXPECT_EQ(packet.pose, sent.pose);
  ASSERT_EQ(codec.decode(bytes_of(codec, frame_of(payload)), packet), Rejection::none);
  EXPECT_FALSE(packet.pose) << "left from the frame before";
}

TEST(Codec, RefusesAPoseThatIsNoPlace) {
  Codec codec;
  WirePacket sent = frame_of({});
  for (const double wrong : {std::nan(""), HUGE_VAL, -HUGE_VAL}) {
    WirePacket packet;
    sent.pose = {1, wrong};
    EXPECT_EQ(codec.decode(bytes_of(codec, sent), packet), Rejection::field_out_of_range);
    sent.pose = {wrong, 1};
    EXPECT_EQ(codec.decode(bytes_of(codec, sent), packet), Rejection::field_out_of_range);
  }
}

// Goal: traffic is accounted exactly without sending anything, and a scalar stays below libzmq's 33
// bytes in any usual run.
TEST(Codec, FrameLengthIsKnownBeforehand) {
  Codec codec;
  const std::array<std::byte, 8> payload{};
  for (const std::size_t from : {0, 127, 128, 16383, 16384, 99999}) {
    for (const Round round : {0, 127, 128, 16384, 3'200'000}) {
      WirePacket packet = frame_of(payload);
      packet.from = process_id(from);
      packet.round = round;
      EXPECT_EQ(bytes_of(codec, packet).size(), frame_bytes(packet.from, round, 8));
    }
  }
  EXPECT_LE(frame_bytes(process_id(16383), 2'000'000, 8), 33u);
}

TEST(Codec, ControlPacketsSurviveTheWire) {
  Codec codec;
  WirePacket sent;
  sent.run = 5;
  sent.from = process_id(1);
  sent.kind = PacketKind::directory;
  sent.peers = {{process_id(0), "ipc:///a"}, {process_id(9), "tcp://h:1"}};
  WirePacket packet;
  ASSERT_EQ(codec.decode(bytes_of(codec, sent), packet), Rejection::none);
  ASSERT_EQ(packet.peers.size(), 2u);
  EXPECT_EQ(packet.peers[1].endpoint, "tcp://h:1");

  sent.greeting = {9, 8, 7, 6, "ipc:///b"};
  sent.consumed = 4;
  for (const PacketKind kind : {PacketKind::hello, PacketKind::again}) {
    sent.kind = kind;
    ASSERT_EQ(codec.decode(bytes_of(codec, sent), packet), Rejection::none);
    EXPECT_EQ(packet.kind, kind);
    EXPECT_EQ(packet.greeting.config_hash, 8u);
    EXPECT_EQ(packet.greeting.endpoint, "ipc:///b");
    EXPECT_EQ(packet.consumed, 4);
  }

  sent.kind = PacketKind::refusal;
  sent.refusal = "another configuration";
  ASSERT_EQ(codec.decode(bytes_of(codec, sent), packet), Rejection::none);
  EXPECT_EQ(packet.refusal, "another configuration");
}

TEST(Codec, PoliciesSurviveTheWire) {
  Codec codec;
  WirePacket sent;
  sent.from = process_id(2);
  sent.kind = PacketKind::policy_request;
  sent.greeting.endpoint = "ipc:///c";
  WirePacket packet;
  ASSERT_EQ(codec.decode(bytes_of(codec, sent), packet), Rejection::none);
  EXPECT_EQ(packet.kind, PacketKind::policy_request);
  EXPECT_EQ(packet.greeting.endpoint, "ipc:///c");

  // The longest one fits a packet, whatever the sender's id; one more byte is refused.
  const std::vector<std::byte> policy(kLongestPolicyBytes + 1, std::byte{0x5a});
  sent.kind = PacketKind::policy;
  sent.run = ~std::uint64_t{0};
  sent.from = process_id((1 << 20) - 1);
  sent.payload = std::span(policy).first(kLongestPolicyBytes);
  ASSERT_EQ(codec.decode(bytes_of(codec, sent), packet), Rejection::none);
  EXPECT_EQ(packet.kind, PacketKind::policy);
  EXPECT_TRUE(std::ranges::equal(packet.payload, sent.payload));
  sent.payload = policy;
  EXPECT_EQ(codec.decode(bytes_of(codec, sent), packet), Rejection::field_out_of_range);
}

TEST(Codec, NamesWhatIsWrong) {
  Codec codec;
  WirePacket packet;
  EXPECT_EQ(codec.decode({}, packet), Rejection::too_short);
  const std::vector<std::byte> huge(kLongestPacketBytes + 1);
  EXPECT_EQ(codec.decode(huge, packet), Rejection::too_long);
  WirePacket hello;
  hello.kind = PacketKind::hello;  // without an endpoint nobody can answer it
  EXPECT_EQ(codec.decode(bytes_of(codec, hello), packet), Rejection::field_out_of_range);
  WirePacket late = frame_of({});
  late.round = (Round{1} << 53) + 1;
  EXPECT_EQ(codec.decode(bytes_of(codec, late), packet), Rejection::field_out_of_range);
}

// Goal: no damage in flight reaches a machine. Method: every single flipped bit of a frame, and
// every truncation.
TEST(Codec, RefusesEveryFlippedBitAndEveryTruncation) {
  Codec codec;
  const std::array<std::byte, 8> payload{};
  const auto bytes = bytes_of(codec, frame_of(payload));
  WirePacket packet;
  for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
    auto damaged = bytes;
    damaged[bit / 8] ^= std::byte(1 << (bit % 8));
    EXPECT_EQ(codec.decode(damaged, packet), Rejection::bad_checksum) << "bit " << bit;
  }
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_NE(codec.decode({bytes.data(), size}, packet), Rejection::none) << size;
  }
}

// Goal: nothing a peer can say, checksum included, gets through with a field missing or absurd.
// Method: random bytes with a right checksum, 20,000 seeds.
TEST(Codec, RandomBytesWithARightChecksumAreHarmless) {
  Codec codec;
  WirePacket packet;
  for (std::uint64_t seed = 0; seed < 20000; ++seed) {
    RandomStream stream(seed, process_id(0), purpose("test.codec"), 0);
    std::vector<std::byte> bytes(1 + stream() % 60);
    for (std::byte& byte : bytes) byte = static_cast<std::byte>(stream());
    const std::uint32_t checksum = crc32c(bytes);
    const auto tail = std::as_bytes(std::span(&checksum, 1));
    bytes.insert(bytes.end(), tail.begin(), tail.end());
    if (codec.decode(bytes, packet) == Rejection::none) {
      EXPECT_LT(index_of(packet.from), std::size_t{1} << 20) << "seed=" << seed;
      EXPECT_GE(packet.consumed, -1) << "seed=" << seed;
    }
  }
}

}  // namespace
}  // namespace tacit
