#include "agent/learning/tabular/tabular_model.h"

#include <algorithm>
#include <stdexcept>
#include <string>

namespace tacit {
namespace {

void require(bool holds, const char* message) {
  if (!holds) throw std::invalid_argument(std::string("tabular model: ") + message);
}

}  // namespace

void TabularModel::validate() const {
  const std::size_t states = state_count();
  require(states >= 1 && states <= 65536, "cost: one entry per state, 1..65536 states");
  require(legal.size() == states, "legal: one entry per state");
  require(row_shift <= 16 && next.size() == states << row_shift, "next: one row per state");
  require(!shocks.empty() && shocks.size() <= 65536, "shocks: 1..65536, or ranges are too wide");
  require(!initial.empty(), "initial: at least one state");
  require(gamma >= 0.0 && gamma < 1.0, "gamma: must be in [0, 1)");
  const auto is_state = [&](std::uint16_t s) { return s < states; };
  require(std::all_of(next.begin(), next.end(), is_state), "next: a state that is not there");
  require(std::all_of(initial.begin(), initial.end(), is_state),
          "initial: a state that is not there");
  require(std::all_of(legal.begin(), legal.end(), [](auto mask) { return mask % 2 == 1; }),
          "legal: action 0 must be legal everywhere");
  for (const std::uint64_t shock : shocks) {
    for (std::size_t action = 0; action < kTabularActionCount; ++action) {
      require(place_of(shock, action) >> row_shift == 0, "shocks: a place outside the row");
    }
  }
}

}  // namespace tacit
