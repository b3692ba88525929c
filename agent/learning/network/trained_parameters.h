#pragma once

#include <cstddef>

#include "agent/learning/network/adam.h"
#include "agent/learning/network/matrix_checkpoint.h"
#include "agent/learning/network/mlp.h"

namespace tacit {

/// The parameters of a network, the gradient of its loss, and the optimiser between the two.
template <typename Scalar>
class TrainedParameters {
 public:
  using Vector = NetworkVector<Scalar>;

  /// All parameters 0.
  TrainedParameters(std::size_t count, double adam_epsilon)
      : values(Vector::Zero(static_cast<Eigen::Index>(count))),
        gradient(values),
        adam_(count, adam_epsilon) {}

  /// Limits the norm of the gradient to `norm_most`, descends along it, and sets it to 0.
  void step(double rate, double norm_most) {
    const double norm = static_cast<double>(gradient.norm());
    if (norm > norm_most) gradient *= static_cast<Scalar>(norm_most / norm);
    adam_.step(rate, gradient, values);
    gradient.setZero();
  }

  /// Call between steps, when the gradient is 0.
  void save(CheckpointWriter& writer) const {
    save_entries(writer, values);
    adam_.save(writer);
  }
  void restore(CheckpointReader& reader) {
    restore_entries(reader, values);
    adam_.restore(reader);
  }

  Vector values;
  Vector gradient;

 private:
  Adam<Scalar> adam_;
};

}  // namespace tacit
