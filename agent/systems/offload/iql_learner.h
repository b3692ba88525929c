#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "agent/learning/tabular/q_table.h"
#include "agent/learning/tabular/slot_draw.h"
#include "agent/learning/tabular/tabular_model.h"
#include "agent/systems/offload/environment.h"
#include "common/base/checkpoint.h"
#include "common/base/ids.h"

namespace tacit::offload {

struct IqlLearnerConfig {
  double step = 0.05;                       ///< lr, constant, (0, 1]
  double exploration = 0.05;                ///< eps of the first slot, 0..1
  double exploration_decay = 0.95;          ///< factor on eps, 0..1
  std::int64_t decay_slot_count = 100'000;  ///< slots between two such reductions of eps, >= 1
};

/// Independent Q-learning of one device, one slot at a time, because the cost of a slot depends on
/// the actions of the other devices. Call order per slot: choose(), then learn().
///
///   IqlLearner learner(model, config, seed, process);
///   const Action action = learner.choose();
///   learner.learn(learner.local_cost() + congestion);   // or the mean over all agents
///
/// Slot k takes two words of a stream keyed by k / 64, so no generator is saved: the learner
/// continues from its slot number.
class IqlLearner {
 public:
  /// @throws std::invalid_argument naming the field that is out of range
  IqlLearner(std::shared_ptr<const TabularModel> model, const IqlLearnerConfig& config,
             std::uint64_t seed, ProcessId process);

  /// The action of this slot: greedy, or with probability eps uniform among the legal ones.
  Action choose();

  /// u(s) of this slot's state, [cost/slot]. Call before learn(), which moves to the next state.
  double local_cost() const { return model_->cost[state_]; }

  /// Learns from the cost of the slot and moves on to the next one, with probability 1 - gamma
  /// through a restart.
  /// @pre choose() was called in this slot
  void learn(double cost);

  std::int64_t slot() const { return slot_; }  ///< slots learned so far
  std::size_t state() const { return state_; }
  double exploration() const { return exploration_; }
  /// Greedy, [S].
  Policy policy() const;

  /// May be called at any time, also between choose() and learn().
  void save(CheckpointWriter& writer) const;
  void restore(CheckpointReader& reader);

 private:
  static constexpr std::int64_t kBlockSlotCount = 64;

  void draw_block();
  void set_exploration();

  std::shared_ptr<const TabularModel> model_;
  IqlLearnerConfig config_;
  std::uint64_t seed_;
  ProcessId process_;
  QTable table_;
  std::int64_t slot_ = 0;
  std::uint32_t state_ = 0;
  std::uint32_t action_ = 0;
  bool chosen_ = false;
  double exploration_ = 0;
  std::int64_t next_decay_ = 0;  ///< slot at which eps is reduced again
  EventCut cut_;
  std::array<std::uint64_t, 2 * kBlockSlotCount> words_;  ///< of the block that holds slot_
};

}  // namespace tacit::offload
