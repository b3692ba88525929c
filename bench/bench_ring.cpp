// A ring of N processes that exchange one scalar with both neighbours per round over ipc: the full
// node loop (HELLO, links, codec with CRC, inbox, flow control) against bare libzmq PAIR sockets
// with 8-byte messages. Then the same node loop over tcp on the loopback interface, encrypted and
// authenticated (CURVE), against plain text. The turns alternate; agent-rounds per second, medians.
//
//   bench_ring [N...]      default 8 32 128
#include "bench/figure.h"
#include "bench/ring_node.h"
#include "tests/support/free_ports.h"
#include "tests/support/keyrings.h"

namespace tacit {
namespace {

using bench::Span;

constexpr int kTurnCount = 5;

Span run_over_ipc(std::size_t self, std::size_t count, Round rounds, const std::string& folder) {
  return bench::run_ring_node(self, count, rounds, {[&](std::size_t i) {
                                return "ipc://" + folder + "/" + std::to_string(i);
                              }});
}

double measure_tcp(std::size_t count, Round rounds, bool encrypted) {
  const auto endpoints = testing::free_endpoints(count);
  const auto keys = testing::keyrings(count);
  return bench::measure(
      [&](std::size_t self, std::size_t, Round, const std::string&) {
        return bench::run_ring_node(self, count, rounds,
                                    {[&](std::size_t i) { return endpoints[i]; },
                                     encrypted ? std::optional(keys[self]) : std::nullopt});
      },
      count, rounds);
}

}  // namespace
}  // namespace tacit

int main(int argc, char** argv) {
  std::vector<std::size_t> counts;
  for (int k = 1; k < argc; ++k) counts.push_back(std::strtoul(argv[k], nullptr, 10));
  if (counts.empty()) counts = {8, 32, 128};
  for (const std::size_t count : counts) {
    const auto rounds = static_cast<tacit::Round>(60'000 / count) + tacit::bench::kWarmUpRounds;
    std::vector<double> ours, reference, encrypted, plain;
    for (int turn = 0; turn < tacit::kTurnCount; ++turn) {
      reference.push_back(tacit::bench::measure(tacit::bench::run_reference, count, rounds));
      ours.push_back(tacit::bench::measure(tacit::run_over_ipc, count, rounds));
      std::printf("N=%zu turn %d: ours %.0f, bare PAIR ring %.0f agent-rounds/s\n", count, turn,
                  ours.back(), reference.back());
      plain.push_back(tacit::measure_tcp(count, rounds, false));
      encrypted.push_back(tacit::measure_tcp(count, rounds, true));
      std::printf("N=%zu turn %d: tcp with keys %.0f, plain %.0f agent-rounds/s\n", count, turn,
                  encrypted.back(), plain.back());
    }
    tacit::bench::print_figure("ring_" + std::to_string(count), ours, reference, "agent-rounds/s");
    tacit::bench::print_figure("ring_curve_" + std::to_string(count), encrypted, plain,
                               "agent-rounds/s");
  }
}
