#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tacit::offload {

/// The action of a device in one slot. Ties between actions go to the smaller number.
enum class Action : std::uint8_t { wait = 0, process = 1, offload = 2 };
inline constexpr std::size_t kActionCount = 3;

/// A deterministic policy: the action of each state index, [state_count()].
using Policy = std::vector<Action>;

/// The legal actions while the battery is in deficit (e < 0). PROCESS is never legal then.
enum class DeficitRule { wait_or_offload, wait_only };

/// beta, the distribution of a state after a (re)start. uniform: x uniform on 1..M and e uniform on
/// 0..B, independent; fresh_full: (1, B); fresh_empty: (1, 0).
enum class InitialState { uniform, fresh_full, fresh_empty };

std::string_view name_of(DeficitRule rule);
std::string_view name_of(InitialState beta);
/// @throws std::invalid_argument naming the text and the known names
DeficitRule deficit_rule_named(std::string_view name);
InitialState initial_state_named(std::string_view name);

/// The parameters of one device; letters as in the model (docs/offload.md). Per slot it harvests H,
/// uniform on the integers minH..maxH, and processing consumes C, uniform on minC..maxC; both
/// independent over time and devices. Energy and age are in units of one slot's quantum.
struct AgentType {
  int M = 15;    ///< largest age of information, >= 1
  int B = 15;    ///< battery capacity, >= 0
  int minH = 0;  ///< 0 <= minH <= maxH
  int maxH = 2;  ///< >= 1
  int minC = 1;  ///< 1 <= minC <= maxC
  int maxC = 7;
  double gamma = 0.95;  ///< discount, 0 <= gamma <= 0.9999
  DeficitRule deficit_rule = DeficitRule::wait_or_offload;
  InitialState beta = InitialState::uniform;

  auto operator<=>(const AgentType&) const = default;

  /// D, the deepest deficit that can be reached, >= 0.
  int deepest_deficit() const { return maxC > minH ? maxC - minH : 0; }
  /// M (B + 1 + D).
  std::size_t state_count() const;
  /// @throws std::invalid_argument "<field>: ..." for the first field out of range, with the bound
  void validate() const;
};

inline constexpr std::size_t kStateCountMax = 65535;  ///< a state index has 16 bits

/// "mid" (0,2,7), "scarce" (0,1,10), "rich" (1,3,5) in (minH, maxH, maxC), else as AgentType's.
/// @throws std::invalid_argument for another name
AgentType named_type(std::string_view name);
std::vector<std::string> type_names();

/// The 18 types of a heterogeneous team: minH in {0,1} (slowest), maxH in {1,2,3}, maxC in
/// {5,7,10}.
std::array<AgentType, 18> default_types();

/// Age of information x in 1..M and battery e in -D..B; e < 0 is a deficit.
struct State {
  int x;
  int e;
  auto operator<=>(const State&) const = default;
};

/// One slot of one device: it harvests H units and, if it processes, consumes C. Processing or
/// offloading resets the age; processing into a deficit delays the reset until the deficit is gone.
/// Offloading costs no energy.
State step(const AgentType& type, State state, Action action, int H, int C);

/// The decision problem of one device as tables over state indices s = (x-1)(B+1+D) + (e+D), made
/// once per type for simulation and dynamic programming. Immutable.
///
/// next_states() has one row of row_length() entries per state, [wait | process | offload]. With
/// h = H - minH and c = C - minC counted from 0, the successor of s is
///   next_states()[s * row_length() + row_start(action) + h - (action == process ? c : 0)].
/// Rows of illegal actions are filled too (as if legal, deficit capped), but must not be used.
class Environment {
 public:
  /// @throws std::invalid_argument as AgentType::validate
  explicit Environment(const AgentType& type);

  const AgentType& type() const { return type_; }
  std::size_t state_count() const { return cost_.size(); }
  std::size_t index(State state) const;
  State state(std::size_t index) const;

  int harvest_count() const { return harvest_count_; }          ///< values of h
  int consumption_count() const { return consumption_count_; }  ///< values of c
  /// Outcomes in a row segment: harvest_count() for wait and offload, harvest_count() +
  /// consumption_count() - 1 for process.
  int outcome_count(Action action) const;
  /// Probability of each outcome of a segment, ascending energy; the segment of process begins
  /// consumption_count() - 1 entries before row_start(process).
  std::span<const double> outcome_probabilities(Action action) const;
  /// The successors of (state, action) in the order of outcome_probabilities.
  std::span<const std::uint16_t> outcomes(std::size_t state, Action action) const;

  std::size_t row_length() const { return row_length_; }
  std::size_t row_start(Action action) const {
    return row_start_[static_cast<std::size_t>(action)];
  }
  std::span<const std::uint16_t> next_states() const { return next_; }

  /// u(s), [cost/slot]: x, plus |e| in a deficit.
  std::span<const double> costs() const { return cost_; }
  /// Bit a of legal_masks()[s] is set if action a is legal in s.
  std::span<const std::uint8_t> legal_masks() const { return legal_; }
  bool is_legal(std::size_t state, Action action) const {
    return (legal_[state] >> static_cast<unsigned>(action)) & 1u;
  }

  /// beta is uniform over these state indices.
  std::span<const std::uint16_t> initial_states() const { return initial_; }

 private:
  void fill_rows(std::size_t state_index);

  AgentType type_;
  int energy_levels_;  ///< B + 1 + D
  int harvest_count_;
  int consumption_count_;
  std::size_t row_length_;
  std::array<std::size_t, kActionCount> row_start_;
  std::vector<double> harvest_probability_;
  std::vector<double> process_probability_;
  std::vector<double> cost_;
  std::vector<std::uint8_t> legal_;
  std::vector<std::uint16_t> next_;
  std::vector<std::uint16_t> initial_;
};

}  // namespace tacit::offload
