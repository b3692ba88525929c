#include "common/protocol/dual_consensus.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <stdexcept>

#include "common/protocol/peer_payload.h"

namespace tacit {

DualConsensus::DualConsensus(std::span<const ProcessId> neighbours, std::span<const double> weights,
                             const Config& config)
    : neighbours_(neighbours.begin(), neighbours.end()),
      weights_(weights.begin(), weights.end()),
      weight_sum_(std::accumulate(weights.begin(), weights.end(), 0.0)),
      config_(config) {
  const auto require = [](bool holds, const char* what) {
    if (!holds) throw std::invalid_argument(std::string("DualConsensus: ") + what);
  };
  require(weights_.size() == neighbours_.size(), "weights must be as many as neighbours");
  require(std::ranges::all_of(weights_, [](double w) { return w >= 0; }), "weights must be >= 0");
  require(weight_sum_ <= 1 + 1e-12, "weights must sum up to at most 1");
  require(config_.step > 0, "step must be > 0");
  require(config_.most > 0, "most must be > 0");
}

void DualConsensus::ascend(double violation) {
  dual_ = std::clamp(dual_ + config_.step * violation, 0.0, config_.most);
}

void DualConsensus::send(RoundOutput& output) const {
  output.send_all(std::as_bytes(std::span(&dual_, 1)));
}

void DualConsensus::mix(const RoundInput& input) {
  constexpr Accepted kFinite{"dual", std::numeric_limits<double>::lowest(),
                             std::numeric_limits<double>::max()};
  double pull = 0;
  double heard = 0;
  std::size_t k = 0;
  for (const Received& received : input.inbox) {
    while (k < neighbours_.size() && neighbours_[k] < received.from) ++k;
    if (k == neighbours_.size() || neighbours_[k] != received.from) {
      refuse_payload(received, "a dual from a process that is not a neighbour");
    }
    const double dual = std::clamp(read_value(received, kFinite), 0.0, config_.most);
    pull += weights_[k] * (dual - dual_);
    heard += weights_[k];
  }
  if (heard > 0 && config_.lost_weight == LostWeight::to_heard) pull *= weight_sum_ / heard;
  dual_ += pull;
}

}  // namespace tacit
