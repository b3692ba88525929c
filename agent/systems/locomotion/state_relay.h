#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "common/base/checkpoint.h"
#include "common/base/ids.h"
#include "common/base/machine.h"

namespace tacit {

/// One agent's part of flooding its state to all agents within K hops of a graph: a block (origin,
/// hops left, numbers) goes to all neighbours but those it came from, as long as it has hops left;
/// a block that is not newer than the known one of its origin is dropped.
///   at once:  K exchanges per step; the block of an agent at distance d <= K is that of the
///             same step, and arrives in exchange d
///   delayed:  one exchange per step; the block is that of d steps ago
/// A block that a link lost may still arrive by a longer way, if that has at most K hops (delayed:
/// the block is then older). For an agent from which nothing arrives, the last block is kept, with
/// a known age.
///
/// A message is a sequence of blocks, ascending by origin: origin and hops left as 16 bits each,
/// then the numbers as floats, little-endian. Block sizes are known in advance: all agents have the
/// same number of columns in a step, and agent j has rows(j) numbers in each.
/// Source: flooding with a hop limit, as in textbooks on networks; ours.
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

  /// Takes the message that a neighbour sent in the last exchange.
  /// @throws InputError (peer_lost) naming the sender: not a neighbour, bytes that are no blocks, a
  /// number beyond kStateMost
  void hear(const Received& received);

  /// Steps since the newest known block of `agent` was current; a negative number if none is known.
  /// Meaningful after the last exchange of a step.
  Round age(ProcessId agent) const;

  /// The newest known block of `agent`, [rows x columns of its step]; empty if none is known.
  std::span<const float> block(ProcessId agent) const { return known_[index_of(agent)].numbers; }

  void save(CheckpointWriter& writer) const;
  void restore(CheckpointReader& reader);

 private:
  struct Known {
    Round step = -1;  ///< the step of the state
    std::vector<float> numbers;
  };
  /// A block to be sent in the next exchange.
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
