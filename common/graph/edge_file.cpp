#include "common/graph/edge_file.h"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "common/base/plain_text.h"

namespace tacit {
namespace {

constexpr std::string_view kBlanks = " \t";

std::string_view trimmed(std::string_view text) {
  const std::size_t first = std::min(text.find_first_not_of(kBlanks), text.size());
  text.remove_prefix(first);
  return text.substr(0, text.find_last_not_of(kBlanks) + 1);
}

/// Takes the text up to the next separator, and the separator.
std::string_view take_field(std::string_view& line, std::string_view separators) {
  const std::size_t end = std::min(line.find_first_of(separators), line.size());
  const std::string_view field = trimmed(line.substr(0, end));
  line = trimmed(line.substr(std::min(end + 1, line.size())));
  if (field.size() < 2 || field.front() != '"' || field.back() != '"') return field;
  return field.substr(1, field.size() - 2);
}

bool is_header(std::string_view from, std::string_view to) {
  const auto are = [&](std::string_view first, std::string_view second) {
    const auto equal = [](std::string_view text, std::string_view small) {
      return std::ranges::equal(text, small, {}, [](char c) {
        return 'A' <= c && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
      });
    };
    return equal(from, first) && equal(to, second);
  };
  return are("source", "target") || are("from", "to");
}

}  // namespace

GraphDraft read_edge_file(std::string_view file_text, const std::string& origin) {
  const std::string plain = plain_text(file_text, origin, ExitCode::config);
  std::string_view text = plain;
  GraphDraft draft;
  std::map<std::string, std::size_t, std::less<>> index_of_id;
  std::vector<std::string> ids;
  bool is_first = true;
  for (std::size_t line_number = 1; !text.empty(); ++line_number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty() || line.front() == '#' || line.front() == '%') continue;
    const bool has_commas = line.find_first_of(",;") != std::string_view::npos;
    const std::string_view separators = has_commas ? ",;" : kBlanks;
    const std::string_view from = take_field(line, separators);
    const std::string_view to = take_field(line, separators);
    if (from.empty() || to.empty()) {
      refuse_graph(origin, line_number, "expected two nodes, as in \"0 1\" or \"Wien, Graz\"");
    }
    if (std::exchange(is_first, false) && is_header(from, to)) continue;
    const auto index = [&](std::string_view id) {
      const auto [found, is_new] = index_of_id.try_emplace(std::string(id), ids.size());
      if (is_new) ids.emplace_back(id);
      return found->second;
    };
    const std::size_t first = index(from);
    draft.edges.push_back({first, index(to), false, line_number});
    if (ids.size() > kNodesMost) refuse_graph(origin, line_number, "more than 1,000,000 nodes");
    if (draft.edges.size() > kEdgesMost) {
      refuse_graph(origin, line_number, "more than 10,000,000 edges");
    }
  }
  if (draft.edges.empty()) refuse_graph(origin, 1, "no edges in it");
  const std::vector<std::size_t> agents = agents_of(ids);
  draft.names.resize(ids.size());
  for (std::size_t k = 0; k < ids.size(); ++k) draft.names[agents[k]] = plain_name(ids[k]);
  for (GraphDraft::Edge& edge : draft.edges) {
    edge.from = agents[edge.from];
    edge.to = agents[edge.to];
  }
  return draft;
}

}  // namespace tacit
