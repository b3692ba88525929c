#include "agent/learning/ppo/value_network.h"

#include <algorithm>
#include <cmath>

#include "agent/learning/network/shapes.h"
#include "agent/learning/ppo/clipped_objective.h"
#include "common/base/check.h"

namespace tacit {
namespace {

template <typename Scalar>
Scalar huber(Scalar error, Scalar width) {
  const Scalar size = std::abs(error);
  return size <= width ? error * error / 2 : width * (size - width / 2);
}

}  // namespace

template <typename Scalar>
ValueNetwork<Scalar>::ValueNetwork(std::size_t observation_size, const ValueConfig& config,
                                   RandomStream& weights)
    : config_(config),
      network_(layers(observation_size, config.hidden_sizes, 1)),
      parameters_(network_.parameter_count(), config.adam_epsilon),
      scale_(1) {
  network_.initialise(1.0, weights, parameters_.values);
}

template <typename Scalar>
std::vector<double> ValueNetwork<Scalar>::values(const ConstMatrixRef& observations) {
  std::vector<double> values;
  values.reserve(static_cast<std::size_t>(observations.cols()));
  for (Eigen::Index first = 0; first < observations.cols(); first += index(kBlockSize)) {
    const Eigen::Index count = std::min(index(kBlockSize), observations.cols() - first);
    const Matrix& outputs =
        network_.forward(parameters_.values, observations.middleCols(first, count), workspace_);
    for (Eigen::Index i = 0; i < count; ++i) {
      values.push_back(scale_.mean(0) + scale_.deviation(0) * static_cast<double>(outputs(0, i)));
    }
  }
  return values;
}

template <typename Scalar>
void ValueNetwork<Scalar>::set_targets(std::span<const double> targets,
                                       std::span<const double> values) {
  TACIT_CHECK(targets.size() == values.size(), "every sample has a target and a value");
  const auto count = static_cast<Eigen::Index>(targets.size());
  scale_.absorb(Eigen::Map<const Eigen::MatrixXd>(targets.data(), 1, count));
  const auto normalised = [&](std::span<const double> all) -> Vector {
    const auto map = Eigen::Map<const Eigen::VectorXd>(all.data(), count).array();
    return ((map - scale_.mean(0)) / scale_.deviation(0)).template cast<Scalar>();
  };
  targets_ = normalised(targets);
  before_ = normalised(values);
}

template <typename Scalar>
void ValueNetwork<Scalar>::add_gradient(const ConstMatrixRef& observations,
                                        std::span<const std::uint32_t> samples, double weight) {
  const Matrix& outputs = network_.forward(parameters_.values, observations, workspace_);
  const auto width = static_cast<Scalar>(config_.huber_width);
  const auto clip = static_cast<Scalar>(config_.value_clip);
  slopes_.resize(1, outputs.cols());
  for (Eigen::Index i = 0; i < outputs.cols(); ++i) {
    const Eigen::Index sample = samples[static_cast<std::size_t>(i)];
    const Scalar error = outputs(0, i) - targets_[sample];
    Scalar slope = std::clamp(error, -width, width);
    if (clip > 0) {
      const Scalar moved = std::clamp(outputs(0, i) - before_[sample], -clip, clip);
      // Where the clipped loss is the larger one, it does not depend on f.
      if (huber(before_[sample] + moved - targets_[sample], width) > huber(error, width)) slope = 0;
    }
    slopes_(0, i) = static_cast<Scalar>(weight) * slope;
  }
  network_.backward(parameters_.values, observations, slopes_, workspace_, parameters_.gradient);
}

template <typename Scalar>
void ValueNetwork<Scalar>::save(CheckpointWriter& writer) const {
  parameters_.save(writer);
  scale_.save(writer);
}

template <typename Scalar>
void ValueNetwork<Scalar>::restore(CheckpointReader& reader) {
  parameters_.restore(reader);
  scale_.restore(reader);
}

template class ValueNetwork<float>;
template class ValueNetwork<double>;

}  // namespace tacit
