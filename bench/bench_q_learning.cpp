// The inner loop of tabular Q-learning on the mid offloading device, all rules of the model
// included, against a minimal kernel: fixed step size, no restarts, no counts, no block of random
// words, xorshift64 instead of Philox. Both in double, both explore, both bootstrap. The turns of
// the two alternate; the medians are compared.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <limits>
#include <vector>

#include "agent/learning/tabular_q.h"
#include "agent/systems/offload/environment.h"
#include "agent/systems/offload/tabular_environment.h"
#include "common/base/random.h"

namespace tacit::offload {
namespace {

constexpr std::size_t kStepCount = 20'000'000;
constexpr int kTurnCount = 9;
constexpr double kPrice = 2.0;
constexpr double kExploration = 0.1;

/// Hand-tuned for speed alone: the 21 pairs (H, C) of one action lie side by side, the minimum of
/// the next row, found without a branch, is the bootstrap value and the next greedy choice at once.
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
      value_.push_back(0.0);  // Rows of 32 bytes.
    }
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
    std::size_t a = 0;
    for (std::size_t k = 0; k < step_count; ++k) {
      random ^= random << 13;
      random ^= random >> 7;
      random ^= random << 17;
      const auto high = static_cast<std::uint32_t>(random >> 32);
      if (high < explore_below) {
        const std::uint64_t spread = high;
        a = value[4 * s + 1] < 1e300 ? spread * 3 / explore_below : spread * 2 / explore_below * 2;
      }
      const std::size_t pair = (random & 0xffffffffu) * kPairCount >> 32;
      const std::size_t to = next[(3 * s + a) * kRow + pair];
      const double* const row = value + 4 * to;
      const double least_01 = std::min(row[1], row[0]);
      const double least = std::min(row[2], least_01);
      const std::size_t second = row[1] < row[0];
      const std::size_t third = row[2] < least_01;
      double& updated = value[4 * s + a];
      updated += 0.1 * (cost[s] + price[a] + 0.95 * least - updated);
      s = to;
      a = second ^ ((second ^ 2u) & (0u - third));
    }
    return s;
  }

 private:
  static constexpr std::size_t kPairCount = 21;
  static constexpr std::size_t kRow = 32;
  std::vector<double> value_;
  std::vector<double> cost_;
  std::vector<std::uint16_t> next_;
};

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

template <typename Work>
double million_steps_per_second(const Work& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  return static_cast<double>(kStepCount) / seconds.count() / 1e6;
}

int run() {
  const Environment environment(named_type("mid"));
  MinimalKernel minimal(environment);
  TabularQ learner(make_tabular_model(environment), StepSizes{});
  std::vector<double> ours;
  std::vector<double> reference;
  std::size_t sink = 0;
  for (int turn = 0; turn < kTurnCount; ++turn) {
    reference.push_back(million_steps_per_second([&] { sink += minimal.run(kStepCount); }));
    ours.push_back(million_steps_per_second([&] {
      RandomStream stream(1, process_id(0), purpose("bench.q_learning"), turn);
      learner.cap_counts(200);
      learner.learn({kStepCount, kPrice, kExploration, true}, stream);
    }));
    std::printf("turn %d: ours %.1f, minimal kernel %.1f M steps/s (%zu)\n", turn, ours.back(),
                reference.back(), sink % 10);
  }
  std::printf(
      "{\"bench\":\"q_learning\",\"ratio\":%.3f,\"ours\":%.1f,\"reference\":%.1f,"
      "\"unit\":\"M steps/s\",\"reference_is\":\"minimal kernel with xorshift64\"}\n",
      median(ours) / median(reference), median(ours), median(reference));
  return 0;
}

}  // namespace
}  // namespace tacit::offload

int main() { return tacit::offload::run(); }
