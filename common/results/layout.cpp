#include "common/results/layout.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <system_error>

#include "common/base/error.h"

namespace tacit {
namespace {

namespace fs = std::filesystem;

/// So many runs in one second mean another fault.
constexpr int kMostRunsPerSecond = 10'000;

[[noreturn]] void fail(const fs::path& path, const std::string& what) {
  throw InputError(
      ExitCode::run_folder,
      path.string() + ": " + what + "; make it writable or name another run folder with --out DIR");
}

void make_folders(const fs::path& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (error) fail(path, "cannot make this folder (" + error.message() + ")");
}

/// The link is a convenience: if another file has its name, that file is kept.
void point_latest_at(const fs::path& folder) {
  const fs::path link = folder.parent_path() / "latest";
  const fs::path fresh = folder.parent_path() / (".latest-" + folder.filename().string());
  std::error_code error;
  if (fs::exists(fs::symlink_status(link, error)) && !fs::is_symlink(link, error)) return;
  fs::create_directory_symlink(folder.filename(), fresh, error);
  if (error) return;
  fs::rename(fresh, link, error);
  if (error) fs::remove(fresh, error);
}

void check_writable(const fs::path& folder) {
  if (access(folder.c_str(), W_OK | X_OK) != 0) fail(folder, "this folder is not writable");
}

}  // namespace

std::string utc_stamp(std::chrono::sys_seconds time) {
  const auto midnight = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(midnight);
  const std::chrono::hh_mm_ss clock(time - midnight);
  std::array<char, 64> text;
  std::snprintf(text.data(), text.size(), "%04d%02u%02uT%02d%02d%02dZ",
                static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                static_cast<unsigned>(date.day()), static_cast<int>(clock.hours().count()),
                static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()));
  return text.data();
}

fs::path create_run_folder(const fs::path& runs, std::string_view name,
                           std::chrono::sys_seconds started, std::uint64_t seed) {
  const fs::path parent = runs / fs::path(name);
  make_folders(parent);
  const std::string stem = utc_stamp(started) + "_s" + std::to_string(seed);
  for (int attempt = 1; attempt <= kMostRunsPerSecond; ++attempt) {
    const fs::path folder = parent / (attempt == 1 ? stem : stem + "-" + std::to_string(attempt));
    std::error_code error;
    if (fs::create_directory(folder, error)) {
      point_latest_at(folder);
      return folder;
    }
    // create_directory() reports no error if the folder exists: the next suffix is tried.
    if (error && error != std::errc::file_exists) {
      fail(folder, "cannot make this folder (" + error.message() + ")");
    }
  }
  fail(parent / stem, "more than " + std::to_string(kMostRunsPerSecond) + " runs of this name");
}

void check_claimable(const fs::path& folder) {
  std::error_code error;
  const fs::file_status status = fs::status(folder, error);
  if (status.type() == fs::file_type::none) fail(folder, "cannot be read: " + error.message());
  if (!fs::exists(status)) {
    fs::path ancestor = fs::absolute(folder).parent_path();
    while (!fs::exists(ancestor, error) && ancestor.has_relative_path()) {
      ancestor = ancestor.parent_path();
    }
    if (!fs::is_directory(ancestor, error)) fail(ancestor, "this is not a folder");
    check_writable(ancestor);
    return;
  }
  if (!fs::is_directory(status)) fail(folder, "this is not a folder");
  const bool empty = fs::is_empty(folder, error);
  if (error) fail(folder, "cannot be read: " + error.message());
  if (!empty) {
    throw InputError(ExitCode::run_folder,
                     folder.string() +
                         ": this folder is not empty, and a run never overwrites another; name a "
                         "new or an empty one with --out DIR");
  }
  check_writable(folder);
}

fs::path claim_run_folder(const fs::path& folder) {
  check_claimable(folder);
  make_folders(folder);
  return folder;
}

fs::path process_folder(ProcessId process, std::size_t agent_count) {
  if (index_of(process) >= agent_count) return "coordinator";
  const std::size_t most = agent_count == 0 ? 0 : agent_count - 1;
  const std::size_t width = std::max<std::size_t>(3, std::to_string(most).size());
  const std::string digits = to_string(process);
  return fs::path("agents") / (std::string(width - digits.size(), '0') + digits);
}

void create_process_folders(const fs::path& run, std::size_t agent_count, bool has_coordinator) {
  const std::size_t process_count = agent_count + (has_coordinator ? 1 : 0);
  for (std::size_t index = 0; index < process_count; ++index) {
    make_folders(run / process_folder(process_id(index), agent_count));
  }
}

}  // namespace tacit
