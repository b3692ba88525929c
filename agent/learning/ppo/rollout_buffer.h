#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "agent/learning/environment.h"
#include "agent/learning/network/mlp.h"
#include "common/base/checkpoint.h"

namespace tacit {

/// The samples of one iteration, for a learner that is given its experience instead of stepping
/// environments itself: T steps of E copies, step t of copy e as sample e T + t.
template <typename Scalar>
struct RolloutBuffer {
  using Matrix = NetworkMatrix<Scalar>;
  using Vector = NetworkVector<Scalar>;
  using ConstMatrixRef = Eigen::Ref<const Matrix>;

  struct Shape {
    std::size_t copies;        ///< E
    std::size_t steps;         ///< T
    std::size_t observations;  ///< what the policy sees
    std::size_t critic_observations;
    std::size_t actions;
    std::size_t sample_count() const { return copies * steps; }
  };

  explicit RolloutBuffer(const Shape& shape);

  /// Records the observations and actions of all copies in a step.
  /// @param observations         [observations x E]
  /// @param critic_observations  [critic_observations x E]
  /// @param actions              [actions x E]
  /// @param log_probabilities    [E] of the actions
  void record(std::size_t step, const ConstMatrixRef& observations,
              const ConstMatrixRef& critic_observations, const ConstMatrixRef& actions,
              const Vector& log_probabilities);

  /// Records the outcome of a step in one copy. A truncated episode also needs a bootstrap().
  void record_outcome(std::size_t copy, std::size_t step, double reward, double cost,
                      Ending ending);

  /// Records the critics' observation after a step without a next sample: the episode was
  /// truncated, or continues after the last step.
  /// @param observation  [critic_observations x 1]
  void bootstrap(std::size_t copy, std::size_t step, const ConstMatrixRef& observation);

  /// Forgets the bootstraps. The next iteration overwrites everything else.
  void clear();

  void save(CheckpointWriter& writer) const;
  void restore(CheckpointReader& reader);

  std::size_t sample(std::size_t copy, std::size_t step) const { return copy * shape.steps + step; }

  Shape shape;
  Matrix observations;          ///< [observations x B], B = E T
  Matrix critic_observations;   ///< [critic_observations x B]
  Matrix actions;               ///< [actions x B]
  Vector log_probabilities;     ///< [B]
  std::vector<double> rewards;  ///< [B]
  std::vector<double> costs;    ///< [B]
  std::vector<Ending> endings;  ///< [B]
  std::vector<std::size_t> bootstrap_samples;
  Matrix bootstrap_observations;  ///< [critic_observations x at least bootstrap_samples.size()]
};

extern template struct RolloutBuffer<float>;
extern template struct RolloutBuffer<double>;

}  // namespace tacit
