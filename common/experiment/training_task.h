#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace tacit {

/// Called now and then by long work with how much of this attempt is done, in [0, 1], and a few
/// words about what it has found; throws to give up.
using ReportProgress = std::function<void(double done, const std::string& words)>;

/// What training leaves behind.
struct TrainingOutcome {
  std::string record;  ///< for people: JSON object of what was tried, and how good it is
  std::vector<std::byte> content;  ///< for the agents; only the system that wrote it can read it
};

/// Something that must be learned before a run, once: the outcome is kept as an artifact and found
/// again by `key`.
struct TrainingTask {
  std::string name;       ///< of its file: small letters, digits and hyphens, "grid-double"
  std::string made_from;  ///< everything that the outcome depends on, as text for people
  std::uint64_t key = 0;  ///< of made_from
  std::function<TrainingOutcome(const ReportProgress&)> train;  ///< pure: the same bits every time
};

/// Outcomes of training (TrainingOutcome::content) by key, as the agents of a run are given them.
using Policies = std::map<std::uint64_t, std::shared_ptr<const std::vector<std::byte>>>;

}  // namespace tacit
