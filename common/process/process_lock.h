#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>

namespace tacit {

/// Holds a lock file while it exists, so that no other process runs with the same id in this
/// folder.
class ProcessLock {
 public:
  /// Makes the folder, too. The file names the process that holds it.
  /// @param objection  error message for a second process; the name of the file follows it
  /// @throws InputError: mismatch if another process holds the lock; run_folder if the file cannot
  ///         be written
  ProcessLock(const std::filesystem::path& path, const std::string& objection);
  ~ProcessLock();
  ProcessLock(const ProcessLock&) = delete;
  ProcessLock& operator=(const ProcessLock&) = delete;

 private:
  int descriptor_;
};

struct LockHolder {
  pid_t process;
  std::string host;
};

/// The process that holds a lock file at this moment; nothing if none does.
std::optional<LockHolder> holder_of(const std::filesystem::path& path);

/// The name of this machine.
std::string host_name();

}  // namespace tacit
