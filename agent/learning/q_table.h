#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "agent/learning/tabular_model.h"
#include "common/base/checkpoint.h"

namespace tacit {

/// Action values Q(s, a) of a TabularModel, to be minimised, with min_a Q(s, .) and the greedy
/// action kept beside every row. Keeping them at each update, instead of finding them at each
/// visit, takes the comparisons out of the chain state -> action -> next state.
///
/// Illegal actions have the value +infinity, so they are never greedy. Ties: the smaller action.
class QTable {
 public:
  struct alignas(32) Row {
    std::array<double, kTabularActionCount> value;
    double least;
  };

  /// All legal values 0. @param legal  [S] masks of TabularModel
  explicit QTable(std::span<const std::uint8_t> legal);

  std::size_t state_count() const { return rows_.size(); }
  double value(std::size_t state, std::size_t action) const { return rows_[state].value[action]; }
  std::size_t greedy(std::size_t state) const { return greedy_[state]; }
  /// The greedy action of each state, [S].
  std::vector<std::uint8_t> greedy_policy() const { return greedy_; }

  /// For inner loops, which keep pointers in registers.
  Row* rows() { return rows_.data(); }
  std::uint8_t* greedy_actions() { return greedy_.data(); }

  /// Q(s, a) += step (cost + gamma min Q(s', .) - Q(s, a)), with s' given by its row.
  static void update(Row& row, std::uint8_t& greedy, std::size_t action, const Row& next,
                     double cost, double gamma, double step) {
    double& value = row.value[action];
    value += step * (cost + gamma * next.least - value);
    refresh(row, greedy);
  }

  /// Makes `action` illegal everywhere, or gives it its values back.
  /// @return its values so far, [S]
  std::vector<double> replace_values(std::size_t action, std::span<const double> values);

  void save(CheckpointWriter& writer) const;
  /// @throws InputError (run_folder) if the table has another number of states
  void restore(CheckpointReader& reader);

 private:
  // No branches: which action is greedy cannot be predicted while it is being learned.
  static void refresh(Row& row, std::uint8_t& greedy) {
    const double least_01 = std::min(row.value[1], row.value[0]);
    const unsigned second = row.value[1] < row.value[0];
    const unsigned third = row.value[2] < least_01;
    row.least = std::min(row.value[2], least_01);
    greedy = static_cast<std::uint8_t>(second ^ ((second ^ 2u) & (0u - third)));
  }

  std::vector<Row> rows_;
  std::vector<std::uint8_t> greedy_;
};

}  // namespace tacit
