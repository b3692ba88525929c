// Goal: no file makes the readers of graphs crash, hang or leak; a graph that is read survives
// being written and read again, with its names.
// Method: an input that begins with < or a byte order mark is GraphML, one with a [ is GML, and any
// other a list of edges.
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

#include "common/base/check.h"
#include "common/base/error.h"
#include "common/graph/edge_file.h"
#include "common/graph/gml.h"
#include "common/graph/graphml.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const bool is_xml = text.starts_with('<') || text.starts_with('\xff') || text.starts_with('\xfe');
  const auto read_draft = [&] {
    if (is_xml) return tacit::read_graphml(text, "fuzz");
    if (text.find('[') != std::string_view::npos) return tacit::read_gml(text, "fuzz");
    return tacit::read_edge_file(text, "fuzz");
  };
  const auto named = [](tacit::GraphDraft draft) {
    return tacit::simple_graph(std::move(draft), tacit::ParallelEdges::merge, "fuzz");
  };
  try {
    const tacit::NamedGraph read = named(read_draft());
    const tacit::NamedGraph again =
        named(tacit::read_graphml(tacit::write_graphml(read.graph, read.names), "written"));
    TACIT_CHECK(again.graph.node_count() == read.graph.node_count() &&
                    again.graph.edges() == read.graph.edges(),
                "a graph survives being written and read");
    TACIT_CHECK(again.names == read.names, "and so do its names");
  } catch (const tacit::InputError&) {
  }
  return 0;
}
