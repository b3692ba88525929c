#include "deploy/cli/restart_budget.h"

#include <algorithm>

namespace tacit {
namespace {

constexpr std::chrono::milliseconds kFirstPause{100};

}  // namespace

std::optional<std::chrono::milliseconds> RestartBudget::pause_after_death(TimePoint now) {
  if (now - started_ >= kLongLife) deaths_ = 0;
  if (++deaths_ > kRestartsMost) return std::nullopt;
  if (deaths_ == 1) return std::chrono::milliseconds(0);
  return std::min(kLongestPause, kFirstPause * (1 << (deaths_ - 2)));
}

}  // namespace tacit
