// Goal: no file makes the GraphML reader crash, hang or leak; a graph that is read survives being
// written and read again.
#include <cstddef>
#include <cstdint>

#include "common/base/check.h"
#include "common/base/error.h"
#include "common/graph/graphml.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const tacit::Graph graph =
        tacit::read_graphml({reinterpret_cast<const char*>(data), size}, "fuzz.graphml");
    const tacit::Graph again = tacit::read_graphml(tacit::write_graphml(graph), "written");
    TACIT_CHECK(again.node_count() == graph.node_count() && again.edges() == graph.edges(),
                "a graph survives being written and read");
  } catch (const tacit::InputError&) {
  }
  return 0;
}
