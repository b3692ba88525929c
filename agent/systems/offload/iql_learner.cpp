#include "agent/systems/offload/iql_learner.h"

#include <span>
#include <stdexcept>
#include <utility>

#include "agent/systems/offload/tabular_environment.h"
#include "common/base/check.h"
#include "common/base/error.h"

namespace tacit::offload {
namespace {

constexpr Purpose kSlots = purpose("offload.iql.slots");
constexpr Purpose kStart = purpose("offload.iql.start");

const IqlLearnerConfig& validated(const IqlLearnerConfig& config) {
  const auto require = [](bool holds, const char* message) {
    if (!holds) throw std::invalid_argument(message);
  };
  require(config.step > 0 && config.step <= 1, "step: must be in (0, 1]");
  require(config.exploration >= 0 && config.exploration <= 1, "exploration: must be 0..1");
  require(config.exploration_decay >= 0 && config.exploration_decay <= 1,
          "exploration_decay: must be 0..1");
  require(config.decay_slot_count >= 1, "decay_slot_count: must be >= 1");
  return config;
}

}  // namespace

IqlLearner::IqlLearner(std::shared_ptr<const TabularModel> model, const IqlLearnerConfig& config,
                       std::uint64_t seed, ProcessId process)
    : model_(std::move(model)),
      config_(validated(config)),
      seed_(seed),
      process_(process),
      table_(model_->legal),
      cut_(0, 0) {
  std::uint64_t word = RandomStream(seed, process, kStart, 0)();
  state_ = model_->initial[split_off(word, model_->initial.size())];
  set_exploration();
  draw_block();
}

Action IqlLearner::choose() {
  if (slot_ == next_decay_) set_exploration();
  const auto place = static_cast<std::size_t>(2 * (slot_ % kBlockSlotCount));
  std::uint64_t rest = words_[place];
  split_off(rest, model_->shocks.size());
  std::uint64_t draw = words_[place + 1];
  action_ = static_cast<std::uint32_t>(cut_.explores(rest) ? draw_legal(model_->legal[state_], draw)
                                                           : table_.greedy(state_));
  chosen_ = true;
  return static_cast<Action>(action_);
}

void IqlLearner::learn(double cost) {
  TACIT_CHECK(chosen_, "a slot's action is chosen before its cost is learned from");
  const auto place = static_cast<std::size_t>(2 * (slot_ % kBlockSlotCount));
  std::uint64_t rest = words_[place];
  const std::uint64_t shock = model_->shocks[split_off(rest, model_->shocks.size())];
  const std::uint32_t to = model_->next[(state_ << model_->row_shift) + place_of(shock, action_)];
  const std::span<QTable::Row> rows = table_.rows();
  QTable::update(rows[state_], action_, rows[to], cost, model_->gamma, config_.step);
  if (cut_.restarts(rest)) {
    std::uint64_t draw = words_[place + 1];
    if (cut_.explores(rest)) draw_legal(model_->legal[state_], draw);  // As in choose().
    state_ = model_->initial[split_off(draw, model_->initial.size())];
  } else {
    state_ = to;
  }
  chosen_ = false;
  ++slot_;
  if (slot_ % kBlockSlotCount == 0) draw_block();
}

void IqlLearner::draw_block() {
  RandomStream stream(seed_, process_, kSlots, slot_ / kBlockSlotCount);
  stream.fill(words_);
}

// Depends on the slot alone, so that a restored learner explores as much as one that never stopped.
void IqlLearner::set_exploration() {
  const std::int64_t decays = slot_ / config_.decay_slot_count;
  exploration_ = config_.exploration;
  for (std::int64_t k = 0; k < decays && exploration_ > 0; ++k) {
    exploration_ *= config_.exploration_decay;
  }
  next_decay_ = (decays + 1) * config_.decay_slot_count;
  cut_ = EventCut(exploration_, 1.0 - model_->gamma);
}

Policy IqlLearner::policy() const { return to_policy(table_.greedy_policy()); }

void IqlLearner::save(CheckpointWriter& writer) const {
  table_.save(writer);
  writer.value(slot_);
  writer.value(state_);
  writer.value(action_);
  writer.value(chosen_);
}

void IqlLearner::restore(CheckpointReader& reader) {
  table_.restore(reader);
  reader.value(slot_);
  reader.value(state_);
  reader.value(action_);
  reader.value(chosen_);
  if (slot_ < 0 || state_ >= model_->state_count() || action_ >= kActionCount) {
    throw InputError(ExitCode::run_folder, "checkpoint holds a slot, state or action out of range");
  }
  set_exploration();
  draw_block();
}

}  // namespace tacit::offload
