#include "common/process/node_loop.h"

#include <algorithm>

namespace tacit {

namespace {
constexpr std::chrono::milliseconds kLongestWait{100};
/// A thousand processes that wait for the last one to start must leave the processor to it.
constexpr std::chrono::milliseconds kLongestGreetingWait{300};

std::chrono::milliseconds longest_wait(const Node& node, TimePoint now) {
  if (node.state() == Node::State::greeting) return kLongestGreetingWait;
  const auto due = node.next_round_due();
  if (!due) return kLongestWait;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(*due - now);
  return std::clamp(left, std::chrono::milliseconds(0), kLongestWait);
}

}  // namespace

void drive(Node& node, Transport& transport, const std::function<void()>& on_end,
           const std::function<void(TimePoint)>& on_pass) {
  while (true) {
    const TimePoint now = std::chrono::steady_clock::now();
    on_pass(now);
    node.advance(now);
    if (node.state() == Node::State::ended) {
      on_end();
      node.leave(now);
      node.advance(now);
    }
    if (node.state() == Node::State::finished) return;
    if (const auto packet = transport.receive(longest_wait(node, now))) {
      node.on_packet(*packet);
      continue;
    }
    // Connection changes are read only when no packet is there.
    for (const auto& change : transport.connection_changes()) node.on_connection(change, now);
  }
}

}  // namespace tacit
