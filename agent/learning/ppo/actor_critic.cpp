#include "agent/learning/ppo/actor_critic.h"

#include "agent/learning/network/shapes.h"

namespace tacit {

template <typename Scalar>
ActorCritic<Scalar>::ActorCritic(std::size_t observation_size, const ActionSpace& space,
                                 const std::vector<std::size_t>& hidden_sizes)
    : distribution_(space),
      actor_(layers(observation_size, hidden_sizes, distribution_.output_size())),
      critic_(layers(observation_size, hidden_sizes, 1)),
      parameters_(Vector::Zero(actor_size() + deviations() + critic_size())) {}

template <typename Scalar>
void ActorCritic<Scalar>::initialise(RandomStream& stream) {
  parameters_.setZero();
  actor_.initialise(0.01, stream, parameters_.head(actor_size()));
  critic_.initialise(1.0, stream, parameters_.tail(critic_size()));
}

template <typename Scalar>
ActionDistribution<Scalar>& ActorCritic<Scalar>::act(const ConstMatrixRef& observations) {
  distribution_.set(actor_.forward(parameters_.head(actor_size()), observations, actor_workspace_),
                    parameters_.segment(actor_size(), deviations()));
  return distribution_;
}

template <typename Scalar>
const NetworkMatrix<Scalar>& ActorCritic<Scalar>::values(const ConstMatrixRef& observations) {
  return critic_.forward(parameters_.tail(critic_size()), observations, critic_workspace_);
}

template <typename Scalar>
void ActorCritic<Scalar>::add_actor_gradient(const ConstMatrixRef& observations,
                                             const Matrix& actions, const Vector& weights,
                                             Scalar entropy_weight, Vector& gradient) {
  distribution_.gradient(actions, weights, entropy_weight, output_gradient_,
                         gradient.segment(actor_size(), deviations()));
  actor_.backward(parameters_.head(actor_size()), observations, output_gradient_, actor_workspace_,
                  gradient.head(actor_size()));
}

template <typename Scalar>
void ActorCritic<Scalar>::add_critic_gradient(const ConstMatrixRef& observations,
                                              const Matrix& weights, Vector& gradient) {
  critic_.backward(parameters_.tail(critic_size()), observations, weights, critic_workspace_,
                   gradient.tail(critic_size()));
}

template class ActorCritic<float>;
template class ActorCritic<double>;

}  // namespace tacit
