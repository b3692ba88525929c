#include "agent/learning/network/running_normaliser.h"

#include <algorithm>
#include <cmath>

#include "common/base/check.h"

namespace tacit {
namespace {

constexpr double kVarianceLeast = 1e-4;
constexpr double kMost = 10;

}  // namespace

template <typename Scalar>
RunningNormaliser<Scalar>::RunningNormaliser(std::size_t feature_count)
    : mean_(feature_count, 0.0), square_sum_(feature_count, 0.0) {}

template <typename Scalar>
void RunningNormaliser<Scalar>::absorb(const Eigen::Ref<const NetworkMatrix<Scalar>>& samples) {
  TACIT_CHECK(static_cast<std::size_t>(samples.rows()) == mean_.size(), "a feature is a row");
  const double added = static_cast<double>(samples.cols());
  const double count = count_ + added;
  for (Eigen::Index row = 0; row < samples.rows(); ++row) {
    const auto feature = static_cast<std::size_t>(row);
    double sum = 0;
    for (const Scalar x : samples.row(row)) sum += static_cast<double>(x);
    const double mean = sum / added;
    double squares = 0;
    for (const Scalar x : samples.row(row)) {
      const double distance = static_cast<double>(x) - mean;
      squares += distance * distance;
    }
    const double shift = mean - mean_[feature];
    square_sum_[feature] += squares + shift * shift * count_ * added / count;
    mean_[feature] += shift * added / count;
  }
  count_ = count;
}

template <typename Scalar>
double RunningNormaliser<Scalar>::deviation(std::size_t feature) const {
  return count_ > 0 ? std::sqrt(square_sum_[feature] / count_ + kVarianceLeast) : 1.0;
}

template <typename Scalar>
void RunningNormaliser<Scalar>::apply(Eigen::Ref<NetworkMatrix<Scalar>> samples) const {
  for (Eigen::Index row = 0; row < samples.rows(); ++row) {
    const auto feature = static_cast<std::size_t>(row);
    const auto mean = static_cast<Scalar>(mean_[feature]);
    const auto scale = static_cast<Scalar>(1 / deviation(feature));
    for (Scalar& x : samples.row(row)) {
      x = std::clamp((x - mean) * scale, Scalar(-kMost), Scalar(kMost));
    }
  }
}

template <typename Scalar>
void RunningNormaliser<Scalar>::save(CheckpointWriter& writer) const {
  writer.value(count_);
  writer.values(mean_);
  writer.values(square_sum_);
}

template <typename Scalar>
void RunningNormaliser<Scalar>::restore(CheckpointReader& reader) {
  reader.value(count_);
  reader.values(mean_);
  reader.values(square_sum_);
}

template class RunningNormaliser<float>;
template class RunningNormaliser<double>;

}  // namespace tacit
