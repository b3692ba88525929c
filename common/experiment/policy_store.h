#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "common/experiment/training_task.h"
#include "common/results/artifact.h"

namespace tacit {

/// Where the outcomes of training are kept: a folder with a file NAME-KEY.policy for each.
class PolicyStore {
 public:
  /// @param folder  need not exist as long as nothing is saved
  explicit PolicyStore(std::filesystem::path folder) : folder_(std::move(folder)) {}

  const std::filesystem::path& folder() const { return folder_; }

  /// The file of a task's outcome, with another ending where it is not the outcome itself.
  std::filesystem::path path_of(const std::string& name, std::uint64_t key,
                                const std::string& ending = ".policy") const;

  bool has(const TrainingTask& task) const;

  /// @throws InputError (run_folder)
  void make_folder() const;

  /// Writes the file, whole or not at all, and durably: it may have taken minutes to train.
  /// @throws InputError (run_folder)
  void save(const Artifact& artifact) const;

  /// @throws InputError with the remedy: unreadable_input if it is not there; bad_data if it is
  ///         damaged, of another format version or another task's
  Artifact load(const TrainingTask& task) const;

 private:
  std::filesystem::path folder_;
};

/// What agents are given of artifacts.
Policies policies_of(std::span<const Artifact> artifacts);

/// The task whose outcome has this key.
/// @pre there is one: keys come from System::policy_key
const TrainingTask& task_with_key(std::span<const TrainingTask> tasks, std::uint64_t key);

}  // namespace tacit
