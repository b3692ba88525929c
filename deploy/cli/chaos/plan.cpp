#include "deploy/cli/chaos/plan.h"

#include <algorithm>
#include <map>

#include "common/base/random.h"
#include "deploy/cli/restart_budget.h"

namespace tacit {
namespace {

constexpr std::uint64_t kNear = 30;  // rounds
constexpr std::uint64_t kLongestPause_ms = 500;
constexpr std::uint64_t kLongestRealPause_ms = 50;

/// Draws a plan, entry by entry.
class Draw {
 public:
  Draw(const ChaosShape& shape, std::uint64_t seed)
      : shape_(shape),
        random_(seed, process_id(0), purpose("chaos.plan"), 0),
        near_(below(2) == 0),
        centre_(below(rounds())) {}

  ChaosPlan plan() {
    if (shape_.fault_count == 0) return {};
    packets("duplicate", 300);
    packets("corrupt", 30);
    if (!shape_.real_processes && below(3) > 0) {
      add("kill", "round=" + std::to_string(round()));
    }
    for (std::size_t k = 0; k < shape_.fault_count; ++k) {
      const std::uint64_t what = below(10);
      if (what < 7) {
        kill();
      } else if (what == 7 || !shape_.has_partitions) {
        pause();
      } else {
        partition();
      }
    }
    return std::move(plan_);
  }

 private:
  std::uint64_t below(std::uint64_t n) {
    std::uint64_t word = random_();
    return split_off(word, n);
  }
  std::uint64_t rounds() const { return static_cast<std::uint64_t>(shape_.round_count) + 1; }
  std::uint64_t round() {
    return near_ ? std::min(rounds() - 1, centre_ + below(kNear)) : below(rounds());
  }

  void add(const std::string& kind, const std::string& rest) {
    plan_.push_back({kind, "{kind=\"" + kind + "\"," + rest + "}"});
  }

  void packets(const std::string& kind, std::uint64_t most_of_thousand) {
    const std::uint64_t odds = below(most_of_thousand + 1);
    if (odds == 0) return;
    const std::string digits = std::to_string(1000 + odds).substr(1);
    add(kind, "probability=0." + digits);
  }

  void kill() {
    const std::uint64_t process = below(shape_.process_count);
    if (shape_.real_processes && ++kills_[process] > kRestartsMost) return;
    std::string text = "process=" + std::to_string(process);
    switch (below(8)) {
      case 0:
        return add("kill", text + ",phase=\"handshake\"");
      case 1:
        return add("kill", text + ",phase=\"end\"");
      case 2:
        text += ",phase=\"checkpoint\"";
        break;
      case 3:
        text += ",phase=\"training\"";
        break;
      default:
        break;
    }
    text += ",round=" + std::to_string(round());
    if (below(4) == 0) text += ",restart_after_ms=" + std::to_string(1 + below(longest_pause_ms()));
    add("kill", text);
  }

  std::uint64_t longest_pause_ms() const {
    return shape_.real_processes ? kLongestRealPause_ms : kLongestPause_ms;
  }

  void pause() {
    const std::string process = std::to_string(below(shape_.process_count));
    const std::string length = std::to_string(1 + below(longest_pause_ms()));
    add("pause",
        "process=" + process + ",round=" + std::to_string(round()) + ",length_ms=" + length);
  }

  /// Some agents receive frames from each other only, for some rounds that end before the run does.
  void partition() {
    if (shape_.round_count < 3 || shape_.agent_count < 2) return;
    const std::uint64_t inside = below(shape_.agent_count);
    const std::uint64_t outside = (inside + 1 + below(shape_.agent_count - 1)) % shape_.agent_count;
    std::string group = std::to_string(inside);
    for (std::uint64_t agent = 0; agent < shape_.agent_count; ++agent) {
      if (below(2) == 0 || agent == inside || agent == outside) continue;
      group += "," + std::to_string(agent);
    }
    const std::uint64_t last = rounds() - 2;  // the latest first round after the partition
    const std::uint64_t from = below(last);
    const std::uint64_t length = 1 + below(std::min<std::uint64_t>(last - from, 1 + last / 4));
    add("partition", "groups=[[" + group + "]],from=" + std::to_string(from) +
                         ",to=" + std::to_string(from + length));
  }

  const ChaosShape& shape_;
  RandomStream random_;
  bool near_;
  std::uint64_t centre_;
  std::map<std::uint64_t, int> kills_;  ///< by process
  ChaosPlan plan_;
};

}  // namespace

ChaosPlan draw_chaos_plan(const ChaosShape& shape, std::uint64_t seed) {
  return Draw(shape, seed).plan();
}

std::string override_of(const ChaosPlan& plan) {
  std::string list;
  for (const ChaosEntry& entry : plan) list += (list.empty() ? "" : ",") + entry.table;
  return "faults=[" + list + "]";
}

ChaosPlan shrink(ChaosPlan plan, const std::function<bool(const ChaosPlan&)>& fails,
                 std::size_t attempts_most) {
  std::size_t attempts = 0;
  for (std::size_t part = (plan.size() + 1) / 2; part > 0; part = part > 1 ? (part + 1) / 2 : 0) {
    for (std::size_t begin = 0; begin < plan.size();) {
      if (attempts++ == attempts_most) return plan;
      ChaosPlan rest = plan;
      const auto first = rest.begin() + static_cast<std::ptrdiff_t>(begin);
      const auto count = std::min(part, rest.size() - begin);
      rest.erase(first, first + static_cast<std::ptrdiff_t>(count));
      if (fails(rest)) {
        plan = std::move(rest);
      } else {
        begin += part;
      }
    }
  }
  return plan;
}

}  // namespace tacit
