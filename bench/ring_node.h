// The ring of bare sockets (ring.h) as the product runs it.
#pragma once

#include "bench/node_process.h"
#include "common/base/payload.h"

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
    double sum = value_;
    for (const Received& received : input.inbox) sum += unpack<1>(received.payload)->front();
    value_ = sum / 3;
    output.send_all(pack<1>({value_}));
  }
  void save(CheckpointWriter& writer) const override { writer.value(value_); }
  void restore(CheckpointReader& reader) override { reader.value(value_); }
  Result result() const override { return {}; }

 private:
  std::array<ProcessId, 2> neighbours_;
  Round round_count_;
  double value_;
};

struct RingOptions {
  std::function<std::string(std::size_t)> endpoint_of;
  std::optional<Keyring> keys = {};
  std::string memory = {};  ///< NodeProcess::memory
};

inline Span run_ring_node(std::size_t self, std::size_t count, Round rounds,
                          const RingOptions& ring) {
  RingMachine machine(self, count, rounds);
  return run_node(machine, AllUp(),
                  {self, count, rounds, rounds, ring.endpoint_of, ring.keys, ring.memory});
}

}  // namespace tacit::bench
