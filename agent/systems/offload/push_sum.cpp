#include "agent/systems/offload/push_sum.h"

#include <algorithm>
#include <cstring>
#include <string>

#include "common/base/check.h"
#include "common/base/error.h"

namespace tacit {
namespace {

/// How far rounding may move a running sum out of its range, relative to the range; T rounds of
/// 1e-16 give far less.
constexpr double kSlack = 1e-9;

Accepted per_weight(const Accepted& value) {
  const double slack = kSlack * std::max(1.0, value.most - value.least);
  return {value.name, value.least - slack, value.most + slack};
}

double number_at(const Received& received, std::size_t place) {
  double number = 0;
  std::memcpy(&number, received.payload.data() + place * sizeof(double), sizeof(double));
  return number;
}

}  // namespace

PushSum::PushSum(std::span<const ProcessId> neighbours, std::size_t value_count, double weight_most)
    : neighbours_(neighbours.begin(), neighbours.end()),
      width_(value_count + 1),
      weight_most_(weight_most),
      share_factor_(1.0 / static_cast<double>(neighbours.size() + 1)),
      state_(width_ * (2 + neighbours.size()), 0.0) {
  TACIT_CHECK(value_count >= 1, "push-sum averages at least one value");
  state_[width_ - 1] = 1.0;
}

void PushSum::start(std::span<const double> values) {
  TACIT_CHECK(values.size() + 1 == width_, "a phase starts with one number per value");
  std::fill(state_.begin(), state_.end(), 0.0);
  std::copy(values.begin(), values.end(), state_.begin());
  state_[width_ - 1] = 1.0;
}

std::span<const double> PushSum::share(const Accepted& value) {
  double* const given = state_.data() + width_;
  for (std::size_t v = 0; v < width_; ++v) {
    state_[v] *= share_factor_;
    given[v] += state_[v];
  }
  double& weight = given[width_ - 1];
  weight = std::min(weight, weight_most_);
  const Accepted range = per_weight(value);
  for (std::size_t v = 0; v + 1 < width_; ++v) {
    given[v] = std::clamp(given[v], range.least * weight, range.most * weight);
  }
  return {given, width_};
}

void PushSum::absorb(std::span<const Received> inbox, const Accepted& value) {
  const Accepted range = per_weight(value);
  std::size_t neighbour = 0;
  for (const Received& received : inbox) {
    while (neighbour < neighbours_.size() && neighbours_[neighbour] < received.from) ++neighbour;
    if (neighbour == neighbours_.size() || neighbours_[neighbour] != received.from) {
      refuse_payload(received, "a running sum from a process that is not a neighbour");
    }
    if (received.payload.size() != width_ * sizeof(double)) {
      refuse_payload(received, "a running sum of another length");
    }
    double* const last = state_.data() + (2 + neighbour) * width_;
    const double weight = number_at(received, width_ - 1);
    // Written so that NaN, which compares false with everything, is refused too.
    if (!(weight >= last[width_ - 1] && weight <= weight_most_)) {
      refuse_payload(received, "a weight that falls, or is more than there is");
    }
    for (std::size_t v = 0; v < width_; ++v) {
      const double sum = number_at(received, v);
      const bool is_value = v + 1 < width_;
      if (is_value && !(sum >= range.least * weight && sum <= range.most * weight)) {
        refuse_payload(received,
                       "a running sum that no " + std::string(value.name) + " adds up to");
      }
      state_[v] += sum - last[v];
      last[v] = sum;
    }
  }
}

void PushSum::restore(CheckpointReader& reader) {
  const std::size_t size = state_.size();
  reader.values(state_);
  if (state_.size() != size) {
    throw InputError(ExitCode::run_folder, "checkpoint of a push-sum over another graph");
  }
}

}  // namespace tacit
