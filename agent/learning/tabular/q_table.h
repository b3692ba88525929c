#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "agent/learning/tabular/tabular_model.h"
#include "common/base/checkpoint.h"

namespace tacit {

/// Action values Q(s, a) of a TabularModel, to be minimised. Each row also keeps min_a Q(s, .) and
/// the greedy action: updating them with the values, instead of finding them at each visit, removes
/// the comparisons from the chain state -> action -> next state.
///
/// Illegal actions have the value +infinity, so they are never greedy. Ties: the smaller action.
class QTable {
 public:
  /// All data that a slot uses of one state, in one cache line. `cost` and `count` belong to the
  /// learner that owns the table.
  struct alignas(64) Row {
    std::array<double, kTabularActionCount> value{};
    double least = 0;
    std::array<double, kTabularActionCount> cost{};
    std::array<std::uint16_t, kTabularActionCount> count{};
    std::uint8_t greedy = 0;
    std::uint8_t unused = 0;  // Named, so that a saved row has no undefined byte.
  };
  static_assert(sizeof(Row) == 64);

  /// All legal values 0. @param legal  [S] masks of TabularModel
  explicit QTable(std::span<const std::uint8_t> legal);

  std::size_t state_count() const { return rows_.size(); }
  double value(std::size_t state, std::size_t action) const { return rows_[state].value[action]; }
  std::size_t greedy(std::size_t state) const { return rows_[state].greedy; }
  /// The greedy action of each state, [S].
  std::vector<std::uint8_t> greedy_policy() const;

  std::span<Row> rows() { return rows_; }

  /// Q(s, a) += step (cost + gamma min Q(s', .) - Q(s, a)), with s and s' given by their rows.
  /// The sum adds min Q(s', .) last, since that value is often known last.
  static void update(Row& row, std::size_t action, const Row& next, double cost, double gamma,
                     double step) {
    double& value = row.value[action];
    value = (value + step * (cost - value)) + (step * gamma) * next.least;
    refresh(row);
  }

  /// Replaces the values of `action`; +infinity where the action becomes illegal.
  /// @return its values so far, [S]
  std::vector<double> replace_values(std::size_t action, std::span<const double> values);

  void save(CheckpointWriter& writer) const;
  /// @throws InputError (run_folder) if the table has another number of states
  void restore(CheckpointReader& reader);

 private:
  // No branches: the processor cannot predict the greedy action while it is being learned.
  static void refresh(Row& row) {
    const double least_01 = std::min(row.value[1], row.value[0]);
    const unsigned second = row.value[1] < row.value[0];
    const unsigned third = row.value[2] < least_01;
    row.least = std::min(row.value[2], least_01);
    row.greedy = static_cast<std::uint8_t>((second & ~third) | (third << 1));
  }

  std::vector<Row> rows_;
};

}  // namespace tacit
