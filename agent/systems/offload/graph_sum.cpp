#include "agent/systems/offload/graph_sum.h"

#include <algorithm>
#include <boost/container/small_vector.hpp>

#include "common/base/check.h"

namespace tacit {

GraphSum::GraphSum(std::span<const ProcessId> neighbours, std::size_t agent_count,
                   Round phase_rounds, const std::array<Accepted, 2>& numbers, double initial_first,
                   double initial_second)
    : push_sum_(neighbours, 1,
                static_cast<double>(agent_count) * static_cast<double>(phase_rounds)),
      agent_count_(static_cast<double>(agent_count)),
      phase_rounds_(phase_rounds),
      numbers_(numbers),
      sums_{initial_first, initial_second} {
  TACIT_CHECK(phase_rounds >= 1, "a phase needs a round to send in");
}

void GraphSum::start(double value) { push_sum_.start({&value, 1}); }

void GraphSum::send(Round round, RoundOutput& output) {
  output.send_all(std::as_bytes(push_sum_.share(number_of(round))));
}

void GraphSum::absorb(const RoundInput& input) {
  if (input.round == 0) return;
  const Round phase = (input.round - 1) / phase_rounds_;
  const Accepted& number = number_of(input.round - 1);
  const auto is_stale = [&](const Received& received) {
    return received.sent / phase_rounds_ != phase;
  };
  if (std::ranges::none_of(input.inbox, is_stale)) {
    push_sum_.absorb(input.inbox, number);
  } else {
    boost::container::small_vector<Received, 8> current;
    std::ranges::remove_copy_if(input.inbox, std::back_inserter(current), is_stale);
    push_sum_.absorb({current.data(), current.size()}, number);
  }
  if (input.round % phase_rounds_ != 0) return;
  // A node that heard no neighbour for a thousand rounds has no weight left, and no estimate.
  if (!(push_sum_.held().back() > 0)) return;
  // If no agent lies, every estimate is a weighted mean of the agents' numbers; the clamp removes
  // rounding errors and bounds the effect of a lie.
  sums_[phase % 2] = std::clamp(agent_count_ * push_sum_.mean(0), agent_count_ * number.least,
                                agent_count_ * number.most);
}

void GraphSum::save(CheckpointWriter& writer) const {
  push_sum_.save(writer);
  for (const double sum : sums_) writer.value(sum);
}

void GraphSum::restore(CheckpointReader& reader) {
  push_sum_.restore(reader);
  for (double& sum : sums_) reader.value(sum);
}

}  // namespace tacit
