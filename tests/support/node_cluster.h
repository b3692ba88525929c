#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "common/round/node.h"
#include "common/simulation/lockstep.h"

namespace tacit::testing {

/// The final states of a run's machines, and the messages between them.
struct ClusterEnd {
  std::vector<std::uint64_t> digests;
  std::map<Edge, MessageCount> traffic;  ///< data only
  bool operator==(const ClusterEnd&) const = default;
};

inline ClusterEnd lockstep_end(std::vector<std::unique_ptr<Machine>> machines,
                               const LinkModel& links, Round round_count,
                               std::size_t thread_count) {
  std::vector<Machine*> pointers;
  for (const auto& machine : machines) pointers.push_back(machine.get());
  Lockstep lockstep(pointers, links, [](ProcessId, Round, std::span<const Sample>) {});
  lockstep.run(0, round_count, thread_count);
  ClusterEnd end{{}, lockstep.traffic()};
  for (std::size_t i = 0; i < machines.size(); ++i) {
    end.digests.push_back(lockstep.digest(process_id(i)));
  }
  return end;
}

inline NodeConfig node_config(std::size_t self, std::size_t count, Round round_count) {
  NodeConfig config;
  config.self = process_id(self);
  config.run = 42;
  config.greeting.endpoint = std::to_string(self);
  config.round_count = round_count;
  config.agent_count = count;
  return config;
}

/// Runs one node to its end on a transport that is connected to its peers; call in its own thread.
/// @throws std::runtime_error if it is not finished within a minute.
inline void run_node(Node& node, Transport& transport) {
  const auto start = std::chrono::steady_clock::now();
  while (node.state() != Node::State::finished) {
    const auto now = std::chrono::steady_clock::now();
    if (now - start > std::chrono::minutes(1)) throw std::runtime_error("node did not finish");
    while (const auto packet = transport.receive(std::chrono::milliseconds(0))) {
      node.on_packet(*packet);
    }
    const bool progressed = node.advance(now);
    if (node.state() == Node::State::ended) node.leave(now);
    if (progressed || node.state() == Node::State::finished) continue;
    if (const auto packet = transport.receive(std::chrono::milliseconds(20))) {
      node.on_packet(*packet);
    } else {
      for (const auto& change : transport.connection_changes()) node.on_connection(change, now);
    }
  }
}

/// Runs every machine as a node on its own transport in its own thread.
inline ClusterEnd threaded_end(std::vector<std::unique_ptr<Machine>> machines,
                               const LinkModel& links, Round round_count,
                               std::vector<std::unique_ptr<Transport>>& transports) {
  ClusterEnd end{std::vector<std::uint64_t>(machines.size()), {}};
  std::vector<std::map<ProcessId, PeerTraffic>> traffic(machines.size());
  std::vector<std::jthread> threads;
  for (std::size_t i = 0; i < machines.size(); ++i) {
    for (const ProcessId peer : peers_of(*machines[i], round_count)) {
      transports[i]->connect(peer, transports[index_of(peer)]->endpoint());
    }
  }
  for (std::size_t i = 0; i < machines.size(); ++i) {
    threads.emplace_back([&, i] {
      NodeConfig config = node_config(i, machines.size(), round_count);
      config.greeting.endpoint = transports[i]->endpoint();
      Node node(config, *machines[i], links, *transports[i],
                {[](ProcessId, Round, std::span<const Sample>) {}, [](const std::string&) {}});
      run_node(node, *transports[i]);
      traffic[i] = node.traffic();
      end.digests[i] = node.digest();
    });
  }
  threads.clear();
  for (std::size_t i = 0; i < machines.size(); ++i) {
    for (const auto& [peer, sent] : traffic[i]) end.traffic[{process_id(i), peer}] = sent.data;
  }
  return end;
}

}  // namespace tacit::testing
