#include "common/proximity/contact_forecast.h"

#include <stdexcept>
#include <utility>

namespace tacit {
namespace {

using Index = KnownPoints::Index;

std::vector<std::vector<Index>> reversed(const Motion& motion) {
  std::vector<std::vector<Index>> before(motion.points.size());
  if (motion.next.size() != motion.points.size()) {
    throw std::invalid_argument("ContactForecast: every point needs its next ones");
  }
  for (std::size_t p = 0; p < motion.next.size(); ++p) {
    for (const Index q : motion.next[p]) {
      if (q >= before.size()) {
        throw std::invalid_argument("ContactForecast: a next point is none of the points");
      }
      before[q].push_back(static_cast<Index>(p));
    }
  }
  return before;
}

}  // namespace

/// Backwards from the pairs that hear each other. A round is two half steps, of one agent and then
/// of the other, so that every pair is come to twice and not once for every pair of moves.
ContactForecast::ContactForecast(std::unique_ptr<LinkModel> links, std::size_t agent_count,
                                 const Motion& motion)
    : links_(std::move(links)), agent_count_(agent_count), points_(motion.points) {
  const std::vector<std::vector<Index>> before = reversed(motion);
  const std::size_t count = points_.size();
  constexpr auto kUnreached = static_cast<std::uint8_t>(kQuietRoundsMost + 1);
  std::vector<std::uint8_t>& rounds = quiet_rounds_;  // at first: until they may hear each other
  rounds.assign(count * count, kUnreached);
  std::vector<bool> is_half_way(count * count, false);
  std::vector<std::pair<Index, Index>> reached;
  const Edge edge{process_id(0), process_id(1)};
  for (std::size_t a = 0; a < count; ++a) {
    for (std::size_t b = 0; b < count; ++b) {
      if (!links_->hears(edge, 0, points_[a], points_[b])) continue;
      rounds[a * count + b] = 0;
      reached.emplace_back(static_cast<Index>(a), static_cast<Index>(b));
    }
  }
  for (std::uint8_t round = 1; round < kUnreached && !reached.empty(); ++round) {
    std::vector<std::pair<Index, Index>> half_way;
    for (const auto& [a, b] : reached) {
      for (const Index from : before[a]) {
        if (is_half_way[from * count + b]) continue;
        is_half_way[from * count + b] = true;
        half_way.emplace_back(from, b);
      }
    }
    reached.clear();
    for (const auto& [a, b] : half_way) {
      for (const Index from : before[b]) {
        if (rounds[a * count + from] != kUnreached) continue;
        rounds[a * count + from] = round;
        reached.emplace_back(a, from);
      }
    }
  }
  for (std::uint8_t& until : rounds) {
    if (until > 0) --until;
  }
}

Round ContactForecast::quiet_rounds(Edge edge, Point from, Point to) const {
  if (index_of(edge.from) >= agent_count_ || index_of(edge.to) >= agent_count_) return 0;
  const std::size_t a = points_.find(from);
  const std::size_t b = points_.find(to);
  if (a == KnownPoints::kNowhere || b == KnownPoints::kNowhere) return 0;
  return quiet_rounds_[a * points_.size() + b];
}

}  // namespace tacit
