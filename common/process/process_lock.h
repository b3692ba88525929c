#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>

namespace tacit {

/// Holds a lock file for life, so that nobody else plays the same part here.
class ProcessLock {
 public:
  /// Makes the folder, too. The file says who holds it.
  /// @param objection  what to tell whoever comes second, before the name of the file
  /// @throws InputError: mismatch if another holds it; run_folder if it cannot be written
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

/// Who holds a lock file at this moment; nothing if nobody does.
std::optional<LockHolder> holder_of(const std::filesystem::path& path);

/// Of this machine.
std::string host_name();

}  // namespace tacit
