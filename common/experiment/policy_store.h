#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "common/experiment/training_task.h"
#include "common/results/artifact.h"

namespace tacit {

/// A folder of training outcomes, each in a file NAME-KEY.policy.
class PolicyStore {
 public:
  /// @param folder  need not exist until an outcome is saved
  explicit PolicyStore(std::filesystem::path folder) : folder_(std::move(folder)) {}

  const std::filesystem::path& folder() const { return folder_; }

  /// The file of a task's outcome, or with another ending a file beside it.
  std::filesystem::path path_of(const std::string& name, std::uint64_t key,
                                const std::string& ending = ".policy") const;

  bool has(const TrainingTask& task) const;

  /// @throws InputError (run_folder)
  void make_folder() const;

  /// Writes the file atomically and durably: training may have taken minutes.
  /// @throws InputError (run_folder)
  void save(const Artifact& artifact) const;

  /// @throws InputError with the remedy: unreadable_input if the file does not exist; bad_data if
  ///         it is damaged, of another format version or of another task
  Artifact load(const TrainingTask& task) const;

 private:
  std::filesystem::path folder_;
};

/// The contents of artifacts by key, as agents get them.
Policies policies_of(std::span<const Artifact> artifacts);

/// The task whose outcome has this key.
/// @pre there is one: keys come from System::policy_key
const TrainingTask& task_with_key(std::span<const TrainingTask> tasks, std::uint64_t key);

}  // namespace tacit
