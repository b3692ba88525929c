#include "agent/learning/network/adam.h"

#include <cmath>

#include "agent/learning/network/matrix_checkpoint.h"

namespace tacit {
namespace {

constexpr double kBeta1 = 0.9;
constexpr double kBeta2 = 0.999;

}  // namespace

template <typename Scalar>
Adam<Scalar>::Adam(std::size_t parameter_count, double epsilon)
    : epsilon_(epsilon),
      first_moment_(NetworkVector<Scalar>::Zero(static_cast<Eigen::Index>(parameter_count))),
      second_moment_(first_moment_) {}

template <typename Scalar>
void Adam<Scalar>::step(double rate, const NetworkVector<Scalar>& gradient,
                        NetworkVector<Scalar>& parameters) {
  ++step_count_;
  const double power = static_cast<double>(step_count_);
  const auto first_scale = static_cast<Scalar>(rate / (1 - std::pow(kBeta1, power)));
  const auto second_scale = static_cast<Scalar>(1 / (1 - std::pow(kBeta2, power)));
  const auto epsilon = static_cast<Scalar>(epsilon_);
  const auto g = gradient.array();
  auto m = first_moment_.array();
  auto v = second_moment_.array();
  m = Scalar(kBeta1) * m + Scalar(1 - kBeta1) * g;
  v = Scalar(kBeta2) * v + Scalar(1 - kBeta2) * g.square();
  parameters.array() -= first_scale * m / ((second_scale * v).sqrt() + epsilon);
}

template <typename Scalar>
void Adam<Scalar>::save(CheckpointWriter& writer) const {
  writer.value(step_count_);
  save_entries(writer, first_moment_);
  save_entries(writer, second_moment_);
}

template <typename Scalar>
void Adam<Scalar>::restore(CheckpointReader& reader) {
  reader.value(step_count_);
  restore_entries(reader, first_moment_);
  restore_entries(reader, second_moment_);
}

template class Adam<float>;
template class Adam<double>;

}  // namespace tacit
