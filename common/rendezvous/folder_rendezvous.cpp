#include "common/rendezvous/folder_rendezvous.h"

#include <limits>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <vector>

#include "common/base/check.h"
#include "common/base/digest.h"
#include "common/base/error.h"
#include "common/results/files.h"
#include "common/results/kept_twice.h"

namespace tacit {
namespace {

constexpr std::size_t kLongestRecord = 4096;
constexpr const char* kRunFile = "run_id";
constexpr const char* kRecordEnding = ".json";
constexpr const char* kMarkEnding = ".ended";
constexpr const char* kProposalEnding = ".proposed";

/// Reads a file that another process may remove at any moment; nothing if it is gone or cannot be
/// read.
std::optional<std::string> read_if_there(const std::filesystem::path& path) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) return std::nullopt;
  try {
    return read_text(path, kLongestRecord);
  } catch (const InputError&) {
    return std::nullopt;
  }
}

/// @throws std::invalid_argument
std::uint64_t hexadecimal(std::string_view text) {
  if (const auto value = from_hex(text)) return *value;
  throw std::invalid_argument("'" + std::string(text) + "' is not hexadecimal");
}

/// @throws std::exception
std::uint32_t whole_number(const nlohmann::json& record, const char* key) {
  const nlohmann::json& value = record.at(key);
  if (!value.is_number_unsigned() ||
      value.get<std::uint64_t>() > std::numeric_limits<std::uint32_t>::max()) {
    throw std::invalid_argument(std::string(key) + " is not a whole number below 2^32");
  }
  return value.get<std::uint32_t>();
}

}  // namespace

std::string record_text(const Registration& registration) {
  const Greeting& greeting = registration.greeting;
  const nlohmann::json record{{"id", index_of(registration.id)},
                              {"endpoint", greeting.endpoint},
                              {"protocol_version", greeting.protocol_version},
                              {"config_hash", to_hex(greeting.config_hash)},
                              {"numeric_fingerprint", to_hex(greeting.numeric_fingerprint)},
                              {"incarnation", greeting.incarnation},
                              {"run", to_hex(registration.run)}};
  return record.dump(2) + "\n";
}

Registration parse_record(std::string_view text, ProcessId id, const std::string& origin) {
  try {
    const auto record = nlohmann::json::parse(text);
    const auto hash = [&](const char* key) {
      return hexadecimal(record.at(key).get<std::string>());
    };
    if (whole_number(record, "id") != index_of(id)) {
      throw std::invalid_argument("it is of another process");
    }
    return {
        id,
        {whole_number(record, "protocol_version"), hash("config_hash"), hash("numeric_fingerprint"),
         whole_number(record, "incarnation"), record.at("endpoint").get<std::string>()},
        hash("run")};
  } catch (const std::exception& failure) {
    throw InputError(ExitCode::mismatch, origin + ": not a rendezvous record (" + failure.what() +
                                             "): remove it, or use a new folder");
  }
}

FolderRendezvous::FolderRendezvous(std::filesystem::path folder, const Greeting& ours,
                                   std::uint64_t proposed_run)
    : folder_(std::move(folder)) {
  std::error_code error;
  make_folders(folder_, error);
  if (error) {
    throw InputError(ExitCode::run_folder, "cannot make the rendezvous folder " + folder_.string() +
                                               ": " + error.message());
  }
  const auto path = folder_ / kRunFile;
  auto kept = read_twice(path);
  if (!kept) {
    propose(ours, proposed_run);
    kept = read_twice(path);
    TACIT_CHECK(kept.has_value(), "a run id was linked here, or was here before");
  }
  const Artifact& run = kept->artifact;
  if (run.made_from != computation(ours)) {
    throw InputError(ExitCode::mismatch,
                     folder_.string() + ": here meet processes of a run with " + run.made_from +
                         ", but this process has " + computation(ours) +
                         ": meet in a new folder, or start every process with the same release, "
                         "the same file and the same -s overrides");
  }
  if (!kept->both_whole) write_twice(path, run);  // all processes here write the same bytes
  run_ = run.key;
  remove_proposals();
}

