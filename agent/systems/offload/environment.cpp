#include "agent/systems/offload/environment.h"

#include <algorithm>
#include <stdexcept>

#include "common/base/check.h"

namespace tacit::offload {
namespace {

void require(bool holds, std::string_view field, const std::string& message) {
  if (!holds) throw std::invalid_argument(std::string(field) + ": " + message);
}

constexpr int kParameterMax = 65535;  // Keeps every product of two parameters inside 64 bits.

void require_range(std::string_view field, int value, int least, int most) {
  require(value >= least && value <= most, field,
          "must be " + std::to_string(least) + ".." + std::to_string(most) + ", not " +
              std::to_string(value));
}

}  // namespace

std::string_view name_of(DeficitRule rule) {
  return rule == DeficitRule::wait_only ? "wait_only" : "wait_or_offload";
}

std::string_view name_of(InitialState beta) {
  switch (beta) {
    case InitialState::fresh_full:
      return "fresh_full";
    case InitialState::fresh_empty:
      return "fresh_empty";
    case InitialState::uniform:
      break;
  }
  return "uniform";
}

DeficitRule deficit_rule_named(std::string_view name) {
  for (const auto rule : {DeficitRule::wait_or_offload, DeficitRule::wait_only}) {
    if (name == name_of(rule)) return rule;
  }
  throw std::invalid_argument("deficit_rule: '" + std::string(name) +
                              "' is not known; use wait_or_offload or wait_only");
}

InitialState initial_state_named(std::string_view name) {
  for (const auto beta :
       {InitialState::uniform, InitialState::fresh_full, InitialState::fresh_empty}) {
    if (name == name_of(beta)) return beta;
  }
  throw std::invalid_argument("beta: '" + std::string(name) +
                              "' is not known; use uniform, fresh_full or fresh_empty");
}

std::size_t AgentType::state_count() const {
  return static_cast<std::size_t>(M) * static_cast<std::size_t>(B + 1 + deepest_deficit());
}

void AgentType::validate() const {
  require_range("M", M, 1, kParameterMax);
  require_range("B", B, 0, kParameterMax);
  require_range("maxH", maxH, 1, kParameterMax);
  require_range("minH", minH, 0, maxH);
  require_range("maxC", maxC, 1, kParameterMax);
  require_range("minC", minC, 1, maxC);
  require(gamma >= 0.0 && gamma <= 0.9999, "gamma",
          "must be 0..0.9999, not " + std::to_string(gamma));
  require(state_count() <= kStateCountMax, "M",
          "M (B + 1 + max(0, maxC - minH)) is the number of states and must be at most " +
              std::to_string(kStateCountMax) + ", not " + std::to_string(state_count()));
  const std::size_t row =
      3 * static_cast<std::size_t>(maxH - minH + 1) + static_cast<std::size_t>(maxC - minC);
  require(row * state_count() <= (std::size_t{1} << 26), "maxH",
          "the ranges of H and C give too many successors; narrow them, or lower M or B");
}

AgentType named_type(std::string_view name) {
  if (name == "mid") return {.minH = 0, .maxH = 2, .maxC = 7};
  if (name == "scarce") return {.minH = 0, .maxH = 1, .maxC = 10};
  if (name == "rich") return {.minH = 1, .maxH = 3, .maxC = 5};
  throw std::invalid_argument("'" + std::string(name) + "' is not a type; use mid, scarce or rich");
}

std::vector<std::string> type_names() { return {"mid", "scarce", "rich"}; }

std::array<AgentType, 18> default_types() {
  std::array<AgentType, 18> types;
  std::size_t k = 0;
  for (const int minH : {0, 1}) {
    for (const int maxH : {1, 2, 3}) {
      for (const int maxC : {5, 7, 10}) types[k++] = {.minH = minH, .maxH = maxH, .maxC = maxC};
    }
  }
  return types;
}

State step(const AgentType& type, State state, Action action, int H, int C) {
  int x = std::min(state.x + 1, type.M);
  int e = state.e + H;
  if (action == Action::process) {
    e -= C;
    if (e >= 0) x = 1;  // Completed in this slot; else the deficit delays it.
  } else if (action == Action::offload || (state.e < 0 && e >= 0)) {
    x = 1;  // Offloaded, or the delayed batch completes.
  }
  return {x, std::min(e, type.B)};
}

Environment::Environment(const AgentType& type)
    : type_((type.validate(), type)),
      energy_levels_(type.B + 1 + type.deepest_deficit()),
      harvest_count_(type.maxH - type.minH + 1),
      consumption_count_(type.maxC - type.minC + 1) {
  const auto harvests = static_cast<std::size_t>(harvest_count_);
  const auto consumptions = static_cast<std::size_t>(consumption_count_);
  row_start_ = {0, harvests + consumptions - 1, 2 * harvests + consumptions - 1};
  row_length_ = 3 * harvests + consumptions - 1;
  harvest_probability_.assign(harvests, 1.0 / harvest_count_);
  process_probability_.assign(harvests + consumptions - 1, 0.0);
  const double each = 1.0 / (static_cast<double>(harvest_count_) * consumption_count_);
  for (std::size_t h = 0; h < harvests; ++h) {
    for (std::size_t c = 0; c < consumptions; ++c) {
      process_probability_[h + consumptions - 1 - c] += each;
    }
  }

  const std::size_t states = type.state_count();
  cost_.resize(states);
  legal_.resize(states);
  next_.resize(states * row_length_);
  for (std::size_t s = 0; s < states; ++s) {
    const State at = state(s);
    cost_[s] = at.e >= 0 ? at.x : at.x - at.e;
    const bool may_offload = at.e >= 0 || type.deficit_rule == DeficitRule::wait_or_offload;
    legal_[s] = static_cast<std::uint8_t>(1u | (at.e >= 0 ? 2u : 0u) | (may_offload ? 4u : 0u));
    fill_rows(s);
    const bool is_initial = type.beta == InitialState::uniform      ? at.e >= 0
                            : type.beta == InitialState::fresh_full ? at == State{1, type.B}
                                                                    : at == State{1, 0};
    if (is_initial) initial_.push_back(static_cast<std::uint16_t>(s));
  }
}

void Environment::fill_rows(std::size_t state_index) {
  const State at = state(state_index);
  const std::size_t row = state_index * row_length_;
  const auto put = [&](std::size_t place, State to) {
    to.e = std::max(to.e, -type_.deepest_deficit());  // Only illegal actions reach below.
    next_[row + place] = static_cast<std::uint16_t>(index(to));
  };
  for (int h = 0; h < harvest_count_; ++h) {
    const auto shift = static_cast<std::size_t>(h);
    const int H = type_.minH + h;
    put(row_start(Action::wait) + shift, step(type_, at, Action::wait, H, 0));
    put(row_start(Action::offload) + shift, step(type_, at, Action::offload, H, 0));
  }
  for (int k = 0; k < outcome_count(Action::process); ++k) {
    const int gain = type_.minH - type_.maxC + k;  // Only H - C matters.
    put(static_cast<std::size_t>(harvest_count_ + k), step(type_, at, Action::process, gain, 0));
  }
}

std::size_t Environment::index(State state) const {
  TACIT_CHECK(state.x >= 1 && state.x <= type_.M && state.e <= type_.B &&
                  state.e >= -type_.deepest_deficit(),
              "a state lies in 1..M x -D..B");
  return static_cast<std::size_t>((state.x - 1) * energy_levels_ + state.e +
                                  type_.deepest_deficit());
}

State Environment::state(std::size_t index) const {
  const int i = static_cast<int>(index);
  return {i / energy_levels_ + 1, i % energy_levels_ - type_.deepest_deficit()};
}

int Environment::outcome_count(Action action) const {
  return static_cast<int>(outcome_probabilities(action).size());
}

std::span<const double> Environment::outcome_probabilities(Action action) const {
  return action == Action::process ? process_probability_ : harvest_probability_;
}

std::span<const std::uint16_t> Environment::outcomes(std::size_t state, Action action) const {
  const std::size_t count = outcome_probabilities(action).size();
  const std::size_t before = action == Action::process ? count - harvest_probability_.size() : 0;
  return std::span(next_).subspan(state * row_length_ + row_start(action) - before, count);
}

}  // namespace tacit::offload
