#include "common/protocol/graph_sum.h"

#include <algorithm>
#include <boost/container/small_vector.hpp>
#include <string>

#include "common/base/check.h"
#include "common/base/error.h"

namespace tacit {

GraphSum::GraphSum(std::span<const ProcessId> neighbours, std::size_t agent_count,
                   Round phase_rounds, double initial_first, double initial_second)
    : push_sum_(neighbours, 1),
      agent_count_(static_cast<double>(agent_count)),
      phase_rounds_(phase_rounds),
      sums_{initial_first, initial_second} {
  TACIT_CHECK(phase_rounds >= 1, "a phase needs a round to send in");
}

void GraphSum::start(double value) { push_sum_.start({&value, 1}); }

void GraphSum::send(Round, RoundOutput& output) {
  output.send_all(std::as_bytes(push_sum_.share()));
}

void GraphSum::absorb(const RoundInput& input, const Accepted& accepted) {
  if (input.round == 0) return;
  const Round phase = (input.round - 1) / phase_rounds_;
  const auto is_stale = [&](const Received& received) {
    return received.sent / phase_rounds_ != phase;
  };
  if (std::ranges::none_of(input.inbox, is_stale)) {
    push_sum_.absorb(input.inbox);
  } else {
    boost::container::small_vector<Received, 8> current;
    std::ranges::remove_copy_if(input.inbox, std::back_inserter(current), is_stale);
    push_sum_.absorb({current.data(), current.size()});
  }
  if (input.round % phase_rounds_ != 0) return;
  const double sum = agent_count_ * push_sum_.mean(0);
  // Every estimate is a weighted mean of what the agents gave, so it can leave the range only if
  // somebody gave a number that is outside; rounding alone stays within the slack.
  const double slack = 1e-9 * std::max(1.0, accepted.most - accepted.least);
  if (!(sum >= accepted.least - slack && sum <= accepted.most + slack)) {
    throw InputError(ExitCode::mismatch, std::string(accepted.name) + " = " + std::to_string(sum) +
                                             " as summed over the graph: some agent gave a number "
                                             "out of its range");
  }
  sums_[phase % 2] = std::clamp(sum, accepted.least, accepted.most);
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
