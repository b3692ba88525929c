#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "common/base/checkpoint.h"
#include "common/base/ids.h"
#include "common/base/machine.h"

namespace tacit {

/// One agent's half of telling its state to all within K hops of a graph, by flooding: a block
/// (origin, hops left, numbers) goes to all neighbours but those it came from, as long as it has
/// hops left, and a block that is not newer than what is known of its origin is dropped.
///   at once:  K exchanges per step; an agent at distance d <= K is heard with its block of the
///             same step, in exchange d
///   delayed:  one exchange per step; it is heard with its block of d steps ago
/// A block that a link lost may still come a longer way round, if that has at most K hops (delayed:
/// and is then older). Whoever is not heard keeps its last block, whose age is known.
///
/// A message is a sequence of blocks, ascending by origin: origin and hops left as 16 bits each,
/// then the numbers as floats, little-endian. Block sizes are agreed beforehand: all agents have as
/// many columns in a step, and agent j has rows(j) numbers in each.
/// Source: flooding with a hop limit, as in any network text; ours.
class StateRelay {
 public:
  struct Config {
    ProcessId self;
    std::vector<ProcessId> neighbours;  ///< ascending
    std::vector<std::size_t> rows;      ///< [N] numbers per column of each agent's block
    std::size_t hop_count;              ///< K, 0..65535
    bool delayed;
  };

  explicit StateRelay(Config config);

  /// Begins a step.
  /// @param own  [rows(self) x columns]
  void begin(std::size_t columns, std::span<const float> own);

  /// This exchange's messages.
  void send(RoundOutput& output);

  /// What a neighbour sent in the last exchange.
  /// @throws InputError (peer_lost) naming the sender: nobody's neighbour, bytes that are no
  /// blocks, a number beyond kStateMost
  void hear(const Received& received);

  /// Steps since the newest known block of `agent` was its state; a negative number if none is
  /// known. Meaningful after the last exchange of a step.
  Round age(ProcessId agent) const;

  /// The newest known block of `agent`, [rows x columns of its step]; empty if none is known.
  std::span<const float> block(ProcessId agent) const { return known_[index_of(agent)].numbers; }

  void save(CheckpointWriter& writer) const;
  void restore(CheckpointReader& reader);

 private:
  struct Known {
    Round step = -1;  ///< whose state it is
    std::vector<float> numbers;
  };
  /// A block that waits for the next exchange.
  struct Waiting {
    ProcessId origin;
    std::size_t hops_left;
    std::vector<ProcessId> from;
  };

  void take(const Received& received, std::size_t hops_left, ProcessId origin,
            std::span<const std::byte> bytes);

  Config config_;
  Round step_ = -1;
  std::size_t columns_ = 0;
  std::vector<Known> known_;      ///< [N]
  std::vector<Waiting> waiting_;  ///< ascending by origin
  std::vector<std::byte> message_;
};

}  // namespace tacit