/// Removes proposals of processes that were killed while they proposed or still propose: their hard
/// links fail, since a run id exists, and they take that one.
void FolderRendezvous::remove_proposals() const {
  std::vector<std::filesystem::path> proposals;
  std::error_code error;
  std::filesystem::directory_iterator entry(folder_, error);
  for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
    if (entry->path().extension() == kProposalEnding) proposals.push_back(entry->path());
  }
  for (const auto& path : proposals) std::filesystem::remove(path, error);
}

/// Of many processes that make the same hard link exactly one succeeds, also on network file
/// systems.
void FolderRendezvous::propose(const Greeting& ours, std::uint64_t run) const {
  const auto path = folder_ / kRunFile;
  const auto proposal = folder_ / (kRunFile + ("." + to_hex(run)) + kProposalEnding);
  const auto bytes = encode_artifact({"run", run, computation(ours), to_hex(run), {}});
  HeldFile(proposal).overwrite_durably({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  std::error_code error;
  std::filesystem::create_hard_link(proposal, path, error);
  if (!error) make_durable(path);  // before any process writes a checkpoint of this run
  std::error_code ignored;
  std::filesystem::remove(proposal, ignored);
  if (error && !std::filesystem::exists(path, ignored)) {
    throw InputError(ExitCode::run_folder,
                     "cannot make a hard link in " + folder_.string() + " (" + error.message() +
                         "): meet in a folder of another file system, or at an endpoint");
  }
}

std::filesystem::path FolderRendezvous::record_path(ProcessId id) const {
  return folder_ / (to_string(id) + kRecordEnding);
}

std::filesystem::path FolderRendezvous::mark_path(ProcessId id) const {
  return folder_ / (to_string(id) + kMarkEnding);
}

void FolderRendezvous::publish(const Registration& registration) const {
  Registration record = registration;
  record.run = run_;
  write_atomically(record_path(registration.id), record_text(record));
}

void FolderRendezvous::withdraw(ProcessId id) const {
  std::error_code ignored;
  std::filesystem::remove(record_path(id), ignored);
}

void FolderRendezvous::mark_ended(ProcessId id) const {
  try {
    write_atomically(mark_path(id), to_hex(run_));
  } catch (const InputError&) {
    // The folder may be gone by now: no process needs it during a run.
  }
}

bool FolderRendezvous::has_ended(ProcessId id) const {
  const auto text = read_if_there(mark_path(id));
  return text && *text == to_hex(run_);
}

void FolderRendezvous::begin_life(ProcessId id) const {
  withdraw(id);
  std::error_code ignored;
  std::filesystem::remove(mark_path(id), ignored);
}

std::size_t FolderRendezvous::record_count() const {
  std::size_t count = 0;
  std::error_code error;
  std::filesystem::directory_iterator entry(folder_, error);
  for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
    count += entry->path().extension() == ".json" ? 1 : 0;
  }
  return count;
}

std::optional<Registration> FolderRendezvous::find(ProcessId id) const {
  const auto path = record_path(id);
  const auto text = read_if_there(path);
  if (!text) return std::nullopt;
  try {
    const Registration found = parse_record(*text, id, path.string());
    return found.run == run_ ? std::optional(found) : std::nullopt;
  } catch (const InputError&) {
    return std::nullopt;
  }
}

void begin_life_of_all(const std::filesystem::path& folder) {
  std::error_code error;
  std::vector<std::filesystem::path> left;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    const auto ending = entry.path().extension();
    if (ending == kRecordEnding || ending == kMarkEnding) left.push_back(entry.path());
  }
  for (const auto& path : left) std::filesystem::remove(path, error);
}

}  // namespace tacit
