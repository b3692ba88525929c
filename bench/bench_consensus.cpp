// Averaging consensus of 10,000 agents on a ring in one process on one thread: machines behind
// their interface, a coin per link and round, every message accounted; against a plain loop over
// two arrays that does the same arithmetic and tosses the same coins, without machines, frames or
// accounts. The turns alternate; agent-rounds per second, medians.
#include <chrono>
#include <cstdlib>
#include <memory>

#include "bench/figure.h"
#include "common/base/payload.h"
#include "common/link/random_links.h"
#include "common/simulation/lockstep.h"

namespace tacit {
namespace {

constexpr std::size_t kAgentCount = 10'000;
constexpr Round kRoundCount = 300;
constexpr int kTurnCount = 7;
constexpr double kUpProbability = 0.9;

class ConsensusMachine final : public Machine {
 public:
  explicit ConsensusMachine(std::size_t self)
      : neighbours_{process_id((self + kAgentCount - 1) % kAgentCount),
                    process_id((self + 1) % kAgentCount)},
        value_(static_cast<double>(self % 17)) {
    std::ranges::sort(neighbours_);
  }
  Arcs arcs(Round round) const override {
    if (round < 0 || round >= kRoundCount) return {};
    return {neighbours_, neighbours_};
  }
  void on_round(const RoundInput& input, RoundOutput& output) override {
    double change = 0;
    for (const Received& received : input.inbox) {
      change += (unpack<1>(received.payload)->front() - value_) / 3;
    }
    value_ += change;
    output.send_all(pack<1>({value_}));
  }
  void save(CheckpointWriter& writer) const override { writer.value(value_); }
  void restore(CheckpointReader& reader) override { reader.value(value_); }
  Result result() const override { return {}; }
  double value() const { return value_; }

 private:
  std::array<ProcessId, 2> neighbours_;
  double value_;
};

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double rate(double seconds) {
  return static_cast<double>(kAgentCount) * static_cast<double>(kRoundCount) / seconds;
}

double measure_ours(std::vector<double>& values) {
  const BernoulliLinks links({1, kUpProbability, false});
  std::vector<std::unique_ptr<ConsensusMachine>> machines;
  std::vector<Machine*> pointers;
  for (std::size_t i = 0; i < kAgentCount; ++i) {
    machines.push_back(std::make_unique<ConsensusMachine>(i));
    pointers.push_back(machines.back().get());
  }
  Lockstep lockstep(pointers, links, [](ProcessId, Round, std::span<const Sample>) {});
  lockstep.run(0, 0, 1);
  const auto start = std::chrono::steady_clock::now();
  lockstep.run(1, kRoundCount, 1);
  const double seconds = seconds_since(start);
  values.clear();
  for (const auto& machine : machines) values.push_back(machine->value());
  return rate(seconds);
}

double measure_reference(std::vector<double>& values) {
  const BernoulliLinks links({1, kUpProbability, false});
  std::vector<double> next(kAgentCount);
  values.resize(kAgentCount);
  for (std::size_t i = 0; i < kAgentCount; ++i) values[i] = static_cast<double>(i % 17);
  const auto start = std::chrono::steady_clock::now();
  for (Round round = 1; round <= kRoundCount; ++round) {
    for (std::size_t i = 0; i < kAgentCount; ++i) {
      std::size_t left = (i + kAgentCount - 1) % kAgentCount;
      std::size_t right = (i + 1) % kAgentCount;
      if (left > right) std::swap(left, right);
      double change = 0;
      for (const std::size_t j : {left, right}) {
        if (links.sends({process_id(j), process_id(i)}, round - 1)) {
          change += (values[j] - values[i]) / 3;
        }
      }
      next[i] = values[i] + change;
    }
    values.swap(next);
  }
  return rate(seconds_since(start));
}

}  // namespace
}  // namespace tacit

int main() {
  std::vector<double> ours, reference, our_values, reference_values;
  for (int turn = 0; turn < tacit::kTurnCount; ++turn) {
    reference.push_back(tacit::measure_reference(reference_values));
    ours.push_back(tacit::measure_ours(our_values));
    if (our_values != reference_values) {
      std::fprintf(stderr, "the two loops disagree: one of them is wrong\n");
      return 1;
    }
  }
  tacit::bench::print_figure("consensus_10000", ours, reference, "agent-rounds/s");
}
