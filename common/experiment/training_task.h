#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace tacit {

/// Called from time to time by training with the part of this attempt that is done, in [0, 1], and
/// a few words on its results; may throw to abort the training.
using ReportProgress = std::function<void(double done, const std::string& words)>;

/// The outcome of training.
struct TrainingOutcome {
  std::string record;              ///< for people: JSON object with the attempts and their quality
  std::vector<std::byte> content;  ///< for the agents; only its system can read it
};

/// A training that must be done once before a run; its outcome is stored as an artifact and found
/// by `key`.
struct TrainingTask {
  std::string name;       ///< of its file: lower-case letters, digits, hyphens: "grid-double"
  std::string made_from;  ///< all that the outcome depends on, as text for people
  std::uint64_t key = 0;  ///< hash of made_from
  std::function<TrainingOutcome(const ReportProgress&)> train;  ///< pure: the same bits every time
};

/// Outcomes of training (TrainingOutcome::content) by key, as the agents of a run get them.
using Policies = std::map<std::uint64_t, std::shared_ptr<const std::vector<std::byte>>>;

}  // namespace tacit
