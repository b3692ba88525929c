#pragma once

#include <filesystem>

#include "common/process/process_lock.h"
#include "common/rendezvous/folder_rendezvous.h"

namespace tacit {

/// What a second process with the same id is told.
inline constexpr const char* kTaken =
    "another process already plays this one: every process has its own --id";

/// This process's place in a rendezvous folder: locked while it lives, its record withdrawn when it
/// ends, however it ends.
class FolderPlace {
 public:
  /// @param proposed_run  the run id, if nobody was here before
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
