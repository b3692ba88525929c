#pragma once

#include <Random123/philox.h>

#include <cstdint>
#include <limits>
#include <span>
#include <string_view>

#include "common/base/ids.h"

namespace tacit {

/// The use of a random stream. Streams of different purposes share no numbers.
enum class Purpose : std::uint64_t {};

/// FNV-1a of a purpose's name, at compile time: purpose("offload.learning").
consteval Purpose purpose(std::string_view name) {
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (const char letter : name) {
    hash = (hash ^ static_cast<unsigned char>(letter)) * 0x100000001b3u;
  }
  return static_cast<Purpose>(hash);
}

/// A stream of random words, Philox4x64-10 in counter mode. Its state is never saved: a process
/// that continues a run constructs the stream again from (seed, process, purpose, round).
///
/// A UniformRandomBitGenerator, for the distributions of Boost.Random (fixed in source); never for
/// std::*_distribution, whose results differ between standard libraries.
/// Source: Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
class RandomStream {
 public:
  using result_type = std::uint64_t;

  RandomStream(std::uint64_t seed, ProcessId process, Purpose purpose, Round round)
      : key_{{seed, index_of(process)}},
        counter_{{0, 0, static_cast<std::uint64_t>(round), static_cast<std::uint64_t>(purpose)}} {}

  static constexpr result_type min() { return 0; }
  static constexpr result_type max() { return std::numeric_limits<result_type>::max(); }

  result_type operator()() {
    if (used_ == 4) {
      block_ = r123::Philox4x64()(counter_, key_);
      ++counter_[0];
      used_ = 0;
    }
    return block_[used_++];
  }

  /// Fills `words` with the next words of operator(); fastest in multiples of four from a fresh
  /// stream.
  void fill(std::span<std::uint64_t> words);

 private:
  r123::Philox4x64::key_type key_;
  r123::Philox4x64::ctr_type counter_;
  r123::Philox4x64::ctr_type block_{};
  unsigned used_ = 4;
};

/// Uniform in [0, 1) with 53 bits.
inline double to_unit(std::uint64_t word) { return static_cast<double>(word >> 11) * 0x1p-53; }

/// Splits a uniform word into a draw from 0..n-1, which is returned, and a uniform rest, which
/// replaces `word`. Each split costs log2(n) bits of resolution; the bias is at most n * 2^-64 per
/// draw.
inline std::uint64_t split_off(std::uint64_t& word, std::uint64_t n) {
  __extension__ using Wide = unsigned __int128;
  const Wide product = static_cast<Wide>(word) * n;
  word = static_cast<std::uint64_t>(product);
  return static_cast<std::uint64_t>(product >> 64);
}

/// A stateless Bernoulli coin: a pure function of its arguments, the same at both ends of a link.
bool coin(std::uint64_t seed, Purpose purpose, Edge edge, Round round, double probability);

}  // namespace tacit
