#pragma once

#include <optional>
#include <vector>

#include "common/link/schedule.h"

namespace tacit {

/// Frames of one link, of all links of one process, or of all links that take longer.
struct LinkDelay {
  std::optional<ProcessId> process;  ///< nothing: every link
  std::optional<ProcessId> peer;     ///< nothing: every link of `process`
  RoundInterval rounds;              ///< in which frames are sent late
  Round delay;  ///< >= 1: the frame of round k carries what was given at k - delay
};

/// Planned delays, alike in both directions; the greatest of those that meet counts.
class LinkDelays {
 public:
  LinkDelays() = default;
  explicit LinkDelays(std::vector<LinkDelay> delays);
  bool empty() const { return delays_.empty(); }
  const std::vector<LinkDelay>& all() const { return delays_; }
  Round longest() const { return longest_; }
  /// By how many rounds the frame that edge.from sends in `round` is late.
  Round of(Edge edge, Round round) const;

 private:
  std::vector<LinkDelay> delays_;
  Round longest_ = 0;
};

}  // namespace tacit
