#pragma once

#include <cstddef>
#include <vector>

#include "agent/learning/network/mlp.h"
#include "agent/learning/ppo/action_distribution.h"

namespace tacit {

/// An actor pi(a | s) and a critic v(s): two separate networks with the same hidden sizes, whose
/// parameters form one vector [actor | log deviations | critic].
template <typename Scalar>
class ActorCritic {
 public:
  using Matrix = NetworkMatrix<Scalar>;
  using Vector = NetworkVector<Scalar>;
  using ConstMatrixRef = Eigen::Ref<const Matrix>;

  /// All parameters 0.
  ActorCritic(std::size_t observation_size, const ActionSpace& space,
              const std::vector<std::size_t>& hidden_sizes);

  /// Orthogonal weights, gain 0.01 in the actor's last layer and 1 in the critic's; deviations 1.
  void initialise(RandomStream& stream);

  Vector& parameters() { return parameters_; }
  const Vector& parameters() const { return parameters_; }
  const Mlp<Scalar>& actor() const { return actor_; }
  const ActionSpace& action_space() const { return distribution_.space(); }

  /// pi(. | s) of every column of `observations`, valid until the next call.
  ActionDistribution<Scalar>& act(const ConstMatrixRef& observations);
  /// v(s) of every column, [1 x n], valid until the next call.
  const Matrix& values(const ConstMatrixRef& observations);

  /// After act(observations): adds the gradient of
  /// sum_i (weights_i log pi(a_i | s_i) + entropy_weight H(s_i)).
  void add_actor_gradient(const ConstMatrixRef& observations, const Matrix& actions,
                          const Vector& weights, Scalar entropy_weight, Vector& gradient);
  /// After values(observations): adds the gradient of sum_i weights_i v(s_i), weights [1 x n].
  void add_critic_gradient(const ConstMatrixRef& observations, const Matrix& weights,
                           Vector& gradient);

 private:
  Eigen::Index actor_size() const { return static_cast<Eigen::Index>(actor_.parameter_count()); }
  Eigen::Index critic_size() const { return static_cast<Eigen::Index>(critic_.parameter_count()); }
  Eigen::Index deviations() const {
    return static_cast<Eigen::Index>(action_space().continuous_size);
  }

  ActionDistribution<Scalar> distribution_;
  Mlp<Scalar> actor_;
  Mlp<Scalar> critic_;
  Vector parameters_;
  typename Mlp<Scalar>::Workspace actor_workspace_;
  typename Mlp<Scalar>::Workspace critic_workspace_;
  Matrix output_gradient_;
};

extern template class ActorCritic<float>;
extern template class ActorCritic<double>;

}  // namespace tacit
