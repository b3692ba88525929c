#include "agent/systems/offload/edge_exchange.h"

#include <array>
#include <cstring>

#include "common/protocol/peer_payload.h"

namespace tacit {

namespace {

// A head of fixed size, followed by a cost if frames carry costs.
template <typename Head>
void send(const Head& head, double cost, const EdgeFormat& format, RoundOutput& output) {
  std::array<std::byte, sizeof(Head) + sizeof(double)> bytes;
  std::memcpy(bytes.data(), &head, sizeof(Head));
  std::memcpy(bytes.data() + sizeof(Head), &cost, sizeof(double));
  output.send_all(std::span(bytes).first(format.common_reward ? bytes.size() : sizeof(Head)));
}

template <typename Head>
Head read(const Received& received, double& cost, const EdgeFormat& format) {
  const std::size_t size = sizeof(Head) + (format.common_reward ? sizeof(double) : 0);
  if (received.payload.size() != size) {
    refuse_payload(received, "a slot's frame has another length than the reward asks for");
  }
  Head head;
  std::memcpy(&head, received.payload.data(), sizeof(Head));
  if (!format.common_reward) return head;
  std::memcpy(&cost, received.payload.data() + sizeof(Head), sizeof(double));
  // NaN compares false, so it is refused too.
  if (!(cost >= 0 && cost <= format.local_cost_max)) {
    refuse_payload(received, "a local cost out of range");
  }
  return head;
}

}  // namespace

void send_report(const EdgeReport& report, const EdgeFormat& format, RoundOutput& output) {
  send(static_cast<std::uint8_t>(report.offloads), report.local_cost, format, output);
}

void send_answer(const EdgeAnswer& answer, const EdgeFormat& format, RoundOutput& output) {
  send(answer.offloading_count, answer.local_cost_mean, format, output);
}

EdgeReport read_report(const Received& received, const EdgeFormat& format) {
  EdgeReport report{};
  const auto offloads = read<std::uint8_t>(received, report.local_cost, format);
  if (offloads > 1) refuse_payload(received, "an action that is neither 0 nor 1");
  report.offloads = offloads == 1;
  return report;
}

EdgeAnswer read_answer(const Received& received, const EdgeFormat& format) {
  EdgeAnswer answer{};
  answer.offloading_count = read<std::uint32_t>(received, answer.local_cost_mean, format);
  if (answer.offloading_count > format.agent_count) {
    refuse_payload(received, "more offloading devices than there are agents");
  }
  return answer;
}

}  // namespace tacit
