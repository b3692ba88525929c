#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "agent/learning/tabular/q_table.h"
#include "agent/learning/tabular/slot_draw.h"
#include "agent/learning/tabular/tabular_model.h"
#include "common/base/checkpoint.h"
#include "common/base/random.h"

namespace tacit {

/// The step size of a pair (s, a) that was updated c times before: max(least, first/(1 + c/decay)).
struct StepSizes {
  double first = 0.5;   ///< lr0, 0 < first <= 1
  double least = 0.02;  ///< lr_min, 0 < least <= 1
  double decay = 20;    ///< lr_c, [updates], > 0
};

/// One stretch of learning.
struct LearnTask {
  std::size_t slot_count = 0;
  double price = 0;            ///< cost of kPricedAction on top of the model's, [cost]
  double exploration = 0.1;    ///< eps: probability of a uniform legal action, 0..1
  bool may_use_priced = true;  ///< false: kPricedAction is illegal in this stretch
};

/// Tabular Q-learning on a simulated TabularModel:
///   Q(s,a) += step(s,a) (cost(s) + price [a = priced] + gamma min_legal Q(s',.) - Q(s,a)),
/// a greedy with probability 1 - eps, else uniform among the legal ones; s' is the successor
/// before a restart. Values and counts persist between calls; every call starts in a state drawn
/// from `initial`.
///
/// The result depends on the constructor's arguments, the calls so far and the words of their
/// streams: one word per slot and one per event, see EventCut.
/// Source: Watkins & Dayan, Machine Learning 8, 1992.
class TabularQ {
 public:
  /// @param model  validated; shared, because the agents of a type have the same tables
  /// @throws std::invalid_argument naming the field, if a step size is out of range
  TabularQ(std::shared_ptr<const TabularModel> model, const StepSizes& steps);

  void learn(const LearnTask& task, RandomStream& stream);

  /// count <- min(count, cap) for every pair, which keeps the steps from vanishing.
  void cap_counts(std::uint32_t cap);

  /// [S]; without the priced action if it may not be used
  std::vector<std::uint8_t> greedy_policy(bool may_use_priced = true) const;
  const QTable& table() const { return table_; }

  void save(CheckpointWriter& writer) const;
  void restore(CheckpointReader& reader);

 private:
  std::size_t run_block(std::span<const std::uint64_t> words, const EventCut& cut,
                        SlotWords& events, std::size_t state);
  void set_costs(double price);
  std::vector<double> forbid_priced();

  std::shared_ptr<const TabularModel> model_;
  QTable
      table_;  ///< a row's costs are those of the last call; its counts stop where step_sizes_ ends
  std::vector<double> step_sizes_;   ///< by count; the last is StepSizes::least
  std::vector<std::uint8_t> legal_;  ///< [S], of this call
};

/// Means measured by a rollout, both per slot.
struct RolloutMean {
  double cost;       ///< U_hat, without any price
  double frequency;  ///< K_hat: fraction of slots with kPricedAction
};

/// Time averages over slot_count >= 1 slots with restarts, of an equal-weight mixture of
/// deterministic policies ([S] actions each), one of which is drawn at every restart.
RolloutMean roll_out(const TabularModel& model, std::span<const std::vector<std::uint8_t>> mixture,
                     std::size_t slot_count, RandomStream& stream);

}  // namespace tacit
