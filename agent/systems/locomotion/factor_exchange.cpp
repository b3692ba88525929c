#include "agent/systems/locomotion/factor_exchange.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "common/base/check.h"
#include "common/base/random.h"
#include "common/protocol/peer_payload.h"

namespace tacit {

FactorExchange::FactorExchange(Config config)
    : config_(std::move(config)), weights_(config_.sample_count, 1.0F) {
  for (std::size_t i = 0; i < config_.agent_count; ++i) all_.push_back(process_id(i));
}

ProcessId FactorExchange::agent_at(Round iteration, Round exchange) const {
  RandomStream stream(config_.seed, process_id(0), purpose("factor_exchange.order"), iteration);
  std::vector<ProcessId> order = all_;
  for (std::size_t left = order.size(); left > 1; --left) {
    std::uint64_t word = stream();
    std::swap(order[left - 1], order[split_off(word, left)]);
  }
  return order[static_cast<std::size_t>(exchange)];
}

bool FactorExchange::has_turn(Round iteration, Round exchange) const {
  return agent_at(iteration, exchange) == config_.self;
}

Arcs FactorExchange::arcs(Round iteration, Round exchange) const {
  if (static_cast<std::size_t>(exchange) + 1 == config_.agent_count) return {};
  const ProcessId speaker = agent_at(iteration, exchange);
  const auto only = [&](ProcessId agent) { return std::span(&all_[index_of(agent)], 1); };
  if (config_.near) {
    if (speaker == config_.self) return {config_.listeners, {}};
    if (!std::ranges::binary_search(config_.sources, speaker)) return {};
    return {{}, only(speaker)};
  }
  const ProcessId next = agent_at(iteration, exchange + 1);
  if (speaker == config_.self) return {only(next), {}};
  if (next == config_.self) return {{}, only(speaker)};
  return {};
}

void FactorExchange::begin() { std::ranges::fill(weights_, 1.0F); }

std::span<const std::byte> FactorExchange::finish(std::span<const float> ratios) {
  TACIT_CHECK(ratios.size() == weights_.size(), "every sample has a ratio");
  message_.assign(ratios.begin(), ratios.end());
  for (std::size_t i = 0; i < weights_.size(); ++i) {
    if (!config_.near) message_[i] *= weights_[i];
    message_[i] = std::min(message_[i], kFactorMost);
  }
  return std::as_bytes(std::span<const float>(message_));
}

void FactorExchange::hear(const Received& received) {
  if (received.payload.size() != weights_.size() * sizeof(float)) {
    refuse_payload(received, "ratios of another number of samples");
  }
  message_.resize(weights_.size());
  std::memcpy(message_.data(), received.payload.data(), received.payload.size());
  for (std::size_t i = 0; i < weights_.size(); ++i) {
    // Written so that NaN, which compares false with everything, is refused too.
    if (!(message_[i] >= 0 && message_[i] <= kFactorMost)) {
      refuse_payload(received, "a ratio that is below 0, too large, or no number");
    }
    weights_[i] = std::min(weights_[i] * message_[i], kFactorMost);
  }
}

}  // namespace tacit
