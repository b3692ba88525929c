#include "common/link/schedule.h"

#include <algorithm>
#include <limits>
#include <stdexcept>
#include <string>

namespace tacit {
namespace {

bool contains(const RoundInterval& rounds, Round round) {
  return rounds.from <= round && round < rounds.to;
}

void check_interval(const RoundInterval& rounds, const std::string& name) {
  if (rounds.from < 0 || rounds.to <= rounds.from) {
    throw std::invalid_argument(name + ": needs rounds 0 <= from < to");
  }
}

bool hits(const Outage& outage, Edge edge) {
  if (edge.from == outage.process) return !outage.peer || edge.to == *outage.peer;
  return edge.to == outage.process && (!outage.peer || edge.from == *outage.peer);
}

std::vector<std::uint32_t> group_numbers(const Partition& partition, const std::string& name) {
  std::vector<std::uint32_t> group_of;
  for (std::size_t group = 0; group < partition.groups.size(); ++group) {
    for (const ProcessId process : partition.groups[group]) {
      const std::size_t index = index_of(process);
      if (index >= group_of.size()) group_of.resize(index + 1, 0);
      if (group_of[index] != 0) {
        throw std::invalid_argument(name + ": process " + to_string(process) +
                                    " stands in the groups twice");
      }
      group_of[index] = static_cast<std::uint32_t>(group + 1);
    }
  }
  return group_of;
}

}  // namespace

ScheduledLinks::ScheduledLinks(std::vector<Outage> outages,
                               const std::vector<Partition>& partitions)
    : outages_(std::move(outages)), any_{std::numeric_limits<Round>::max(), 0} {
  const auto cover = [&](const RoundInterval& rounds, const std::string& name) {
    check_interval(rounds, name);
    any_ = {std::min(any_.from, rounds.from), std::max(any_.to, rounds.to)};
  };
  for (std::size_t k = 0; k < outages_.size(); ++k) {
    const std::string name = "outage " + std::to_string(k);
    cover(outages_[k].rounds, name);
    if (outages_[k].peer == outages_[k].process) {
      throw std::invalid_argument(name + ": process " + to_string(outages_[k].process) +
                                  " has no link to itself");
    }
  }
  for (std::size_t k = 0; k < partitions.size(); ++k) {
    const std::string name = "partition " + std::to_string(k);
    cover(partitions[k].rounds, name);
    splits_.push_back({group_numbers(partitions[k], name), partitions[k].rounds});
  }
}

std::uint32_t ScheduledLinks::Split::group(ProcessId process) const {
  const std::size_t index = index_of(process);
  return index < group_of.size() ? group_of[index] : 0;
}

bool ScheduledLinks::sends(Edge edge, Round round) const {
  if (!contains(any_, round)) return true;
  for (const Outage& outage : outages_) {
    if (contains(outage.rounds, round) && hits(outage, edge)) return false;
  }
  for (const Split& split : splits_) {
    if (contains(split.rounds, round) && split.group(edge.from) != split.group(edge.to)) {
      return false;
    }
  }
  return true;
}

}  // namespace tacit
