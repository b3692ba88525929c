// A ring of N processes that exchange one scalar with both neighbours per round over ipc: the full
// node loop (HELLO, links, codec with CRC, inbox, flow control) against bare libzmq PAIR sockets
// with 8-byte messages. Then the same node loop over tcp on the loopback interface, encrypted and
// authenticated (CURVE), against plain text. The turns alternate; agent-rounds per second, medians.
//
//   bench_ring [N...]      default 8 32 128
#include "agent/process/node_loop.h"
#include "bench/figure.h"
#include "bench/ring.h"
#include "common/base/payload.h"
#include "common/transport/zmq.h"
#include "tests/support/free_ports.h"
#include "tests/support/keyrings.h"

namespace tacit {
namespace {

using bench::kWarmUpRounds;
using bench::now_s;
using bench::Span;

constexpr int kTurnCount = 5;

/// Averages with both neighbours: one scalar per arc and round.
class RingMachine final : public Machine {
 public:
  RingMachine(std::size_t self, std::size_t count, Round round_count)
      : neighbours_{process_id((self + count - 1) % count), process_id((self + 1) % count)},
        round_count_(round_count),
        value_(static_cast<double>(self)) {
    std::ranges::sort(neighbours_);
  }
  Arcs arcs(Round round) const override {
    if (round < 0 || round >= round_count_) return {};
    return {neighbours_, neighbours_};
  }
  void on_round(const RoundInput& input, RoundOutput& output) override {
    if (input.round == kWarmUpRounds) span.start = now_s();
    if (input.round == round_count_) span.end = now_s();
    double sum = value_;
    for (const Received& received : input.inbox) sum += unpack<1>(received.payload)->front();
    value_ = sum / 3;
    output.send_all(pack<1>({value_}));
  }
  void save(CheckpointWriter& writer) const override { writer.value(value_); }
  void restore(CheckpointReader& reader) override { reader.value(value_); }
  Result result() const override { return {}; }

  Span span{};

 private:
  std::array<ProcessId, 2> neighbours_;
  Round round_count_;
  double value_;
};

class AllUp final : public LinkModel {
 public:
  bool sends(Edge, Round) const override { return true; }
};

using EndpointOf = std::function<std::string(std::size_t)>;

Span run_ours(std::size_t self, std::size_t count, Round rounds, const EndpointOf& endpoint_of,
              const std::optional<Keyring>& keys) {
  RingMachine machine(self, count, rounds);
  const AllUp links;
  ZmqOptions options;
  options.bind = endpoint_of(self);
  options.peer_count = 2;
  options.keys = keys;
  ZmqTransport transport(options);
  for (const ProcessId peer : peers_of(machine, rounds)) {
    transport.connect(peer, endpoint_of(index_of(peer)));
  }
  NodeConfig config;
  config.self = process_id(self);
  config.run = 1;
  config.greeting.endpoint = transport.endpoint();
  config.round_count = rounds;
  config.agent_count = count;
  Node node(config, machine, links, transport,
            {[](ProcessId, Round, std::span<const Sample>) {}, [](const std::string&) {}});
  drive(
      node, transport, [] {}, [](TimePoint) {});
  return machine.span;
}

Span run_over_ipc(std::size_t self, std::size_t count, Round rounds, const std::string& folder) {
  return run_ours(self, count, rounds,
                  [&](std::size_t i) { return "ipc://" + folder + "/" + std::to_string(i); }, {});
}

double measure_tcp(std::size_t count, Round rounds, bool encrypted) {
  const auto endpoints = testing::free_endpoints(count);
  const auto keys = testing::keyrings(count);
  return bench::measure(
      [&](std::size_t self, std::size_t, Round, const std::string&) {
        return run_ours(
            self, count, rounds, [&](std::size_t i) { return endpoints[i]; },
            encrypted ? std::optional(keys[self]) : std::nullopt);
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
    const auto rounds = static_cast<tacit::Round>(150'000 / count) + tacit::bench::kWarmUpRounds;
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
