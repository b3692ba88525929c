#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "common/round/node.h"
#include "common/transport/faulty_transport.h"
#include "common/transport/in_process.h"
#include "tests/support/folding_machine.h"
#include "tests/support/node_cluster.h"

namespace tacit::testing {

/// Nodes on mailboxes, advanced by the test.
class DrivenNodes {
 public:
  DrivenNodes(const Graph& graph, const LinkModel& links, Round round_count,
              const PacketFaults& faults = {}, std::uint64_t seed = 0,
              const std::function<void(NodeConfig&)>& adjust = {}) {
    for (std::size_t i = 0; i < graph.node_count(); ++i) {
      machines.push_back(std::make_unique<FoldingMachine>(graph, process_id(i), round_count));
      whole_transports.push_back(network.open(std::to_string(i)));
      transports.push_back(
          std::make_unique<FaultyTransport>(*whole_transports.back(), faults, seed, process_id(i)));
    }
    for (std::size_t i = 0; i < machines.size(); ++i) {
      for (const ProcessId peer : peers_of(*machines[i], round_count)) {
        transports[i]->connect(peer, to_string(peer));
      }
      NodeConfig config = node_config(i, machines.size(), round_count);
      if (adjust) adjust(config);
      nodes.push_back(std::make_unique<Node>(
          config, *machines[i], links, *transports[i],
          NodeEvents{[](ProcessId, Round, std::span<const Sample>) {},
                     [this](const std::string& notice) { notices.push_back(notice); },
                     [this, i](std::span<const std::byte> bytes) {
                       checkpoints[i].assign(bytes.begin(), bytes.end());
                     }}));
    }
  }

  void step(std::size_t i, std::size_t most_packets = 1000) {
    for (std::size_t k = 0; k < most_packets; ++k) {
      const auto packet = transports[i]->receive(std::chrono::milliseconds(0));
      if (!packet) break;
      nodes[i]->on_packet(*packet);
    }
    for (const auto& change : transports[i]->connection_changes()) {
      nodes[i]->on_connection(change, now);
    }
    nodes[i]->advance(now);
    if (nodes[i]->state() == Node::State::ended) nodes[i]->leave(now);
  }

  bool finished() const {
    return std::ranges::all_of(
        nodes, [](const auto& node) { return node->state() == Node::State::finished; });
  }

  std::vector<std::uint64_t> digests() const {
    std::vector<std::uint64_t> digests;
    for (const auto& node : nodes) digests.push_back(node->digest());
    return digests;
  }

  InProcessNetwork network;
  std::vector<std::unique_ptr<Machine>> machines;
  std::vector<std::unique_ptr<Transport>> whole_transports;
  std::vector<std::unique_ptr<FaultyTransport>> transports;
  std::vector<std::unique_ptr<Node>> nodes;
  std::vector<std::string> notices;
  std::map<std::size_t, std::vector<std::byte>> checkpoints;  ///< the newest of each
  TimePoint now{};
};

inline const Graph kComplete(4, {{0, 1}, {0, 2}, {0, 3}, {1, 2}, {1, 3}, {2, 3}});

inline std::vector<std::uint64_t> expected_digests(const LinkModel& links, Round round_count) {
  std::vector<std::unique_ptr<Machine>> machines;
  for (std::size_t i = 0; i < 4; ++i) {
    machines.push_back(std::make_unique<FoldingMachine>(kComplete, process_id(i), round_count));
  }
  return lockstep_end(std::move(machines), links, round_count, 1).digests;
}

}  // namespace tacit::testing
