#include "agent/learning/tabular/tabular_q.h"

#include <algorithm>
#include <limits>
#include <stdexcept>
#include <string>
#include <utility>

#include "common/base/check.h"
#include "common/base/error.h"

namespace tacit {
namespace {

constexpr std::size_t kCountMax = 65535;  // A count has 16 bits.

std::vector<double> tabulate(const StepSizes& steps) {
  const auto require = [](bool holds, const char* message) {
    if (!holds) throw std::invalid_argument(message);
  };
  require(steps.first > 0 && steps.first <= 1, "step size: the first must be in (0, 1]");
  require(steps.least > 0 && steps.least <= 1, "step size: the least must be in (0, 1]");
  require(steps.decay > 0, "step size: the decay must be > 0");
  std::vector<double> by_count;
  for (double count = 0;; ++count) {
    const double step = steps.first / (1.0 + count / steps.decay);
    by_count.push_back(std::max(steps.least, step));
    if (step <= steps.least) return by_count;
    require(by_count.size() <= kCountMax,
            "step size: reaches its least value only after more than 65535 updates; raise it or "
            "lower the decay");
  }
}

}  // namespace

TabularQ::TabularQ(std::shared_ptr<const TabularModel> model, const StepSizes& steps)
    : model_(std::move(model)),
      table_(model_->legal),
      step_sizes_(tabulate(steps)),
      legal_(model_->legal) {}

void TabularQ::learn(const LearnTask& task, RandomStream& stream) {
  set_costs(task.price);
  std::vector<double> priced_values;
  if (!task.may_use_priced) priced_values = forbid_priced();

  const EventCut cut(task.exploration, 1.0 - model_->gamma);
  std::uint64_t word = stream();
  std::size_t state = model_->initial[split_off(word, model_->initial.size())];
  SlotWords words(stream);
  for (std::size_t left = task.slot_count; left > 0;) {
    const auto block = words.next_block(std::min(left, SlotWords::kBlockSlotCount));
    state = run_block(block, cut, words, state);
    left -= block.size();
  }

  if (!task.may_use_priced) {
    table_.replace_values(kPricedAction, priced_values);
    legal_ = model_->legal;
  }
}

// The inner loop. The chain state -> greedy action -> next state limits its speed. Whether a slot
// is an event depends on its word alone, so the processor resolves these branches ahead of the
// chain, and the arithmetic of the update overlaps with it.
std::size_t TabularQ::run_block(std::span<const std::uint64_t> words, const EventCut& cut,
                                SlotWords& events, std::size_t state) {
  QTable::Row* const rows = table_.rows().data();
  const double* const step_sizes = step_sizes_.data();
  const std::uint16_t* const next = model_->next.data();
  const std::uint64_t* const shocks = model_->shocks.data();
  const std::size_t count_last = step_sizes_.size() - 1;
  const std::size_t shock_count = model_->shocks.size();
  const std::size_t row_shift = model_->row_shift;
  const double gamma = model_->gamma;

  const auto act = [&](std::uint64_t shock, std::size_t action) {
    const std::size_t to = next[(state << row_shift) + place_of(shocks[shock], action)];
    QTable::Row& row = rows[state];
    const std::size_t count = row.count[action];
    row.count[action] = static_cast<std::uint16_t>(count + (count < count_last));
    QTable::update(row, action, rows[to], row.cost[action], gamma, step_sizes[count]);
    state = to;
  };

  for (const std::uint64_t word : words) {
    std::uint64_t rest = word;
    const std::uint64_t shock = split_off(rest, shock_count);
    if (!cut.is_event(rest)) [[likely]] {
      act(shock, rows[state].greedy);
      continue;
    }
    std::uint64_t draw = events.next_event();
    act(shock, cut.explores(rest) ? draw_legal(legal_[state], draw) : rows[state].greedy);
    if (cut.restarts(rest)) state = model_->initial[split_off(draw, model_->initial.size())];
  }
  return state;
}

void TabularQ::set_costs(double price) {
  const std::span<QTable::Row> rows = table_.rows();
  for (std::size_t s = 0; s < rows.size(); ++s) {
    rows[s].cost.fill(model_->cost[s]);
    rows[s].cost[kPricedAction] += price;
  }
}

std::vector<double> TabularQ::forbid_priced() {
  for (std::uint8_t& mask : legal_) mask = static_cast<std::uint8_t>(mask & ~(1u << kPricedAction));
  const std::vector<double> nowhere(legal_.size(), std::numeric_limits<double>::infinity());
  return table_.replace_values(kPricedAction, nowhere);
}

void TabularQ::cap_counts(std::uint32_t cap) {
  for (QTable::Row& row : table_.rows()) {
    for (std::uint16_t& count : row.count) {
      count = static_cast<std::uint16_t>(std::min<std::uint32_t>(count, cap));
    }
  }
}

std::vector<std::uint8_t> TabularQ::greedy_policy(bool may_use_priced) const {
  std::vector<std::uint8_t> policy = table_.greedy_policy();
  if (may_use_priced) return policy;
  for (std::size_t s = 0; s < policy.size(); ++s) {
    policy[s] = table_.value(s, 1) < table_.value(s, 0) ? 1 : 0;
  }
  return policy;
}

void TabularQ::save(CheckpointWriter& writer) const { table_.save(writer); }

void TabularQ::restore(CheckpointReader& reader) {
  table_.restore(reader);
  for (const QTable::Row& row : table_.rows()) {
    for (const std::uint16_t count : row.count) {
      if (count >= step_sizes_.size()) {
        throw InputError(ExitCode::run_folder, "checkpoint holds counts of another learner");
      }
    }
  }
}

RolloutMean roll_out(const TabularModel& model, std::span<const std::vector<std::uint8_t>> mixture,
                     std::size_t slot_count, RandomStream& stream) {
  TACIT_CHECK(slot_count >= 1 && !mixture.empty(), "a mean needs slots and a policy");
  const EventCut cut(0.0, 1.0 - model.gamma);
  const std::size_t shock_count = model.shocks.size();
  const std::uint8_t* policy = nullptr;
  std::size_t state = 0;
  const auto restart = [&](std::uint64_t draw) {
    policy = mixture[split_off(draw, mixture.size())].data();
    state = model.initial[split_off(draw, model.initial.size())];
  };
  double cost = 0;
  std::size_t priced_count = 0;
  // Returns the remaining bits of the word.
  const auto act = [&](std::uint64_t word) {
    const std::uint64_t shock = model.shocks[split_off(word, shock_count)];
    const std::size_t action = policy[state];
    cost += model.cost[state];
    priced_count += action == kPricedAction;
    state = model.next[(state << model.row_shift) + place_of(shock, action)];
    return word;
  };

  SlotWords words(stream);
  restart(words.next_event());
  for (std::size_t left = slot_count; left > 0;) {
    const auto block = words.next_block(std::min(left, SlotWords::kBlockSlotCount));
    for (const std::uint64_t word : block) {
      if (cut.is_event(act(word))) restart(words.next_event());
    }
    left -= block.size();
  }
  const auto slots = static_cast<double>(slot_count);
  return {cost / slots, static_cast<double>(priced_count) / slots};
}

}  // namespace tacit
