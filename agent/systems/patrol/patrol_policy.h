#pragma once

#include <Eigen/Core>
#include <cstddef>
#include <span>
#include <vector>

#include "common/base/random.h"

namespace tacit::patrol {

/// A robot's behaviour at given multipliers: the probability of each action in each tile. Action a
/// heads for the centre of zone a.
class ActionTable {
 public:
  /// @param probabilities  [tile_count x zone_count] by row; each row sums to about 1
  ActionTable(std::size_t zone_count, std::span<const double> probabilities);

  double probability(std::size_t tile, std::size_t zone) const;

  /// The first action a with u < sum of the probabilities of 0..a; the last if rounding leaves a
  /// gap above that sum.
  /// @param u  in [0, 1)
  std::size_t choose(std::size_t tile, double u) const;

 private:
  std::size_t zone_count_;
  std::vector<double> cumulative_;  ///< [tile_count x zone_count]
};

/// The sizes of a policy's network.
struct PolicyShape {
  std::size_t tile_count = 0;
  std::size_t zone_count = 0;  ///< M, also the number of actions
  std::size_t hidden_count = 256;

  std::size_t parameter_count() const {
    return (zone_count + tile_count + 1) * hidden_count + (hidden_count + 1) * zone_count;
  }
  bool operator==(const PolicyShape&) const = default;
};

/// pi(a | tile, lambda) of one robot: with x = [lambda / max lambda, the tile as one of T inputs],
///   h = max(0, W1 x + b1),  pi = softmax(W2 h + b2)
/// The parameters are one vector [W1 b1 W2 b2] with W1 as [input][hidden], W2 as [action][hidden].
/// float is used for learning and acting.
/// Source: Agorio et al., Cooperative Multi-Agent Assignment over Stochastic Graphs via Constrained
/// RL, Section V.
class PatrolPolicy {
 public:
  /// For n vectors of weights at once, in all T tiles: row tile * n + i is weights i in that tile.
  struct Pass {
    Eigen::MatrixXf weights;        ///< [M x n] lambda / max lambda
    Eigen::MatrixXf hidden;         ///< h, [hidden_count x T n]
    Eigen::MatrixXf probabilities;  ///< pi, [T n x M]
  };

  /// @param parameters  [shape.parameter_count()]
  PatrolPolicy(const PolicyShape& shape, Eigen::VectorXf parameters);

  /// W1 ~ N(0, 2/7), since in general seven of the inputs are not 0; W2 ~ N(0, 0.01^2), for nearly
  /// uniform actions; b = 0.
  static PatrolPolicy initial(const PolicyShape& shape, RandomStream& stream);

  const PolicyShape& shape() const { return shape_; }
  const Eigen::VectorXf& parameters() const { return parameters_; }
  Eigen::VectorXf& parameters() { return parameters_; }

  /// The robot's behaviour during a rollout.
  /// @param weights  [M] lambda / max lambda, zeros if all are zero
  ActionTable table(std::span<const double> weights) const;

  /// Sets pass.hidden and pass.probabilities from pass.weights.
  void forward(Pass& pass) const;

  /// Adds the gradient of a function of the probabilities, after forward() with the same pass.
  /// @param logit_gradient  of W2 h + b2, [T n x M]
  /// @param gradient        [shape.parameter_count()]
  void backward(const Pass& pass, const Eigen::MatrixXf& logit_gradient,
                Eigen::VectorXf& gradient) const;

 private:
  PolicyShape shape_;
  Eigen::VectorXf parameters_;
};

}  // namespace tacit::patrol
