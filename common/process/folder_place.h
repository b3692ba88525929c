#pragma once

#include <filesystem>

#include "common/process/process_lock.h"
#include "common/rendezvous/folder_rendezvous.h"

namespace tacit {

/// Error message of a second process with the same id.
inline constexpr const char* kTaken =
    "another process already plays this one: every process has its own --id";

/// This process's registration in a rendezvous folder: holds its lock, and on destruction withdraws
/// its record, also after an error.
class FolderPlace {
 public:
  /// @param proposed_run  the run id, if this is the first process here
  /// @throws InputError as ProcessLock and FolderRendezvous do
  FolderPlace(const std::filesystem::path& folder, ProcessId self, const Greeting& greeting,
              std::uint64_t proposed_run)
      : self_(self),
        lock_(folder / (to_string(self) + ".lock"), kTaken),
        rendezvous_(folder, greeting, proposed_run) {
    rendezvous_.begin_life(self_);
  }
  ~FolderPlace() { rendezvous_.withdraw(self_); }
  FolderPlace(const FolderPlace&) = delete;
  FolderPlace& operator=(const FolderPlace&) = delete;
  const FolderRendezvous& rendezvous() const { return rendezvous_; }

 private:
  ProcessId self_;
  ProcessLock lock_;
  FolderRendezvous rendezvous_;
};

}  // namespace tacit
