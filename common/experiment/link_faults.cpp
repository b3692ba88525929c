#include "common/experiment/link_faults.h"

#include <algorithm>
#include <optional>
#include <string>

#include "common/base/whole_number.h"
#include "common/experiment/planned_failures.h"

namespace tacit {
namespace {

constexpr double kRoundMost = static_cast<double>(kExactMost);
constexpr double kDelayMost = 1000;

RoundInterval read_rounds(const ConfigView& table) {
  for (const char* key : {"from", "to"}) {
    if (!table.has(key)) table.fail(key, "missing; failures last for rounds from <= k < to");
  }
  const Round from = table.integer("from", 0, {0, kRoundMost});
  const Round to = table.integer("to", 0, {0, kRoundMost});
  if (to <= from) table.fail("to", "must be after from = " + std::to_string(from));
  return {from, to};
}

/// The ends of link = [a, b], where b may be the coordinator, to which every agent has a link.
std::pair<ProcessId, ProcessId> read_link(const ConfigView& table, const Graph& graph) {
  const auto agent_count = static_cast<std::int64_t>(graph.node_count());
  std::vector<std::int64_t> ends =
      table.integers("link", {}, {0, static_cast<double>(agent_count)});
  if (ends.size() != 2) table.fail("link", "expected two processes, such as [3, 4]");
  const auto [low, high] = std::minmax(ends[0], ends[1]);
  const ProcessId a = process_id(static_cast<std::size_t>(low));
  const ProcessId b = process_id(static_cast<std::size_t>(high));
  const bool is_link =
      low != high && (high == agent_count || std::ranges::binary_search(graph.neighbours(a), b));
  if (!is_link) {
    table.fail("link", "agents " + to_string(a) + " and " + to_string(b) +
                           " are no neighbours in the graph");
  }
  return {a, b};
}

/// The links of an entry: all of one process, a single one, or nothing if neither is given.
struct Extent {
  std::optional<ProcessId> process;
  std::optional<ProcessId> peer;
};

Extent read_extent(const ConfigView& table, const Graph& graph) {
  if (table.has("process") && table.has("link")) {
    table.fail("process", "either process = 3 (all its links) or link = [3, 4]");
  }
  if (table.has("process")) {
    const double last = static_cast<double>(graph.node_count());
    return {process_id(static_cast<std::size_t>(table.integer("process", 0, {0, last}))), {}};
  }
  if (!table.has("link")) return {};
  const auto [a, b] = read_link(table, graph);
  return {a, b};
}

Outage read_outage(const ConfigView& table, const Graph& graph) {
  const Extent extent = read_extent(table, graph);
  if (!extent.process) {
    table.fail("process", "an outage needs either process = 3 (all its links) or link = [3, 4]");
  }
  return {*extent.process, extent.peer, read_rounds(table)};
}

Partition read_partition(const ConfigView& table, std::size_t agent_count) {
  Partition partition;
  partition.rounds = read_rounds(table);
  if (!table.has("groups")) table.fail("groups", "missing; such as [[0, 1], [2, 3]]");
  std::vector<int> times(agent_count + 1, 0);
  for (const auto& members : table.integer_lists("groups")) {
    std::vector<ProcessId>& group = partition.groups.emplace_back();
    for (const std::int64_t member : members) {
      if (member < 0 || member > static_cast<std::int64_t>(agent_count)) {
        table.fail("groups", "there is no process " + std::to_string(member) + "; agents are 0.." +
                                 std::to_string(agent_count - 1) + ", the coordinator is " +
                                 std::to_string(agent_count));
      }
      group.push_back(process_id(static_cast<std::size_t>(member)));
      if (++times[index_of(group.back())] == 2) {
        table.fail("groups", "process " + std::to_string(member) + " stands in the groups twice");
      }
    }
  }
  return partition;
}

LinkDelay read_delay(const ConfigView& table, const Graph& graph) {
  const Extent extent = read_extent(table, graph);
  if (!table.has("rounds")) table.fail("rounds", "missing; by how many rounds frames are late");
  const Round delay = table.integer("rounds", 1, {1, kDelayMost});
  const bool is_limited = table.has("from") || table.has("to");
  const RoundInterval always{0, static_cast<Round>(kRoundMost)};
  return {extent.process, extent.peer, is_limited ? read_rounds(table) : always, delay};
}

std::string target_name(const std::optional<ProcessId>& process,
                        const std::optional<ProcessId>& peer) {
  if (!process) return "all";
  return to_string(*process) + (peer ? "-" + to_string(*peer) : "");
}

std::string target_name(const std::vector<std::vector<ProcessId>>& groups) {
  std::string text;
  for (const auto& group : groups) {
    if (!text.empty()) text += '|';
    for (const ProcessId member : group) {
      text += (text.empty() || text.back() == '|' ? "" : " ") + to_string(member);
    }
  }
  return text;
}

FaultRecord record_of(const std::string& kind, const std::string& target,
                      const RoundInterval& rounds, Round round_count) {
  const Round end = std::min(rounds.to, round_count + 1);
  if (rounds.from >= end) return {kind, "", target, rounds.from, {}, 0};
  return {kind,        "",          target,
          rounds.from, rounds.from, static_cast<std::uint64_t>(end - rounds.from)};
}

}  // namespace

LinkFaults read_link_faults(const ConfigView& root, const Graph& graph) {
  LinkFaults faults;
  std::vector<LinkDelay> delays;
  for (const ConfigView& table : root.tables("faults")) {
    const std::string kind = read_fault_kind(table);
    if (kind == "outage") faults.outages.push_back(read_outage(table, graph));
    if (kind == "partition") {
      faults.partitions.push_back(read_partition(table, graph.node_count()));
    }
    if (kind == "delay") delays.push_back(read_delay(table, graph));
  }
  faults.delays = LinkDelays(std::move(delays));
  return faults;
}

std::vector<FaultRecord> records_of(const LinkFaults& faults, Round round_count) {
  std::vector<FaultRecord> records;
  for (const Outage& outage : faults.outages) {
    records.push_back(
        record_of("outage", target_name(outage.process, outage.peer), outage.rounds, round_count));
  }
  for (const Partition& partition : faults.partitions) {
    records.push_back(
        record_of("partition", target_name(partition.groups), partition.rounds, round_count));
  }
  for (const LinkDelay& delay : faults.delays.all()) {
    records.push_back(
        record_of("delay", target_name(delay.process, delay.peer), delay.rounds, round_count));
  }
  return records;
}

}  // namespace tacit
