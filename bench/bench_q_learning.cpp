// The inner loop of tabular Q-learning on the mid offloading device, all rules of the model
// included (shrinking steps by count, legal masks, restarts, Philox), against minimal kernels:
// fixed step size, no restarts, no counts, xorshift64 instead of Philox. All in double; all explore
// and bootstrap. The turns alternate; medians are compared.
//
// q_learning: the reference finds the least of a row where it visits it, as one writes it by hand.
// q_learning_kept_least: the reference keeps the least and its action beside the row, as ours does:
// the fastest minimal kernel we know, so this ratio is what the rules and Philox cost.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <limits>
#include <vector>

#include "agent/learning/tabular/tabular_q.h"
#include "agent/systems/offload/environment.h"
#include "agent/systems/offload/tabular_environment.h"
#include "bench/figure.h"
#include "common/base/random.h"

namespace tacit::offload {
namespace {

constexpr std::size_t kStepCount = 2'000'000;
constexpr int kTurnCount = 61;
constexpr double kPrice = 2.0;
constexpr double kExploration = 0.1;

/// Hand-tuned for speed alone: the 21 pairs (H, C) of one action lie side by side, and the least of
/// a row is found without a branch.
template <bool kKeepsLeast>
class MinimalKernel {
 public:
  explicit MinimalKernel(const Environment& environment) {
    const std::size_t states = environment.state_count();
    for (std::size_t s = 0; s < states; ++s) {
      cost_.push_back(environment.costs()[s]);
      for (const auto action : {Action::wait, Action::process, Action::offload}) {
        const bool legal = environment.is_legal(s, action);
        value_.push_back(legal ? 0.0 : std::numeric_limits<double>::infinity());
        for (std::size_t pair = 0; pair < kPairCount; ++pair) {
          const std::size_t h = pair / 7;
          const std::size_t c = action == Action::process ? pair % 7 : 0;
          next_.push_back(environment.next_states()[s * environment.row_length() +
                                                    environment.row_start(action) + h - c]);
        }
        next_.resize((3 * s + static_cast<std::size_t>(action) + 1) * kRow);
      }
      value_.push_back(0.0);  // Rows of 32 bytes; here the least is kept.
    }
    greedy_.assign(states, 0);
  }

  /// @return the state after `step_count` steps, so that no step can be left out
  std::size_t run(std::size_t step_count) {
    double* const value = value_.data();
    const double* const cost = cost_.data();
    const std::uint16_t* const next = next_.data();
    const std::array<double, 3> price{0.0, 0.0, kPrice};
    const auto explore_below = static_cast<std::uint32_t>(kExploration * 0x1p32);
    std::uint64_t random = 88172645463325252u;
    std::size_t s = 0;
    std::size_t greedy = 0;
    for (std::size_t k = 0; k < step_count; ++k) {
      random ^= random << 13;
      random ^= random >> 7;
      random ^= random << 17;
      const auto high = static_cast<std::uint32_t>(random >> 32);
      std::size_t a = kKeepsLeast ? greedy_[s] : greedy;
      if (high < explore_below) {
        const std::uint64_t spread = high;
        a = value[4 * s + 1] < 1e300 ? spread * 3 / explore_below : spread * 2 / explore_below * 2;
      }
      const std::size_t pair = (random & 0xffffffffu) * kPairCount >> 32;
      const std::size_t to = next[(3 * s + a) * kRow + pair];
      if constexpr (kKeepsLeast) {
        double* const row = value + 4 * s;
        row[a] += 0.1 * (cost[s] + price[a] + 0.95 * value[4 * to + 3] - row[a]);
        greedy_[s] = static_cast<std::uint8_t>(find_least(row, row[3]));
      } else {
        double least;
        greedy = find_least(value + 4 * to, least);
        double& updated = value[4 * s + a];
        updated += 0.1 * (cost[s] + price[a] + 0.95 * least - updated);
      }
      s = to;
    }
    return s;
  }

 private:
  static constexpr std::size_t kPairCount = 21;
  // Measured: 32 is the fastest without, 21 with kept values, which leave less room in the cache.
  static constexpr std::size_t kRow = kKeepsLeast ? 21 : 32;

  /// @return the action of the least of three values
  static std::size_t find_least(const double* row, double& least) {
    const double least_01 = std::min(row[1], row[0]);
    const std::size_t second = row[1] < row[0];
    const std::size_t third = row[2] < least_01;
    least = std::min(row[2], least_01);
    return (second & ~third) | (third << 1);
  }

  std::vector<double> value_;
  std::vector<double> cost_;
  std::vector<std::uint8_t> greedy_;
  std::vector<std::uint16_t> next_;
};

template <typename Work>
double million_steps_per_second(const Work& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  return static_cast<double>(kStepCount) / seconds.count() / 1e6;
}

/// @return a number that depends on all steps, so that none can be left out
std::size_t run() {
  const Environment environment(named_type("mid"));
  MinimalKernel<false> minimal(environment);
  MinimalKernel<true> keeping(environment);
  TabularQ learner(make_tabular_model(environment), StepSizes{});
  std::vector<double> ours;
  std::vector<double> by_minimal;
  std::vector<double> by_keeping;
  std::size_t sum = 0;
  for (int turn = 0; turn < kTurnCount; ++turn) {
    by_minimal.push_back(million_steps_per_second([&] { sum += minimal.run(kStepCount); }));
    ours.push_back(million_steps_per_second([&] {
      RandomStream stream(1, process_id(0), purpose("bench.q_learning"), turn);
      learner.cap_counts(200);
      learner.learn({.slot_count = kStepCount, .price = kPrice, .exploration = kExploration},
                    stream);
    }));
    by_keeping.push_back(million_steps_per_second([&] { sum += keeping.run(kStepCount); }));
  }
  for (std::size_t s = 0; s < environment.state_count(); ++s) sum += learner.table().greedy(s);
  bench::print_figure("q_learning", ours, by_minimal, "M steps/s");
  bench::print_figure("q_learning_kept_least", ours, by_keeping, "M steps/s");
  return sum;
}

}  // namespace
}  // namespace tacit::offload

int main() { return tacit::offload::run() == 0 ? 1 : 0; }
