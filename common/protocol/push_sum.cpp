#include "common/protocol/push_sum.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "common/base/check.h"
#include "common/base/error.h"
#include "common/protocol/peer_payload.h"

namespace tacit {

PushSum::PushSum(std::span<const ProcessId> neighbours, std::size_t value_count)
    : neighbours_(neighbours.begin(), neighbours.end()),
      width_(value_count + 1),
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

std::span<const double> PushSum::share() {
  for (std::size_t v = 0; v < width_; ++v) {
    state_[v] *= share_factor_;
    state_[width_ + v] += state_[v];
  }
  return given();
}

void PushSum::absorb(std::span<const Received> inbox) {
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
    for (std::size_t v = 0; v < width_; ++v) {
      double sum;
      std::memcpy(&sum, received.payload.data() + v * sizeof(double), sizeof(double));
      const bool falls = v + 1 == width_ && sum < last[v];
      if (!std::isfinite(sum) || falls) {
        refuse_payload(received, "a running sum that is not finite, or a weight that falls");
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
