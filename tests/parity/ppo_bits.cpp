// Trains a small policy and prints a hash of its parameters: experiment_parity_test runs this on
// processors of several makers.
#include <iostream>

#include "agent/learning/ppo/policy_network.h"
#include "agent/learning/ppo/ppo.h"
#include "common/base/digest.h"
#include "common/base/fingerprint.h"

namespace tacit {
namespace {

/// A choice is worth what the observation says, a number what it is near.
class Matching final : public Environment {
 public:
  std::size_t observation_size() const override { return 3; }
  ActionSpace action_space() const override { return {{3}, 1}; }
  void reset(RandomStream& stream) override {
    for (double& value : seen_) value = 2 * to_unit(stream()) - 1;
  }
  void observe(std::span<double> observation) const override {
    std::ranges::copy(seen_, observation.begin());
  }
  Transition step(std::span<const double> action, RandomStream&) override {
    const double miss = action[1] - seen_[0];
    return {seen_[static_cast<std::size_t>(action[0])] - miss * miss, Ending::terminated};
  }

 private:
  std::array<double, 3> seen_{};
};

}  // namespace
}  // namespace tacit

int main() {
  using namespace tacit;
  fix_arithmetic();
  PpoConfig config;
  config.environment_count = 8;
  config.step_count = 10;
  config.iteration_count = 5;
  config.hidden_sizes = {8};
  config.minibatch_size = 20;
  const PolicyNetwork network = train_ppo([](std::size_t) { return std::make_unique<Matching>(); },
                                          config, 1, [](double, double) {});
  std::cout << to_hex(hash_bytes(network.bytes())) << '\n';
}
