#include "common/base/history.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <bit>
#include <cstring>

namespace tacit {
namespace {

/// Odd constants of Weyl sequences: no two senders, columns or rounds begin alike.
constexpr std::uint64_t kSenderStep = 0xd1b54a32d192ed03;
constexpr std::uint64_t kColumnStep = 0x8cb92ba72f3d8dd7;
constexpr std::uint64_t kRoundStep = 0x9e3779b97f4a7c15;

/// The hash of a piece of one number, as most frames and all columns are: the two halves of a
/// 128-bit product, folded by XOR.
std::uint64_t hash_of(std::uint64_t bits, std::uint64_t seed) {
  return XXH3_mul128_fold64(bits ^ seed, kRoundStep);
}

std::uint64_t hash_of(std::span<const std::byte> payload, std::uint64_t seed) {
  std::uint64_t bits = 0;
  if (payload.size() != sizeof bits) {
    return XXH3_64bits_withSeed(payload.data(), payload.size(), seed);
  }
  std::memcpy(&bits, payload.data(), sizeof bits);
  return hash_of(bits, seed);
}

}  // namespace

/// Hashes frames and row values of a round one by one and adds the hashes, so that no hash depends
/// on the one before; only the sum enters the chain.
void History::add(const RoundInput& input, std::span<const Sample> row) {
  if (input.inbox.empty() && row.empty()) return;
  std::uint64_t sum = kRoundStep * static_cast<std::uint64_t>(input.round + 1);
  for (const Received& frame : input.inbox) {
    const auto age = static_cast<std::uint64_t>(input.round - 1 - frame.sent);
    const std::uint64_t seed = kSenderStep * (index_of(frame.from) + 1) + kColumnStep * age;
    sum += hash_of(frame.payload, seed);
  }
  std::uint64_t seed = 0;
  for (const Sample& sample : row) {
    sum += hash_of(std::bit_cast<std::uint64_t>(sample.value), seed += kColumnStep);
  }
  chain_ = hash_of(sum, chain_);
}

std::uint64_t History::digest_with(const Machine& machine) const {
  CheckpointWriter writer;
  machine.save(writer);
  writer.value(chain_);
  return XXH3_64bits(writer.bytes().data(), writer.bytes().size());
}

}  // namespace tacit
