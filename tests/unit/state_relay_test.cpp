#include "agent/systems/locomotion/state_relay.h"

#include <gtest/gtest.h>

#include <cstring>
#include <limits>

#include "common/base/error.h"

namespace tacit {
namespace {

struct Block {
  std::uint16_t origin;
  std::uint16_t hops_left;
  std::vector<float> numbers;
};

std::vector<std::byte> message(const std::vector<Block>& blocks) {
  std::vector<std::byte> bytes;
  const auto append = [&](const void* data, std::size_t size) {
    const auto* const from = static_cast<const std::byte*>(data);
    bytes.insert(bytes.end(), from, from + size);
  };
  for (const Block& block : blocks) {
    append(&block.origin, sizeof block.origin);
    append(&block.hops_left, sizeof block.hops_left);
    append(block.numbers.data(), block.numbers.size() * sizeof(float));
  }
  return bytes;
}

/// Agent 1 of 0 - 1 - 2 - 3, two hops, one number per column, one column.
StateRelay make_relay(bool delayed = false) {
  StateRelay relay({process_id(1), {process_id(0), process_id(2)}, {1, 1, 1, 1}, 2, delayed});
  const std::vector<float> own{5};
  relay.begin(1, own);
  return relay;
}

std::string refusal(const std::vector<std::byte>& payload, std::size_t from = 2) {
  StateRelay relay = make_relay();
  try {
    relay.hear({process_id(from), 7, payload});
  } catch (const InputError& error) {
    EXPECT_EQ(error.code(), ExitCode::peer_lost);
    return error.what();
  }
  return "";
}

// Goal: a message holds the own state first, then what was heard, without what the receiver said.
TEST(StateRelay, ForwardsAwayFromWhereItCameFrom) {
  StateRelay relay = make_relay();
  RoundOutput first;
  relay.send(first);
  for (const std::size_t to : {0, 2}) {
    const auto sent = first.payload_for(process_id(to));
    EXPECT_EQ(std::vector(sent.begin(), sent.end()), message({{1, 1, {5}}}));
  }
  relay.hear({process_id(0), 1, message({{0, 1, {4}}})});
  relay.hear({process_id(2), 1, message({{2, 1, {6}}})});
  RoundOutput second;
  relay.send(second);
  const auto left = second.payload_for(process_id(0));
  EXPECT_EQ(std::vector(left.begin(), left.end()), message({{2, 0, {6}}}));
  const auto right = second.payload_for(process_id(2));
  EXPECT_EQ(std::vector(right.begin(), right.end()), message({{0, 0, {4}}}));
  relay.hear({process_id(2), 2, message({{3, 0, {7}}})});
  EXPECT_EQ(relay.block(process_id(3))[0], 7.0F);
  RoundOutput third;
  relay.send(third);
  EXPECT_TRUE(third.payload_for(process_id(0)).empty()) << "no hops are left";
}

TEST(StateRelay, SaysWhichPayloadItRefuses) {
  EXPECT_EQ(refusal(message({{2, 1, {1}}, {3, 0, {1}}})), "");
  const float nan = std::numeric_limits<float>::quiet_NaN();
  auto cut = message({{2, 1, {1}}});
  cut.pop_back();
  for (const auto& payload :
       {cut, message({{4, 1, {1}}}), message({{2, 2, {1}}}), message({{3, 0, {1}}, {2, 1, {1}}}),
        message({{2, 1, {1}}, {2, 1, {1}}}), message({{2, 1, {1, 1}}}), message({{2, 1, {nan}}})}) {
    EXPECT_NE(refusal(payload).find("process 2, frame of round 7"), std::string::npos);
  }
  EXPECT_NE(refusal({}, 3).find("process 3"), std::string::npos) << "3 is no neighbour";
}

}  // namespace
}  // namespace tacit
