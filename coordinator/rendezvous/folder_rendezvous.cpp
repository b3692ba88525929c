#include "coordinator/rendezvous/folder_rendezvous.h"

#include <charconv>
#include <limits>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "common/base/digest.h"
#include "common/base/error.h"
#include "common/run_folder/files.h"

namespace tacit {
namespace {

constexpr std::size_t kLongestRecord = 4096;

/// @throws std::invalid_argument
std::uint64_t hexadecimal(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  if (error != std::errc{} || end != text.data() + text.size()) {
    throw std::invalid_argument("'" + std::string(text) + "' is not hexadecimal");
  }
  return value;
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
                              {"incarnation", greeting.incarnation}};
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
         whole_number(record, "incarnation"), record.at("endpoint").get<std::string>()}};
  } catch (const std::exception& failure) {
    throw InputError(ExitCode::mismatch, origin + ": not a rendezvous record (" + failure.what() +
                                             "): remove it, or use a new folder");
  }
}

FolderRendezvous::FolderRendezvous(std::filesystem::path folder, std::uint64_t proposed_run)
    : folder_(std::move(folder)) {
  std::error_code error;
  make_folders(folder_, error);
  if (error) {
    throw InputError(ExitCode::run_folder, "cannot make the rendezvous folder " + folder_.string() +
                                               ": " + error.message());
  }
  // A hard link is made by exactly one of many processes, also on network file systems.
  const auto path = folder_ / "run_id";
  if (!std::filesystem::exists(path, error)) {
    const auto proposal = folder_ / ("run_id." + to_hex(proposed_run));
    write_durably(proposal, to_hex(proposed_run));
    std::filesystem::create_hard_link(proposal, path, error);
    if (!error) make_durable(path);  // before anybody's first checkpoint, which is of this run
    std::error_code ignored;
    std::filesystem::remove(proposal, ignored);
    if (error && !std::filesystem::exists(path, ignored)) {
      throw InputError(ExitCode::run_folder,
                       "cannot make a hard link in " + folder_.string() + " (" + error.message() +
                           "): meet in a folder of another file system, or at an endpoint");
    }
  }
  const std::string text = read_text(path);
  const auto [end, parsed] = std::from_chars(text.data(), text.data() + text.size(), run_, 16);
  if (parsed != std::errc{} || end != text.data() + text.size()) {
    throw InputError(ExitCode::mismatch, path.string() + ": not a run id: use a new folder");
  }
}

std::filesystem::path FolderRendezvous::record_path(ProcessId id) const {
  return folder_ / (to_string(id) + ".json");
}

void FolderRendezvous::publish(const Registration& registration) const {
  write_atomically(record_path(registration.id), record_text(registration));
}

void FolderRendezvous::withdraw(ProcessId id) const {
  std::error_code ignored;
  std::filesystem::remove(record_path(id), ignored);
}

bool FolderRendezvous::has_record(ProcessId id) const {
  std::error_code ignored;
  return std::filesystem::exists(record_path(id), ignored);
}

std::optional<Registration> FolderRendezvous::find(ProcessId id) const {
  const auto path = record_path(id);
  std::error_code error;
  if (!std::filesystem::exists(path, error)) return std::nullopt;
  std::string text;
  try {
    text = read_text(path, kLongestRecord);
  } catch (const InputError&) {
    if (!std::filesystem::exists(path, error)) return std::nullopt;  // it has just been withdrawn
    throw;
  }
  if (text.empty()) return std::nullopt;  // of a process that lost power: its name alone was saved
  return parse_record(text, id, path.string());
}

}  // namespace tacit
