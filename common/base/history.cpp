#include "common/base/history.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <bit>

namespace tacit {
namespace {

/// Odd constants of Weyl sequences: no two small (round, sender) pairs start from one seed.
constexpr std::uint64_t kRoundStep = 0x9e3779b97f4a7c15;
constexpr std::uint64_t kSenderStep = 0xd1b54a32d192ed03;

}  // namespace

void History::add(const RoundInput& input, std::span<const Sample> row) {
  const std::uint64_t round_step = kRoundStep * static_cast<std::uint64_t>(input.round + 1);
  for (const Received& frame : input.inbox) {
    const std::uint64_t seed = chain_ + round_step + kSenderStep * (index_of(frame.from) + 1);
    chain_ = XXH3_64bits_withSeed(frame.payload.data(), frame.payload.size(), seed);
  }
  if (!row.empty()) chain_ += round_step;
  for (const Sample& sample : row) {
    const auto bits = std::bit_cast<std::uint64_t>(sample.value);
    chain_ = XXH3_64bits_withSeed(&bits, sizeof bits, chain_);
  }
}

std::uint64_t History::digest_with(const Machine& machine) const {
  CheckpointWriter writer;
  machine.save(writer);
  writer.value(chain_);
  return XXH3_64bits(writer.bytes().data(), writer.bytes().size());
}

}  // namespace tacit
