// The ring as the product runs it: one machine, one node and one transport per process.
#pragma once

#include "agent/process/node_loop.h"
#include "agent/process/process_memory.h"
#include "bench/ring.h"
#include "common/base/payload.h"
#include "common/transport/zmq.h"

namespace tacit::bench {

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

struct RingOptions {
  std::function<std::string(std::size_t)> endpoint_of;
  std::optional<Keyring> keys = {};
  std::string memory = {};  ///< folder of the process's checkpoints; none: it makes none
};

inline Span run_node(std::size_t self, std::size_t count, Round rounds, const RingOptions& ring) {
  RingMachine machine(self, count, rounds);
  const AllUp links;
  ZmqOptions options;
  options.bind = ring.endpoint_of(self);
  options.peer_count = 2;
  options.keys = ring.keys;
  ZmqTransport transport(options);
  for (const ProcessId peer : peers_of(machine, rounds)) {
    transport.connect(peer, ring.endpoint_of(index_of(peer)));
  }
  NodeConfig config;
  config.self = process_id(self);
  config.run = 1;
  config.greeting.endpoint = transport.endpoint();
  config.round_count = rounds;
  config.agent_count = count;
  NodeEvents events{[](ProcessId, Round, std::span<const Sample>) {}, [](const std::string&) {}};
  std::optional<ProcessMemory> memory;
  if (!ring.memory.empty()) {
    memory.emplace(ring.memory, config.run);
    events.checkpoint = [&](std::span<const std::byte> state) {
      memory->save({0, {state.begin(), state.end()}});
    };
  }
  Node node(config, machine, links, transport, events);
  drive(
      node, transport, [] {}, [](TimePoint) {});
  return machine.span;
}

}  // namespace tacit::bench
