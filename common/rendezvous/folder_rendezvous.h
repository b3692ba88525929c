#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "common/rendezvous/registration.h"

namespace tacit {

/// What a process leaves in the folder where processes meet.
std::string record_text(const Registration& registration);

/// @throws InputError (mismatch): not a record, or of another process than `id`; names the origin
Registration parse_record(std::string_view text, ProcessId id, const std::string& origin);

/// Processes that share a disk meet in a folder: a record for each, a mark for each that has ended
/// its run well, and the run's id, which is the proposal of the first to come, with what that one
/// computes. Needs no coordinator. Records and marks are of no account unless they are of this run
/// and whole: a process that is started again removes its own, and writes new ones.
class FolderRendezvous {
 public:
  /// @param folder       made if it does not exist
  /// @param ours         what this process computes
  /// @param proposed_run the run id, if nobody was here before
  /// @throws InputError: run_folder if the folder cannot be written, or the run id is lost;
  ///         mismatch if processes meet here that compute something else
  FolderRendezvous(std::filesystem::path folder, const Greeting& ours, std::uint64_t proposed_run);

  std::uint64_t run() const { return run_; }

  /// Writes this process's record, whole or not at all.
  void publish(const Registration& registration) const;
  /// Removes this process's record, so that nobody connects to an endpoint that is gone.
  void withdraw(ProcessId id) const;

  /// Says that this process has ended its run well, and is not to be waited for. Where that cannot
  /// be written its peers wait for it in vain, but end well, too.
  void mark_ended(ProcessId id) const;
  bool has_ended(ProcessId id) const;
  /// Removes what this process's last life left here. @pre it holds this process's lock
  void begin_life(ProcessId id) const;

  /// How many processes are here.
  std::size_t record_count() const;

  /// @return nothing if the process has not come yet
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
/// @pre none of them lives
void begin_life_of_all(const std::filesystem::path& folder);

}  // namespace tacit
