// What it costs to be able to come back: the ring of bench_ring over ipc with a checkpoint of every
// process at the default interval, file and folder flushed to the disk, against the same ring that
// makes none. Both acknowledge. 20,000 rounds in each of eleven turns; agent-rounds per second,
// medians.
//
//   bench_checkpoints [N...]      default 8 32
#include <filesystem>

#include "bench/figure.h"
#include "bench/ring_node.h"

namespace tacit {
namespace {

constexpr int kTurnCount = 11;
constexpr Round kRounds = 20'000;

double measure(std::size_t count, bool with_checkpoints) {
  return bench::measure(
      [&](std::size_t self, std::size_t, Round, const std::string& folder) {
        const auto own = std::filesystem::path(folder) / ("process-" + std::to_string(self));
        std::filesystem::create_directory(own);
        return bench::run_ring_node(
            self, count, kRounds,
            {[&](std::size_t i) { return "ipc://" + folder + "/" + std::to_string(i); },
             {},
             with_checkpoints ? own.string() : ""});
      },
      count, kRounds);
}

}  // namespace
}  // namespace tacit

int main(int argc, char** argv) {
  std::vector<std::size_t> counts;
  for (int k = 1; k < argc; ++k) counts.push_back(std::strtoul(argv[k], nullptr, 10));
  if (counts.empty()) counts = {8, 32};
  for (const std::size_t count : counts) {
    std::vector<double> with, without;
    for (int turn = 0; turn < tacit::kTurnCount; ++turn) {
      // Who goes first changes: a machine that tires would favour one side.
      const bool first = turn % 2 == 1;
      (first ? with : without).push_back(tacit::measure(count, first));
      (first ? without : with).push_back(tacit::measure(count, !first));
      std::printf("N=%zu turn %d: with checkpoints %.0f, without %.0f agent-rounds/s\n", count,
                  turn, with.back(), without.back());
    }
    tacit::bench::print_figure("checkpoints_" + std::to_string(count), with, without,
                               "agent-rounds/s");
  }
}
