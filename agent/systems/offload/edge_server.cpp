#include "agent/systems/offload/edge_server.h"

#include <algorithm>

namespace tacit {

EdgeServer::EdgeServer(const EdgeFormat& format, Round round_count)
    : format_(format), round_count_(round_count) {
  for (std::size_t i = 0; i < format.agent_count; ++i) agents_.push_back(process_id(i));
}

Arcs EdgeServer::arcs(Round round) const {
  if (round >= round_count_) return {};
  if (round % kSlotRounds == 0) return {{}, agents_};
  return {agents_, {}};
}

void EdgeServer::on_round(const RoundInput& input, RoundOutput& output) {
  if (input.round % kSlotRounds == 0) return;
  EdgeAnswer answer{};
  for (const Received& received : input.inbox) {
    const EdgeReport report = read_report(received, format_);
    answer.offloading_count += report.offloads;
    answer.local_cost_mean += report.local_cost;
  }
  if (!input.inbox.empty()) {
    const double mean = answer.local_cost_mean / static_cast<double>(input.inbox.size());
    answer.local_cost_mean = std::min(mean, format_.local_cost_max);  // rounding may exceed it
  }
  offload_count_ += answer.offloading_count;
  send_answer(answer, format_, output);
}

}  // namespace tacit
