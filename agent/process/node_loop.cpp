#include "agent/process/node_loop.h"

namespace tacit {

namespace {
constexpr std::chrono::milliseconds kLongestWait{100};
}

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
    if (const auto packet = transport.receive(kLongestWait)) {
      node.on_packet(*packet);
      continue;
    }
    // Nothing moves: only now is it worth asking what became of the connections.
    for (const auto& change : transport.connection_changes()) node.on_connection(change, now);
  }
}

}  // namespace tacit
