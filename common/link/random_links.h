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

}  // namespace tacit
