#include "common/run_folder/wait_record.h"

#include "common/base/error.h"
#include "common/run_folder/files.h"
#include "common/run_folder/json_fields.h"

namespace tacit {
namespace {

constexpr const char* kFile = "waiting.json";

}  // namespace

void write_wait_record(const std::filesystem::path& process_folder, const WaitRecord& record) {
  const Json json = {{"stage", record.stage},
                     {"round", record.round},
                     {"waits_for", record.whom},
                     {"since", record.since},
                     {"seen", record.seen}};
  write_atomically(process_folder / kFile, json_text(json));
}

void remove_wait_record(const std::filesystem::path& process_folder) {
  std::error_code ignored;
  std::filesystem::remove(process_folder / kFile, ignored);
}

std::optional<WaitRecord> read_wait_record(const std::filesystem::path& process_folder) {
  try {
    return read_fields(process_folder / kFile, [](const Json& json) {
      WaitRecord record;
      json.at("stage").get_to(record.stage);
      json.at("round").get_to(record.round);
      json.at("waits_for").get_to(record.whom);
      json.at("since").get_to(record.since);
      json.at("seen").get_to(record.seen);
      return record;
    });
  } catch (const InputError&) {
    return std::nullopt;
  }
}

}  // namespace tacit
