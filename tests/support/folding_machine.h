#pragma once

#include <vector>

#include "common/base/check.h"
#include "common/base/digest.h"
#include "common/base/machine.h"
#include "common/base/payload.h"
#include "common/graph/graph.h"

namespace tacit::testing {

/// A machine whose state is a hash of all frames it ever received, in order, and whose payloads
/// depend on it: one lost, repeated, late or misordered frame anywhere changes every digest.
class FoldingMachine final : public Machine {
 public:
  /// @param talk_interval  only process 0 sends in rounds that are no multiple of it
  FoldingMachine(const Graph& graph, ProcessId self, Round round_count, Round talk_interval = 1)
      : neighbours_(graph.neighbours(self).begin(), graph.neighbours(self).end()),
        speaks_(index_of(self) == 0),
        round_count_(round_count),
        talk_interval_(talk_interval),
        state_(index_of(self) + 1) {}

  Arcs arcs(Round round) const override {
    if (round < 0 || round >= round_count_) return {};
    if (round % talk_interval_ == 0) return {neighbours_, neighbours_};
    if (speaks_) return {neighbours_, {}};
    const bool hears = !neighbours_.empty() && index_of(neighbours_.front()) == 0;
    return {{}, std::span(neighbours_).first(hears ? 1 : 0)};
  }

  void on_round(const RoundInput& input, RoundOutput& output) override {
    std::vector<std::uint64_t> words{state_, static_cast<std::uint64_t>(input.round)};
    for (const Received& received : input.inbox) {
      words.push_back(index_of(received.from));
      words.push_back(static_cast<std::uint64_t>(received.sent));
      words.push_back(hash_bytes(received.payload));
    }
    state_ = hash_bytes(std::as_bytes(std::span(words)));
    output.set_pose({static_cast<double>(state_ & 7), static_cast<double>(state_ >> 8 & 7)});
    // Most payloads are the same for all arcs; some arcs get their own, some rounds have none.
    if (state_ % 7 == 0) return;
    output.send_all(std::as_bytes(std::span(&state_, 1)));
    if (!neighbours_.empty() && state_ % 3 == 0) {
      const std::uint64_t own = state_ ^ 0x5555;
      output.send(neighbours_.back(), std::as_bytes(std::span(&own, 1)));
    }
    output.record({{"low_bits", static_cast<double>(state_ & 0xffff)}});
  }

  void save(CheckpointWriter& writer) const override { writer.value(state_); }
  void restore(CheckpointReader& reader) override { reader.value(state_); }
  Result result() const override { return {{"low_bits", {static_cast<double>(state_ & 0xffff)}}}; }

 private:
  std::vector<ProcessId> neighbours_;
  bool speaks_;
  Round round_count_;
  Round talk_interval_;
  std::uint64_t state_;
};

}  // namespace tacit::testing
