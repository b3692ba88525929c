#include "agent/learning/ppo/action_distribution.h"

#include <boost/random/normal_distribution.hpp>
#include <cmath>
#include <utility>

#include "agent/learning/network/shapes.h"
#include "common/base/check.h"

namespace tacit {
namespace {

using Index = Eigen::Index;

constexpr double kHalfLogTau = 0.91893853320467274178;  // log(2 pi) / 2

}  // namespace

template <typename Scalar>
ActionDistribution<Scalar>::ActionDistribution(ActionSpace space) : space_(std::move(space)) {
  for (const std::size_t count : space_.choice_counts) {
    TACIT_CHECK(count >= 2, "a head has a choice");
    choice_count_ += count;
  }
}

template <typename Scalar>
void ActionDistribution<Scalar>::set(const Matrix& outputs, const ConstVectorRef& log_deviations) {
  outputs_ = outputs.transpose();
  log_deviations_ = log_deviations;
  probabilities_.resize(outputs_.rows(), index(choice_count_));
  scratch_.resize(outputs_.rows());
  Index first = 0;
  for (const std::size_t count : space_.choice_counts) {
    auto logits = outputs_.middleCols(first, index(count)).array();
    auto chances = probabilities_.middleCols(first, index(count)).array();
    auto scratch = scratch_.array();
    scratch = logits.col(0);
    for (Index j = 1; j < logits.cols(); ++j) scratch = scratch.max(logits.col(j));
    logits.colwise() -= scratch;
    chances = logits.exp();
    scratch = chances.col(0);
    for (Index j = 1; j < logits.cols(); ++j) scratch += chances.col(j);
    chances.colwise() /= scratch;
    scratch = scratch.log();  // separate: as an argument of the next line it would be allocated
    logits.colwise() -= scratch;
    first += index(count);
  }
}

template <typename Scalar>
void ActionDistribution<Scalar>::greedy(std::size_t sample, std::span<double> action) const {
  std::size_t place = 0;
  Index first = 0;
  for (const std::size_t count : space_.choice_counts) {
    Index best = 0;
    outputs_.row(index(sample)).segment(first, index(count)).maxCoeff(&best);
    action[place++] = static_cast<double>(best);
    first += index(count);
  }
  for (; first < outputs_.cols(); ++first) {
    action[place++] = static_cast<double>(outputs_(index(sample), first));
  }
}

template <typename Scalar>
void ActionDistribution<Scalar>::draw(std::size_t sample, RandomStream& stream,
                                      std::span<double> action) const {
  std::size_t place = 0;
  Index first = 0;
  for (const std::size_t count : space_.choice_counts) {
    double rest = to_unit(stream());
    std::size_t choice = 0;
    // Rounding errors go to the last choice.
    for (; choice + 1 < count; ++choice) {
      rest -= static_cast<double>(probabilities_(index(sample), first + index(choice)));
      if (rest < 0) break;
    }
    action[place++] = static_cast<double>(choice);
    first += index(count);
  }
  boost::random::normal_distribution<double> normal;
  for (Index dimension = 0; dimension < log_deviations_.size(); ++dimension) {
    const Scalar deviation = std::exp(log_deviations_[dimension]);
    const Scalar mean = outputs_(index(sample), first + dimension);
    action[place++] = static_cast<double>(mean + deviation * static_cast<Scalar>(normal(stream)));
  }
}

template <typename Scalar>
const NetworkVector<Scalar>& ActionDistribution<Scalar>::log_probabilities(const Matrix& actions) {
  const Index head_count = index(space_.choice_counts.size());
  log_probabilities_.resize(outputs_.rows());
  for (Index i = 0; i < outputs_.rows(); ++i) {
    Scalar sum = 0;
    Index first = 0;
    for (Index head = 0; head < head_count; ++head) {
      sum += outputs_(i, first + static_cast<Index>(actions(head, i)));
      first += index(space_.choice_counts[static_cast<std::size_t>(head)]);
    }
    log_probabilities_[i] = sum;
  }
  for (Index dimension = 0; dimension < log_deviations_.size(); ++dimension) {
    const Scalar log_deviation = log_deviations_[dimension];
    const auto mean = outputs_.col(index(choice_count_) + dimension).array();
    const auto action = actions.row(head_count + dimension).transpose().array();
    log_probabilities_.array() -=
        Scalar(0.5) * ((action - mean) * std::exp(-log_deviation)).square() +
        (log_deviation + Scalar(kHalfLogTau));
  }
  return log_probabilities_;
}

// d log pi(a)/dz_j = [j = a] - pi_j,            dH/dz_j = -pi_j (log pi_j + H)
// d log pi(a)/dmu = (a - mu)/sigma^2,           dH/dmu = 0
// d log pi(a)/dlog sigma = ((a - mu)/sigma)^2 - 1,   dH/dlog sigma = 1
template <typename Scalar>
void ActionDistribution<Scalar>::gradient(const Matrix& actions, const Vector& weights,
                                          Scalar entropy_weight, Matrix& output_gradient,
                                          VectorRef log_deviation_gradient) {
  const auto weight = weights.array();
  auto entropy = scratch_.array();
  gradient_.resize(outputs_.rows(), outputs_.cols());
  Index first = 0;
  Index place = 0;
  for (const std::size_t count : space_.choice_counts) {
    entropy.setZero();
    for (Index j = first; j < first + index(count); ++j) {
      entropy -= probabilities_.col(j).array() * outputs_.col(j).array();
    }
    for (Index j = first; j < first + index(count); ++j) {
      gradient_.col(j).array() = -probabilities_.col(j).array() *
                                 (weight + entropy_weight * (outputs_.col(j).array() + entropy));
    }
    for (Index i = 0; i < gradient_.rows(); ++i) {
      gradient_(i, first + static_cast<Index>(actions(place, i))) += weights[i];
    }
    first += index(count);
    ++place;
  }
  for (Index dimension = 0; dimension < log_deviations_.size(); ++dimension) {
    const Scalar inverse_deviation = std::exp(-log_deviations_[dimension]);
    auto distance = scratch_.array();
    distance = (actions.row(place + dimension).transpose().array() -
                outputs_.col(first + dimension).array()) *
               inverse_deviation;
    gradient_.col(first + dimension).array() = weight * distance * inverse_deviation;
    log_deviation_gradient[dimension] +=
        (weight * (distance.square() - Scalar(1)) + entropy_weight).sum();
  }
  output_gradient = gradient_.transpose();
}

template class ActionDistribution<float>;
template class ActionDistribution<double>;

}  // namespace tacit
