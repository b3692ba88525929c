#include "common/link/link_delays.h"

#include <algorithm>

namespace tacit {
namespace {

bool hits(const LinkDelay& delay, Edge edge) {
  if (!delay.process) return true;
  const auto is_from = [&](ProcessId one, ProcessId other) {
    return one == *delay.process && other == delay.peer.value_or(other);
  };
  return is_from(edge.from, edge.to) || is_from(edge.to, edge.from);
}

}  // namespace

LinkDelays::LinkDelays(std::vector<LinkDelay> delays) : delays_(std::move(delays)) {
  for (const LinkDelay& delay : delays_) longest_ = std::max(longest_, delay.delay);
}

Round LinkDelays::of(Edge edge, Round round) const {
  Round late = 0;
  for (const LinkDelay& delay : delays_) {
    const bool is_now = delay.rounds.from <= round && round < delay.rounds.to;
    if (is_now && hits(delay, edge)) late = std::max(late, delay.delay);
  }
  return late;
}

}  // namespace tacit
