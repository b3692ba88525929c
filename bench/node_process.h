// One process of a benchmark as the product runs it: one machine, one node and one transport.
#pragma once

#include "bench/ring.h"
#include "common/process/node_loop.h"
#include "common/process/process_memory.h"
#include "common/transport/zmq.h"

namespace tacit::bench {

/// Notes when the warm-up of a machine ends, and its rounds.
class TimedMachine final : public Machine {
 public:
  TimedMachine(Machine& machine, Round rounds) : machine_(machine), rounds_(rounds) {}
  Arcs arcs(Round round) const override { return machine_.arcs(round); }
  void on_round(const RoundInput& input, RoundOutput& output) override {
    if (input.round == kWarmUpRounds) span.start = now_s();
    if (input.round == rounds_) span.end = now_s();
    machine_.on_round(input, output);
  }
  void save(CheckpointWriter& writer) const override { machine_.save(writer); }
  void restore(CheckpointReader& reader) override { machine_.restore(reader); }
  Result result() const override { return machine_.result(); }

  Span span{};

 private:
  Machine& machine_;
  Round rounds_;
};

class AllUp final : public LinkModel {
 public:
  bool sends(Edge, Round) const override { return true; }
};

struct NodeProcess {
  std::size_t self;
  std::size_t agent_count;
  Round round_count;  ///< of the machine
  Round timed_rounds;
  std::function<std::string(std::size_t)> endpoint_of;
  std::optional<Keyring> keys = {};
  std::string memory = {};  ///< folder of the process's checkpoints; none: it makes none
};

inline Span run_node(Machine& timed, const LinkModel& links, const NodeProcess& process) {
  TimedMachine machine(timed, process.timed_rounds);
  const auto peers = peers_of(machine, process.round_count);
  ZmqOptions options;
  options.bind = process.endpoint_of(process.self);
  options.peer_count = peers.size();
  options.keys = process.keys;
  ZmqTransport transport(options);
  for (const ProcessId peer : peers) {
    transport.connect(peer, process.endpoint_of(index_of(peer)));
  }
  NodeConfig config;
  config.self = process_id(process.self);
  config.run = 1;
  config.greeting.endpoint = transport.endpoint();
  config.round_count = process.round_count;
  config.agent_count = process.agent_count;
  NodeEvents events{[](ProcessId, Round, std::span<const Sample>) {}, [](const std::string&) {}};
  std::optional<ProcessMemory> memory;
  if (!process.memory.empty()) {
    memory.emplace(process.memory, to_string(config.self), std::vector<std::filesystem::path>{});
    memory->load(config.run);
    events.checkpoint = [&](std::span<const std::byte> state) {
      memory->save({{}, {state.begin(), state.end()}});
    };
  }
  Node node(config, machine, links, transport, events);
  drive(
      node, transport, [] {}, [](TimePoint) {});
  return machine.span;
}

}  // namespace tacit::bench
