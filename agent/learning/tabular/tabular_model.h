#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace tacit {

inline constexpr std::size_t kTabularActionCount = 3;
/// The one action that may carry a price on top of the model's cost.
inline constexpr std::uint8_t kPricedAction = 2;

/// A finite decision problem with three actions and S states, as tables for fast simulation.
///
/// In every slot one of `shocks` is drawn, all equally likely and independent of everything else;
/// the successor of state s under action a is
///   next[(s << row_shift) + place(shock, a)].
/// The slot costs cost[s] under every action. After every slot, with probability 1 - gamma, the
/// state is drawn anew, uniformly from `initial`: time averages are then normalised discounted
/// sums, (1 - gamma) E sum_t gamma^t cost_t.
struct TabularModel {
  std::size_t row_shift = 0;
  std::vector<std::uint16_t> next;     ///< [S << row_shift], state indices
  std::vector<std::uint64_t> shocks;   ///< pack_places() of each shock, 1..65536 of them
  std::vector<double> cost;            ///< [S], [cost/slot]
  std::vector<std::uint8_t> legal;     ///< [S], bit a: action a is legal; action 0 always is
  std::vector<std::uint16_t> initial;  ///< state indices, not empty
  double gamma = 0.95;                 ///< 0 <= gamma < 1

  std::size_t state_count() const { return cost.size(); }

  /// @throws std::invalid_argument naming the table that does not fit the others
  void validate() const;
};

/// Packs one shock: its place in a row of `next` for each action, 16 bits per action.
constexpr std::uint64_t pack_places(const std::array<std::uint16_t, kTabularActionCount>& places) {
  return places[0] | std::uint64_t{places[1]} << 16 | std::uint64_t{places[2]} << 32;
}

constexpr std::size_t place_of(std::uint64_t packed_places, std::size_t action) {
  return (packed_places >> (16 * action)) & 0xffffu;
}

}  // namespace tacit
