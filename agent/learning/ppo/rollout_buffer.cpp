#include "agent/learning/ppo/rollout_buffer.h"

#include <algorithm>

#include "agent/learning/network/matrix_checkpoint.h"
#include "agent/learning/network/shapes.h"
#include "common/base/check.h"

namespace tacit {
template <typename Scalar>
RolloutBuffer<Scalar>::RolloutBuffer(const Shape& s)
    : shape(s),
      observations(Matrix::Zero(index(s.observations), index(s.sample_count()))),
      critic_observations(Matrix::Zero(index(s.critic_observations), index(s.sample_count()))),
      actions(Matrix::Zero(index(s.actions), index(s.sample_count()))),
      log_probabilities(Vector::Zero(index(s.sample_count()))),
      rewards(s.sample_count()),
      costs(s.sample_count()),
      endings(s.sample_count(), Ending::none),
      bootstrap_observations(Matrix::Zero(index(s.critic_observations), index(s.copies))) {}

template <typename Scalar>
void RolloutBuffer<Scalar>::record(std::size_t step, const ConstMatrixRef& seen,
                                   const ConstMatrixRef& critic_seen, const ConstMatrixRef& done,
                                   const Vector& chances) {
  for (std::size_t copy = 0; copy < shape.copies; ++copy) {
    const Eigen::Index to = index(sample(copy, step));
    observations.col(to) = seen.col(index(copy));
    critic_observations.col(to) = critic_seen.col(index(copy));
    actions.col(to) = done.col(index(copy));
    log_probabilities[to] = chances[index(copy)];
  }
}

template <typename Scalar>
void RolloutBuffer<Scalar>::record_outcome(std::size_t copy, std::size_t step, double reward,
                                           double cost, Ending ending) {
  const std::size_t to = sample(copy, step);
  rewards[to] = reward;
  costs[to] = cost;
  endings[to] = ending;
}

template <typename Scalar>
void RolloutBuffer<Scalar>::bootstrap(std::size_t copy, std::size_t step,
                                      const ConstMatrixRef& observation) {
  const Eigen::Index place = index(bootstrap_samples.size());
  if (place == bootstrap_observations.cols()) {
    TACIT_CHECK(bootstrap_samples.size() < shape.sample_count(), "a sample has one bootstrap");
    bootstrap_observations.conservativeResize(Eigen::NoChange, 2 * place);
  }
  bootstrap_observations.col(place) = observation;
  bootstrap_samples.push_back(sample(copy, step));
}

template <typename Scalar>
void RolloutBuffer<Scalar>::clear() {
  bootstrap_samples.clear();
}

template <typename Scalar>
void RolloutBuffer<Scalar>::save(CheckpointWriter& writer) const {
  save_entries(writer, observations);
  save_entries(writer, critic_observations);
  save_entries(writer, actions);
  save_entries(writer, log_probabilities);
  writer.values(rewards);
  writer.values(costs);
  writer.values(endings);
  writer.values(bootstrap_samples);
  const Matrix seen = bootstrap_observations.leftCols(index(bootstrap_samples.size()));
  save_entries(writer, seen);
}

template <typename Scalar>
void RolloutBuffer<Scalar>::restore(CheckpointReader& reader) {
  restore_entries(reader, observations);
  restore_entries(reader, critic_observations);
  restore_entries(reader, actions);
  restore_entries(reader, log_probabilities);
  reader.values(rewards);
  reader.values(costs);
  reader.values(endings);
  reader.values(bootstrap_samples);
  Matrix seen(bootstrap_observations.rows(), index(bootstrap_samples.size()));
  restore_entries(reader, seen);
  bootstrap_observations.setZero(seen.rows(),
                                 std::max(index(shape.copies), index(bootstrap_samples.size())));
  bootstrap_observations.leftCols(seen.cols()) = seen;
}

template struct RolloutBuffer<float>;
template struct RolloutBuffer<double>;

}  // namespace tacit
