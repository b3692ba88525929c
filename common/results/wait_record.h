#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "common/base/ids.h"

namespace tacit {

/// waiting.json, which a process that waits keeps in its folder.
struct WaitRecord {
  std::string stage;              ///< meeting, greeting, running or leaving
  Round round = 0;                ///< the round that cannot begin yet
  std::vector<std::string> whom;  ///< names of the processes it waits for
  std::int64_t since = 0;         ///< seconds since 1970, UTC
  std::int64_t seen = 0;          ///< time of the last report: that of the file

  bool operator==(const WaitRecord&) const = default;
};

/// Writes the record, or, if only its time differs from `before`, sets the time of the file: a
/// thousand new files every second would keep a machine busy.
/// @throws InputError (run_folder)
void write_wait_record(const std::filesystem::path& process_folder, const WaitRecord& record,
                       const std::optional<WaitRecord>& before);
void remove_wait_record(const std::filesystem::path& process_folder);

/// Nothing if the process does not wait, or if the file cannot be read.
std::optional<WaitRecord> read_wait_record(const std::filesystem::path& process_folder);

}  // namespace tacit
