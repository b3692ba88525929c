#pragma once

#include <Eigen/Core>
#include <cstddef>
#include <span>
#include <vector>

#include "agent/systems/patrol/patrol_policy.h"
#include "agent/systems/patrol/training_config.h"
#include "common/base/random.h"
#include "common/proximity/lattice.h"

namespace tacit::patrol {

/// The same objective and gradient as ExactGradient, from one episode of T0 steps for each weight
/// vector:
///   sum_t (G_t - b(tile_t, w, t)) grad log pi(a_t | tile_t, w) / (T0 n)
/// with the return to go G_t = sum_{t' > t} reward(t') and a baseline that is linear in the weights
/// and in the steps to go, b = (T0 - t) (beta_tile . [w, 1]), fitted to earlier episodes.
/// Source: Williams, "Simple statistical gradient-following algorithms", 1992.
class SampledGradient {
 public:
  SampledGradient(const Lattice& lattice, std::size_t rollout_steps, EpisodeReward reward);

  /// Call when another robot begins to learn: forgets the baseline.
  void restart();

  /// @param team, active, logit_gradient  as in ExactGradient, with any number n of weights
  /// @param stream  of the starts and actions
  /// @return the mean reward of the team over the episodes, an estimate of J
  double evaluate(std::span<const PatrolPolicy::Pass> team, std::size_t active,
                  RandomStream& stream, Eigen::MatrixXf& logit_gradient);

 private:
  /// The discounted past of a tile: sums of x x^T and of x G, with x = (T0 - t) [w, 1].
  struct Fit {
    Eigen::MatrixXd square;  ///< [M + 1 x M + 1]
    Eigen::VectorXd cross;   ///< [M + 1]
    Eigen::VectorXd beta;    ///< [M + 1]
  };
  /// A step of the learning robot.
  struct Step {
    std::size_t tile;
    std::size_t action;
    double reward;
  };

  double play(std::size_t episode, std::size_t active, const Eigen::VectorXd& weights,
              RandomStream& stream);
  void learn(std::size_t episode, const PatrolPolicy::Pass& pass, const Eigen::VectorXd& features,
             Eigen::MatrixXf& logit_gradient);
  void fit();

  const Lattice& lattice_;
  EpisodeReward reward_;
  std::size_t batch_ = 0;            ///< n
  std::vector<ActionTable> tables_;  ///< [N], by row tile * n + episode
  std::vector<Place> places_;        ///< [N]
  std::vector<Step> steps_;          ///< of one episode, [T0]
  std::vector<Fit> fits_;            ///< by tile
};

}  // namespace tacit::patrol
