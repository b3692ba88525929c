#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "common/base/ids.h"

namespace tacit {

/// What a process that waits says of itself while it lives: waiting.json in its folder.
struct WaitRecord {
  std::string stage;              ///< meeting, greeting, running or leaving
  Round round = 0;                ///< that cannot begin yet
  std::vector<std::string> whom;  ///< names of those it waits for
  std::int64_t since = 0;         ///< seconds since 1970, UTC
  std::int64_t seen = 0;          ///< when it last said so: the time of the file

  bool operator==(const WaitRecord&) const = default;
};

/// Leaves the record, or, if it says what `before` said already, sets the time of the file only: a
/// thousand new files in every second would keep a machine busy.
/// @throws InputError (run_folder)
void write_wait_record(const std::filesystem::path& process_folder, const WaitRecord& record,
                       const std::optional<WaitRecord>& before);
void remove_wait_record(const std::filesystem::path& process_folder);

/// Nothing if the process does not wait, or says so in no way that can be read.
std::optional<WaitRecord> read_wait_record(const std::filesystem::path& process_folder);

}  // namespace tacit
