#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "coordinator/rendezvous/registration.h"

namespace tacit {

/// What a process leaves in the folder where processes meet.
std::string record_text(const Registration& registration);

/// @throws InputError (mismatch): not a record, or of another process than `id`; names the origin
Registration parse_record(std::string_view text, ProcessId id, const std::string& origin);

/// Processes that share a disk meet in a folder: a record for each, and the run's id, which is
/// whoever came first's proposal. Needs no coordinator.
class FolderRendezvous {
 public:
  /// @param folder       made if it does not exist
  /// @param proposed_run the run id, if nobody was here before
  /// @throws InputError (run_folder) if the folder cannot be written.
  FolderRendezvous(std::filesystem::path folder, std::uint64_t proposed_run);

  std::uint64_t run() const { return run_; }

  /// Writes this process's record, whole or not at all.
  void publish(const Registration& registration) const;
  /// Removes this process's record, so that nobody connects to an endpoint that is gone.
  void withdraw(ProcessId id) const;

  /// Whether a process is here: has come, and not left of its own accord.
  bool has_record(ProcessId id) const;

  /// @return nothing if the process has not come yet
  /// @throws InputError (mismatch) if its record is not one, naming the file.
  std::optional<Registration> find(ProcessId id) const;

 private:
  std::filesystem::path record_path(ProcessId id) const;

  std::filesystem::path folder_;
  std::uint64_t run_ = 0;
};

}  // namespace tacit
