// Goal: what is inside of a checkpoint, whatever it is, is refused by the node that is to go on
// from it, or the node goes on: it saves what it has read, and works. (Around it is an artifact
// with its checksum: artifact_fuzz.)
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "common/base/check.h"
#include "common/base/error.h"
#include "common/graph/graph.h"
#include "common/round/node.h"
#include "common/simulation/simulated_network.h"
#include "tests/support/folding_machine.h"

namespace tacit {
namespace {

constexpr Round kRounds = 100;

class AllUp final : public LinkModel {
 public:
  bool sends(Edge, Round) const override { return true; }
};

}  // namespace
}  // namespace tacit

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tacit;
  const Graph graph(3, {{0, 1}, {1, 2}});
  testing::FoldingMachine machine(graph, process_id(1), kRounds);
  const AllUp links;
  SimulatedNetwork network(3, {}, 1);
  const auto transport = network.open(process_id(1));
  NodeConfig config;
  config.self = process_id(1);
  config.greeting.endpoint = "1";
  config.round_count = kRounds;
  config.agent_count = 3;
  NodeEvents events{[](ProcessId, Round, std::span<const Sample>) {}, [](const std::string&) {}};
  const auto bytes = std::as_bytes(std::span(data, size));
  if (bytes.empty()) return 0;
  try {
    Node node(config, machine, links, *transport, events, bytes);
    TACIT_CHECK(round_of(bytes) == node.round(), "a node goes on in the round of its checkpoint");
    for (int turn = 0; turn < 3; ++turn) node.advance(TimePoint{} + std::chrono::seconds(turn));
  } catch (const InputError&) {
  }
  return 0;
}
