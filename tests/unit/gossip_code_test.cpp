#include "agent/systems/patrol/gossip_code.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <initializer_list>

#include "agent/systems/patrol/bit_stream.h"
#include "common/base/error.h"
#include "common/base/random.h"

namespace tacit {
namespace {

constexpr std::array kCodes{GossipCode::list, GossipCode::run_lengths, GossipCode::arithmetic};

struct Bit {
  std::size_t column;
  std::size_t zone;
};

RewardBits bits_of(std::initializer_list<Bit> bits) {
  RewardBits sum;
  for (const Bit& bit : bits) sum.observe(bit.column, static_cast<std::uint8_t>(1u << bit.zone));
  return sum;
}

std::vector<std::byte> bytes_of(std::initializer_list<int> values) {
  std::vector<std::byte> bytes;
  for (const int value : values) bytes.push_back(static_cast<std::byte>(value));
  return bytes;
}

// Ten columns of two zones; both know zone 1 in columns 0 and 2; they last met in column 3, now is
// column 5.
Meeting meeting() { return {{10, 2}, bits_of({{0, 0}, {2, 0}}), 3, 5}; }

std::vector<std::byte> written(GossipCode code, const Meeting& meeting, const RewardBits& delta,
                               std::size_t bit_count) {
  DeltaModel model;
  std::vector<std::byte> message(3, std::byte{0xff});
  EXPECT_EQ(write_delta(code, meeting, delta, model, message), bit_count);
  return message;
}

// What the refusal of a message says; empty if it is accepted.
std::string refusal(GossipCode code, const Meeting& meeting, const std::vector<std::byte>& bytes) {
  DeltaModel model;
  try {
    read_delta(code, meeting, {process_id(7), 12, bytes}, model);
  } catch (const InputError& error) {
    EXPECT_EQ(error.code(), ExitCode::peer_lost);
    const std::string message = error.what();
    EXPECT_TRUE(message.starts_with("process 7, frame of round 12: ")) << message;
    return message;
  }
  return "";
}

void expect_refused(GossipCode code, const std::vector<std::byte>& bytes, const char* reason) {
  const std::string said = refusal(code, meeting(), bytes);
  EXPECT_NE(said.find(reason), std::string::npos) << reason << " | " << said;
}

TEST(GossipShape, SaysWhatMessagesCannotSpeakOf) {
  EXPECT_EQ((GossipShape{100, 6}.refusal()), "");
  EXPECT_EQ((GossipShape{128, 7}.refusal()), "");
  EXPECT_EQ((GossipShape{127, 8}.refusal()), "");
  EXPECT_NE((GossipShape{128, 8}.refusal().find("1024")), std::string::npos);
  EXPECT_NE((GossipShape{129, 1}.refusal().find("129")), std::string::npos);
  EXPECT_NE((GossipShape{10, 9}.refusal().find("9")), std::string::npos);
  EXPECT_NE((GossipShape{10, 0}.refusal().find("0")), std::string::npos);
  EXPECT_NE((GossipShape{1, 6}.refusal().find("1")), std::string::npos);
}

// Goal: the bits themselves. 2 rewards: 0000000010, column 1 zone 2: 0000001 001, column 4 zone 1:
// 0000100 000, two zeros.
TEST(GossipCode, ListByHand) {
  const RewardBits delta = bits_of({{4, 0}, {1, 1}});
  EXPECT_EQ(written(GossipCode::list, meeting(), delta, 30), bytes_of({0x00, 0x80, 0x90, 0x80}));
  EXPECT_TRUE(written(GossipCode::list, meeting(), {}, 0).empty());
}

// Goal: the bits themselves. Zone 1 is unknown in columns 4, 3, 1, of which 3 and 1 are new: flag
// 1, runs 1, 2: gamma(2) = 010, gamma(3) = 011, end 1. Zone 2 has column 4 alone: flag 1, runs 0,
// 1: gamma(1) = 1, gamma(2) = 010, end 1.
TEST(GossipCode, RunLengthsByHand) {
  const RewardBits delta = bits_of({{3, 0}, {1, 0}, {4, 1}});
  EXPECT_EQ(written(GossipCode::run_lengths, meeting(), delta, 14), bytes_of({0xa7, 0xd4}));
  EXPECT_TRUE(written(GossipCode::run_lengths, meeting(), {}, 0).empty());
}

std::vector<std::byte> list_of(std::size_t count, std::initializer_list<Bit> bits) {
  std::vector<std::byte> bytes;
  BitWriter writer(bytes);
  writer.put(count, 10);
  for (const Bit& bit : bits) {
    writer.put(bit.column, 7);
    writer.put(bit.zone, 3);
  }
  return bytes;
}

TEST(GossipCode, ListRefusesWhatItCannotHaveWritten) {
  const auto refused = [](const std::vector<std::byte>& bytes, const char* reason) {
    expect_refused(GossipCode::list, bytes, reason);
  };
  EXPECT_EQ(refusal(GossipCode::list, meeting(), list_of(2, {{1, 0}, {4, 1}})), "");
  refused(list_of(1, {}), "a list of 1 bits in 2 bytes, expected 3");
  refused(list_of(1, {{1, 0}, {4, 1}}), "a list of 1 bits in 4 bytes, expected 3");
  refused(list_of(1023, {{1, 0}}), "a list of 1023 bits in 3 bytes, expected 1280");
  refused(list_of(0, {}), "bytes left over");
  refused(list_of(1, {{2, 0}}), "zone 1 in column 2, which both know already");
  refused(list_of(1, {{5, 0}}), "zone 1 in column 5, which is in the future");
  refused(list_of(1, {{10, 0}}), "zone 1 in column 10, which does not exist");
  refused(list_of(1, {{1, 2}}), "zone 3 in column 1, which does not exist");
  refused(list_of(2, {{4, 1}, {1, 0}}), "in another way");
  refused(list_of(2, {{4, 1}, {4, 1}}), "bytes left over");
  std::vector<std::byte> padded = list_of(1, {{1, 0}});
  padded.back() |= std::byte{1};
  refused(padded, "in another way");
}

// Flags and runs as they stand: 0 is the flag of a zone without new bits.
std::vector<std::byte> runs_of(std::initializer_list<std::vector<std::size_t>> zones) {
  std::vector<std::byte> bytes;
  BitWriter writer(bytes);
  for (const std::vector<std::size_t>& runs : zones) {
    writer.put(runs.empty() ? 0 : 1, 1);
    for (const std::size_t run : runs) writer.put_gamma(run + 1);
  }
  return bytes;
}

TEST(GossipCode, RunLengthsRefuseWhatTheyCannotHaveWritten) {
  const auto refused = [](const std::vector<std::byte>& bytes, const char* reason) {
    expect_refused(GossipCode::run_lengths, bytes, reason);
  };
  EXPECT_EQ(refusal(GossipCode::run_lengths, meeting(), runs_of({{1, 2, 0}, {0, 1, 0}})), "");
  refused(runs_of({{1, 3, 0}, {}}), "a run past the last column that zone 1 can have");
  refused(runs_of({{}, {6, 1, 0}}), "a run past the last column that zone 2 can have");
  refused(runs_of({{}, {1000000, 1, 0}}), "a run past the last column that zone 2 can have");
  refused(runs_of({{0, 1}, {}}), "a run past the last column that zone 1 can have");
  refused(bytes_of({0x00}), "bytes left over");                  // says that it says nothing
  refused(runs_of({{2, 0, 1, 0}, {}}), "past the last column");  // a run of ones of length 0
  refused(bytes_of({0xa7, 0xd4, 0x00}), "bytes left over");
  refused(bytes_of({0xa7, 0xd5}), "in another way");
  refused(bytes_of({0xa7}), "bytes missing");
}

TEST(GossipCode, ArithmeticRefusesWhatItCannotHaveWritten) {
  const auto refused = [](const std::vector<std::byte>& bytes, const char* reason) {
    expect_refused(GossipCode::arithmetic, bytes, reason);
  };
  DeltaModel model;
  std::vector<std::byte> good;
  write_delta(GossipCode::arithmetic, meeting(), bits_of({{3, 0}, {1, 0}, {4, 1}}), model, good);
  EXPECT_EQ(refusal(GossipCode::arithmetic, meeting(), good), "");
  std::vector<std::byte> longer = good;
  longer.push_back(std::byte{0});
  refused(longer, "bytes left over");
  longer.back() = std::byte{1};
  refused(longer, "bytes left over");
  refused(std::vector(100, std::byte{0xff}), "bytes left over");
  std::vector<std::byte> other = good;
  other.back() ^= std::byte{1};
  refused(other, "in another way");
}

// Goal: what is read is what was written, by models that stay alike, whatever both know.
TEST(GossipCode, ReadsWhatWasWritten) {
  for (const GossipCode code : kCodes) {
    for (std::uint64_t seed = 1; seed <= 1000; ++seed) {
      SCOPED_TRACE(::testing::Message() << "code=" << static_cast<int>(code) << " seed=" << seed);
      RandomStream random(seed, process_id(0), purpose("test.gossip"), 0);
      Meeting meeting{{2 + random() % 127, 1 + random() % 8}, {}, 0, 0};
      if (!meeting.shape.refusal().empty()) continue;
      DeltaModel writers, readers;
      while (meeting.column + 1 < meeting.shape.columns) {
        meeting.column +=
            1 + random() % std::min<std::size_t>(meeting.shape.columns - 1 - meeting.column, 40);
        RewardBits delta;
        const std::uint64_t density = random() % 4;
        for (std::size_t column = 0; column < meeting.column; ++column) {
          if (random() % 4 > density) continue;
          delta.observe(column, static_cast<std::uint8_t>(random() & random() &
                                                          ((1u << meeting.shape.zones) - 1)));
        }
        delta = delta - meeting.known;
        std::vector<std::byte> message;
        write_delta(code, meeting, delta, writers, message);
        ASSERT_EQ(read_delta(code, meeting, {process_id(0), 0, message}, readers).delta, delta);
        meeting.known |= delta;
        meeting.last = meeting.column;
      }
    }
  }
}

}  // namespace
}  // namespace tacit
