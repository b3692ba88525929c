#pragma once

#include <cstdint>

#include "common/link/link_model.h"

namespace tacit {

/// Links that never fail.
class AlwaysUp final : public LinkModel {
 public:
  bool sends(Edge, Round) const override { return true; }
};

/// Every link is up with probability up_probability in every round, independently of all other
/// links and rounds: a coin keyed by (seed, smaller id, greater id, round), so that both
/// directions share it. With `one_way` each direction has its own coin.
class BernoulliLinks final : public LinkModel {
 public:
  struct Config {
    std::uint64_t seed = 0;
    double up_probability = 1;  ///< in [0, 1]
    bool one_way = false;
  };

  /// @throws std::invalid_argument naming the field, if a bound on the config does not hold.
  explicit BernoulliLinks(const Config& config);
  bool sends(Edge edge, Round round) const override;

 private:
  Config config_;
};

/// Links that fail in bursts: each is a Markov chain of two states that all links go through by
/// themselves, down after up with fail_probability, up after down with recover_probability;
/// stationary from round 0 on. Undirected like those above unless `one_way`.
///
/// No state is kept: one uniform number u decides each round, and one that is below both chances
/// of being down, or above both, forgets what was before. So a round looks back to the last such
/// round only: 1 / (1 - |1 - fail - recover|) rounds on average.
/// Source: Gilbert, "Capacity of a burst-noise channel", Bell System Technical Journal 39, 1960.
class GilbertElliottLinks final : public LinkModel {
 public:
  struct Config {
    std::uint64_t seed = 0;
    double fail_probability = 0.01;    ///< in [kLeast, kMost]
    double recover_probability = 0.1;  ///< in [kLeast, kMost]
    bool one_way = false;
  };
  static constexpr double kLeast = 0.001;
  static constexpr double kMost = 0.999;

  /// @throws std::invalid_argument naming the field, if a bound on the config does not hold.
  explicit GilbertElliottLinks(const Config& config);
  bool sends(Edge edge, Round round) const override;

  /// How often a link is up.
  static double up_probability(const Config& config) {
    return config.recover_probability / (config.fail_probability + config.recover_probability);
  }

 private:
  Config config_;
};

}  // namespace tacit
