#include "common/graph/graph_draft.h"

#include <algorithm>
#include <boost/locale/encoding_utf.hpp>
#include <charconv>
#include <cstdint>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "common/base/error.h"
#include "common/base/listed.h"
#include "common/base/printable.h"
#include "common/base/whole_number.h"

namespace tacit {
namespace {

std::optional<std::size_t> number_of(std::string_view id) {
  if (id.starts_with('n')) id.remove_prefix(1);
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), value);
  if (error != std::errc() || end != id.data() + id.size()) return std::nullopt;
  return value;
}

/// Counts of the edges between two nodes a < b.
struct Bundle {
  std::size_t forwards = 0;
  std::size_t backwards = 0;
  std::size_t undirected = 0;

  /// Whether there are more edges than one undirected edge or two opposite arcs.
  bool is_parallel() const {
    return undirected > 0 ? undirected + forwards + backwards > 1 : forwards > 1 || backwards > 1;
  }
};

/// A count of things that were left out, and the first of them.
struct LeftOut {
  std::size_t count = 0;
  std::string first;

  void add(const std::string& what, std::size_t line) {
    if (count++ == 0) first = what + " in line " + std::to_string(line);
  }
};

std::string several(std::size_t count, const std::string& one, const std::string& many) {
  return count == 1 ? "1 " + one : std::to_string(count) + " " + many;
}

}  // namespace

NamedGraph simple_graph(GraphDraft draft, ParallelEdges parallel, const std::string& origin) {
  std::map<std::pair<std::size_t, std::size_t>, Bundle> bundles;
  std::vector<std::pair<std::size_t, std::size_t>> edges;
  LeftOut loops, merged;
  for (const GraphDraft::Edge& edge : draft.edges) {
    const std::string& from = draft.names[edge.from];
    if (edge.from == edge.to) {
      loops.add(from, edge.line);
      continue;
    }
    const auto ends = std::minmax(edge.from, edge.to);
    const auto [found, is_new] = bundles.try_emplace(ends);
    Bundle& bundle = found->second;
    ++(!edge.is_directed         ? bundle.undirected
       : edge.from == ends.first ? bundle.forwards
                                 : bundle.backwards);
    if (is_new) edges.emplace_back(ends);
    if (!bundle.is_parallel()) continue;
    const std::string between = from + " - " + draft.names[edge.to];
    if (parallel == ParallelEdges::refuse) {
      refuse_graph(origin, edge.line,
                   "the edge " + between +
                       " is there already; graph.parallel = \"merge\" takes such edges for one");
    }
    merged.add(between, edge.line);
  }
  NamedGraph read{Graph(draft.names.size(), edges)};
  for (std::size_t k = 0; k < draft.names.size(); ++k) {
    if (draft.names[k].empty()) draft.names[k] = std::to_string(k);
  }
  if (merged.count > 0) {
    read.notes.push_back(origin + ": " +
                         several(merged.count, "parallel edge was", "parallel edges were") +
                         " merged into others, the first " + merged.first +
                         " (graph.parallel = \"refuse\" refuses them)");
  }
  if (loops.count > 0) {
    read.notes.push_back(
        origin + ": " +
        several(loops.count, "edge from a node to itself was", "edges from a node to itself were") +
        " left out, the first at " + loops.first);
  }
  for (std::size_t k = 0; k < draft.names.size(); ++k) {
    if (number_of(draft.names[k]) == k) continue;
    read.names = std::move(draft.names);
    break;
  }
  return read;
}

std::vector<std::size_t> agents_of(const std::vector<std::string>& ids) {
  std::vector<std::size_t> agents;
  std::set<std::size_t> numbers;
  for (const std::string& id : ids) {
    const std::optional<std::size_t> number = number_of(id);
    if (!number || *number >= ids.size() || !numbers.insert(*number).second) break;
    agents.push_back(*number);
  }
  if (agents.size() == ids.size()) return agents;
  agents.resize(ids.size());
  for (std::size_t k = 0; k < ids.size(); ++k) agents[k] = k;
  return agents;
}

std::size_t choose_graph(const std::vector<std::string>& names, const std::string& wanted,
                         const std::string& origin, std::size_t line) {
  constexpr std::size_t kNamedMost = 20;
  if (names.size() == 1 && wanted.empty()) return 0;
  const std::optional<std::int64_t> number = whole_number(wanted);
  std::vector<std::size_t> chosen;
  for (std::size_t k = 0; k < names.size(); ++k) {
    if (!wanted.empty() && names[k] == wanted) chosen.push_back(k);
  }
  if (chosen.size() == 1) return chosen.front();
  if (chosen.empty() && number && 0 <= *number && *number < std::ssize(names)) {
    return static_cast<std::size_t>(*number);
  }
  const std::string problem = wanted.empty()   ? "more than one graph"
                              : chosen.empty() ? "no graph \"" + plain_name(wanted) + "\""
                                               : "several graphs \"" + plain_name(wanted) + "\"";
  const auto shown = [&](std::size_t k) {
    return std::to_string(k) + (names[k].empty() ? "" : " (\"" + names[k] + "\")");
  };
  refuse_graph(origin, line,
               problem + " in the file: set graph.name to one of these, by number or name: " +
                   listed(names.size(), shown, kNamedMost));
}

std::string plain_name(std::string_view text) {
  constexpr std::size_t kLettersMost = 40;
  std::u32string letters =
      boost::locale::conv::utf_to_utf<char32_t>(text.data(), text.data() + text.size());
  std::u32string plain;
  for (const char32_t letter : letters) {
    const auto as_bytes = boost::locale::conv::utf_to_utf<char>(&letter, &letter + 1);
    if (is_printable(as_bytes) && !(letter == U' ' && (plain.empty() || plain.back() == U' '))) {
      plain.push_back(letter);
    } else if (!plain.empty() && plain.back() != U' ') {
      plain.push_back(U' ');
    }
  }
  while (plain.ends_with(U' ')) plain.pop_back();
  if (plain.size() > kLettersMost) plain = plain.substr(0, kLettersMost) + U"...";
  return boost::locale::conv::utf_to_utf<char>(plain);
}

void refuse_graph(const std::string& origin, std::size_t line, const std::string& message) {
  throw InputError(ExitCode::config, origin + ":" + std::to_string(line) + ": " + message);
}

}  // namespace tacit
