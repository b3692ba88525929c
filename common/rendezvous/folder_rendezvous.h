#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "common/rendezvous/registration.h"

namespace tacit {

/// The text of the record with which a process registers in the rendezvous folder.
std::string record_text(const Registration& registration);

/// @throws InputError (mismatch) naming the origin, if the text is not a record of process `id`
Registration parse_record(std::string_view text, ProcessId id, const std::string& origin);

/// A rendezvous in a folder on a disk that the processes share; needs no coordinator. The folder
/// holds a record for each process, a mark for each process that has ended its run well, and the
/// run id, which the first process proposed, with the computation of that process. Records and
/// marks that are damaged or of another run are ignored; a process that is started again removes
/// its own and writes new ones.
class FolderRendezvous {
 public:
  /// @param folder       made if it does not exist
  /// @param ours         config hash and numeric fingerprint of this process
  /// @param proposed_run the run id, if this is the first process here
  /// @throws InputError: run_folder if the folder cannot be written, or the run id is lost;
  ///         mismatch if the processes that meet here compute something else
  FolderRendezvous(std::filesystem::path folder, const Greeting& ours, std::uint64_t proposed_run);

  std::uint64_t run() const { return run_; }

  /// Writes this process's record, whole or not at all.
  void publish(const Registration& registration) const;
  /// Removes this process's record, so that no peer connects to an endpoint that is gone.
  void withdraw(ProcessId id) const;

  /// Marks that this process has ended its run well, so that no peer waits for it. If the mark
  /// cannot be written, peers wait for it in vain, but end well, too.
  void mark_ended(ProcessId id) const;
  bool has_ended(ProcessId id) const;
  /// Removes the record and the mark that this process left here before it was started again.
  /// @pre the caller holds this process's lock
  void begin_life(ProcessId id) const;

  /// The number of records in the folder.
  std::size_t record_count() const;

  /// @return nothing if the process has not registered for this run yet
  std::optional<Registration> find(ProcessId id) const;

 private:
  std::filesystem::path record_path(ProcessId id) const;
  std::filesystem::path mark_path(ProcessId id) const;
  void propose(const Greeting& ours, std::uint64_t run) const;
  void remove_proposals() const;

  std::filesystem::path folder_;
  std::uint64_t run_ = 0;
};

/// Removes the records and marks of all processes from a folder where they meet.
/// @pre none of the processes runs
void begin_life_of_all(const std::filesystem::path& folder);

}  // namespace tacit
