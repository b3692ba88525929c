#include "common/results/wait_record.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "common/base/error.h"
#include "common/results/files.h"
#include "common/results/json_fields.h"

namespace tacit {
namespace {

constexpr const char* kFile = "waiting.json";

/// Sets the time of a file by the clock of this machine, which may differ from the file system's.
/// @return whether the file exists
bool set_time(const std::filesystem::path& path, std::int64_t seconds) {
  const timespec times[] = {{.tv_sec = seconds, .tv_nsec = 0}, {.tv_sec = seconds, .tv_nsec = 0}};
  return utimensat(AT_FDCWD, path.c_str(), times, 0) == 0;
}

std::int64_t time_of(const std::filesystem::path& path) {
  struct stat status {};
  return stat(path.c_str(), &status) == 0 ? status.st_mtim.tv_sec : 0;
}

}  // namespace

void write_wait_record(const std::filesystem::path& process_folder, const WaitRecord& record,
                       const std::optional<WaitRecord>& before) {
  const auto path = process_folder / kFile;
  WaitRecord same = record;
  if (before) same.seen = before->seen;
  if (before == same && set_time(path, record.seen)) return;
  const Json json = {{"stage", record.stage},
                     {"round", record.round},
                     {"waits_for", record.whom},
                     {"since", record.since}};
  write_atomically(path, json_text(json));
  set_time(path, record.seen);
}

void remove_wait_record(const std::filesystem::path& process_folder) {
  std::error_code ignored;
  std::filesystem::remove(process_folder / kFile, ignored);
}

std::optional<WaitRecord> read_wait_record(const std::filesystem::path& process_folder) {
  try {
    return read_fields(process_folder / kFile, [&](const Json& json) {
      WaitRecord record;
      json.at("stage").get_to(record.stage);
      json.at("round").get_to(record.round);
      json.at("waits_for").get_to(record.whom);
      json.at("since").get_to(record.since);
      record.seen = time_of(process_folder / kFile);
      return record;
    });
  } catch (const InputError&) {
    return std::nullopt;
  }
}

}  // namespace tacit
