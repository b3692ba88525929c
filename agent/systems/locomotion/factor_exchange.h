#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "common/base/checkpoint.h"
#include "common/base/ids.h"
#include "common/base/machine.h"

namespace tacit {

/// The largest factor that a message may hold.
inline constexpr float kFactorMost = 1e12F;

/// One agent's side of sequential updates. In each iteration the agents are in an order that is
/// drawn anew; in exchange u = 0..N-1 the u-th agent updates, weighting its B samples with
///   M = product over agents j updated before it of r_j,
///   r_j = pi_new(a_j | x_j)/pi_old(a_j | x_j)
/// and then sends the result of its own update: to its successor the product of all, M r; or, with
/// `near`, its own r to its listeners, each of which multiplies the r that it received. A message
/// that a link lost counts as 1, with all factors that its product held.
/// A message is B floats, little-endian, each clipped to kFactorMost, as their product is: a sample
/// with a larger weight is useless for learning anyway, and a float can hold the results computed
/// from it.
/// Source: sequential updates as in Kuba et al., arXiv:2109.11251.
class FactorExchange {
 public:
  struct Config {
    ProcessId self;
    std::uint64_t seed;  ///< that of the run: all agents draw the same orders
    std::size_t agent_count;
    std::size_t sample_count;  ///< B
    bool near;                 ///< whether r goes to `listeners`, else M r to the next in order
    std::vector<ProcessId> listeners;  ///< ascending, without self: agents that multiply by our r
    std::vector<ProcessId> sources;    ///< ascending, without self: agents by whose r we multiply
  };

  explicit FactorExchange(Config config);

  /// Whether it is this agent's turn.
  bool has_turn(Round iteration, Round exchange) const;

  /// Arcs of an exchange; none in the last.
  Arcs arcs(Round iteration, Round exchange) const;

  /// Begins an iteration: M = 1.
  void begin();

  /// M from the messages received since, [B].
  std::span<const float> weights() const { return weights_; }

  /// The message that ends this agent's turn.
  /// @param ratios  [B] r
  std::span<const std::byte> finish(std::span<const float> ratios);

  /// @throws InputError (peer_lost) naming the sender: a wrong size, a ratio that is not in
  ///         [0, kFactorMost]
  void hear(const Received& received);

  void save(CheckpointWriter& writer) const { writer.values(weights_); }
  void restore(CheckpointReader& reader) { reader.values(weights_); }

 private:
  /// The u-th agent in an iteration's order.
  ProcessId agent_at(Round iteration, Round exchange) const;

  Config config_;
  std::vector<ProcessId> all_;  ///< 0..N-1, for arcs of one
  std::vector<float> weights_;  ///< [B]
  std::vector<float> message_;  ///< [B]
};

}  // namespace tacit
