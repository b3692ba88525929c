#include "common/experiment/policy_store.h"

#include <algorithm>

#include "common/base/check.h"
#include "common/base/digest.h"
#include "common/base/error.h"
#include "common/results/files.h"

namespace tacit {

std::filesystem::path PolicyStore::path_of(const std::string& name, std::uint64_t key,
                                           const std::string& ending) const {
  return folder_ / (name + "-" + to_hex(key) + ending);
}

bool PolicyStore::has(const TrainingTask& task) const {
  std::error_code ignored;
  return std::filesystem::exists(path_of(task.name, task.key), ignored);
}

void PolicyStore::make_folder() const {
  std::error_code error;
  make_folders(folder_, error);
  if (error) {
    throw InputError(ExitCode::run_folder, "cannot make the folder of policies " +
                                               folder_.string() + ": " + error.message() +
                                               "; choose another one with --policies");
  }
}

void PolicyStore::save(const Artifact& artifact) const {
  make_folder();
  const auto bytes = encode_artifact(artifact);
  write_durably(path_of(artifact.name, artifact.key),
                {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

Artifact PolicyStore::load(const TrainingTask& task) const {
  const auto path = path_of(task.name, task.key);
  if (!has(task)) {
    throw InputError(ExitCode::unreadable_input,
                     path.string() + ": there is no such policy: 'tacit train FILE --policies " +
                         folder_.string() +
                         "' makes it, with the same experiment file and the same -s overrides");
  }
  const std::string text = read_text(path);
  const auto read = [&] {
    try {
      return decode_artifact(std::as_bytes(std::span(text)), path.string());
    } catch (const InputError& error) {
      throw InputError(error.code(),
                       std::string(error.what()) + ": 'tacit train FILE --again' makes it anew");
    }
  };
  Artifact artifact = read();
  if (artifact.key != task.key || artifact.name != task.name) {
    throw InputError(ExitCode::bad_data,
                     path.string() + ": this is the policy " + artifact.name + "-" +
                         to_hex(artifact.key) +
                         " under another name: 'tacit train FILE --again' makes the right one");
  }
  return artifact;
}

Policies policies_of(std::span<const Artifact> artifacts) {
  Policies policies;
  for (const Artifact& artifact : artifacts) {
    policies[artifact.key] = std::make_shared<const std::vector<std::byte>>(artifact.content);
  }
  return policies;
}

const TrainingTask& task_with_key(std::span<const TrainingTask> tasks, std::uint64_t key) {
  const auto found = std::ranges::find(tasks, key, &TrainingTask::key);
  TACIT_CHECK(found != tasks.end(), "an agent needs only what its system knows how to train");
  return *found;
}

}  // namespace tacit
