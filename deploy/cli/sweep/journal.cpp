#include "deploy/cli/sweep/journal.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "common/base/digest.h"
#include "common/base/error.h"
#include "common/base/version.h"
#include "common/results/files.h"
#include "common/results/json_fields.h"

namespace tacit {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const fs::path& path, const std::string& why) {
  throw InputError(ExitCode::run_folder,
                   path.string() + ": " + why + "; name another folder with --out");
}

/// Accepts only a new or empty folder, or one that a sweep has begun.
void prepare(const fs::path& folder, const fs::path& journal) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) fail(folder, "cannot be made (" + error.message() + ")");
  if (!fs::exists(journal) && !fs::is_empty(folder)) fail(folder, "holds other files");
}

std::string header() { return Json{{"tacit", kVersion}}.dump() + '\n'; }

std::string line_of(std::uint64_t config_hash, const CellOutcome& outcome) {
  Json metrics = Json::object();
  for (const auto& [name, value] : outcome.metrics) metrics[name] = exact_number(value);
  return Json{{"config", to_hex(config_hash)},
              {"met", outcome.met},
              {"digest", to_hex(outcome.digest)},
              {"metrics", metrics}}
             .dump() +
         '\n';
}

/// @throws nlohmann::json::exception
std::uint64_t hash_in(const Json& json) {
  if (const auto value = from_hex(json.get_ref<const std::string&>())) return *value;
  throw nlohmann::json::other_error::create(501, "a hash is not hexadecimal", &json);
}

}  // namespace

CellOutcome outcome_of(const Summary& summary, std::uint64_t digest) {
  CellOutcome outcome{summary.all_hold(), {}, {}, digest};
  for (const auto& [name, values] : summary.metrics) {
    if (values.empty()) continue;
    outcome.metrics[values.size() == 1 ? name : name + "_most"] = std::ranges::max(values);
  }
  return outcome;
}

SweepJournal::SweepJournal(const fs::path& folder) : path_(folder / "journal.jsonl") {
  prepare(folder, path_);
  file_ = open(path_.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (file_ < 0) fail(path_, "cannot be written (" + reason_of_errno() + ")");
  try {
    if (flock(file_, LOCK_EX | LOCK_NB) != 0) fail(path_, "another sweep works here");
    read(read_text(path_));
  } catch (const InputError&) {
    close(file_);
    throw;
  }
}

SweepJournal::~SweepJournal() { close(file_); }

void SweepJournal::read(const std::string& text) {
  const std::size_t whole = text.rfind('\n') + 1;  // npos + 1 is 0
  if (whole != text.size() && ftruncate(file_, static_cast<off_t>(whole)) != 0) {
    fail(path_, "cannot be written (" + reason_of_errno() + ")");
  }
  if (whole == 0) return write(header());
  std::size_t number = 0;
  for (std::size_t begin = 0; begin < whole;) {
    const std::size_t end = text.find('\n', begin);
    const std::string line = text.substr(begin, end - begin);
    begin = end + 1;
    try {
      if (++number > 1) {
        const Json json = Json::parse(line);
        CellOutcome outcome{json.at("met").get<bool>(), {}, {}, hash_in(json.at("digest"))};
        for (const auto& [name, value] : json.at("metrics").items()) {
          outcome.metrics[name] = number_of(value);
        }
        outcomes_[hash_in(json.at("config"))] = std::move(outcome);
      } else if (line + '\n' != header()) {
        throw InputError(ExitCode::mismatch, path_.string() +
                                                 ": another version of tacit began this sweep; "
                                                 "name another folder with --out");
      }
    } catch (const nlohmann::json::exception& error) {
      throw InputError(ExitCode::bad_data, path_.string() + ":" + std::to_string(number) +
                                               ": not a line of a sweep; remove it (" +
                                               error.what() + ")");
    }
  }
}

void SweepJournal::write(const std::string& line) {
  const off_t end = lseek(file_, 0, SEEK_END);
  for (std::string_view rest = line; !rest.empty();) {
    const ssize_t size = ::write(file_, rest.data(), rest.size());
    if (size < 0) {
      std::string reason = reason_of_errno();
      // The next line, of another thread, must not follow half of this one.
      if (ftruncate(file_, end) != 0) reason += "; its last line is torn";
      fail(path_, "cannot be written (" + reason + ")");
    }
    rest.remove_prefix(static_cast<std::size_t>(size));
  }
}

std::optional<CellOutcome> SweepJournal::find(std::uint64_t config_hash) const {
  const std::lock_guard lock(mutex_);
  const auto found = outcomes_.find(config_hash);
  return found == outcomes_.end() ? std::nullopt : std::optional(found->second);
}

void SweepJournal::append(std::uint64_t config_hash, const CellOutcome& outcome) {
  const std::lock_guard lock(mutex_);
  write(line_of(config_hash, outcome));
  outcomes_[config_hash] = outcome;
}

}  // namespace tacit
