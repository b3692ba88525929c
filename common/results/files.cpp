#include "common/results/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <system_error>
#include <thread>
#include <vector>

#include "common/base/error.h"

namespace tacit {

void fail_write(const std::filesystem::path& path, const std::string& reason) {
  throw InputError(ExitCode::run_folder,
                   path.string() + ": cannot be written (" + reason +
                       "); check permissions, free space, ulimit -f and -n, or name another "
                       "folder with --out");
}

namespace {

constexpr int kOpenTriesMost = 20;
constexpr std::chrono::milliseconds kOpenAgainAfter{100};

/// As open(2), but retries for two seconds while no descriptor is free: a flood of connections
/// takes the descriptors of a process for a moment, which must not end it.
int open_patiently(const std::filesystem::path& path, int flags, mode_t mode = 0) {
  for (int tries = 1;; ++tries) {
    const int descriptor = open(path.c_str(), flags | O_CLOEXEC, mode);
    const bool is_full = descriptor < 0 && (errno == EMFILE || errno == ENFILE);
    if (!is_full || tries == kOpenTriesMost) return descriptor;
    std::this_thread::sleep_for(kOpenAgainAfter);
  }
}

/// Flushes a folder. @return whether its names are on the disk; also true if that cannot be
///         checked: some file systems flush no folders, and a folder that can be written need not
///         be readable
bool reach_disk(const std::filesystem::path& folder) {
  const char* path = folder.empty() ? "." : folder.c_str();
  const int descriptor = open_patiently(path, O_RDONLY | O_DIRECTORY);
  if (descriptor < 0) return errno == EACCES;
  const bool reached = fsync(descriptor) == 0 || errno == EINVAL;
  const int reason = errno;
  close(descriptor);
  errno = reason;
  return reached;
}

/// @param flush  flushes a descriptor; returns 0, or -1 with errno
template <typename Flush>
void flush_path(const std::filesystem::path& path, Flush flush) {
  const int descriptor = open_patiently(path, O_RDONLY);
  if (descriptor < 0) fail_write(path, reason_of_errno());
  const bool flushed = flush(descriptor) == 0;
  const std::string reason = reason_of_errno();
  close(descriptor);
  if (!flushed) fail_write(path, reason);
}

void write_whole(const std::filesystem::path& path, std::string_view text, bool durable) {
  // The process id separates the temporary files of two writers; the last rename wins as a whole.
  std::filesystem::path temporary = path;
  temporary.replace_filename("." + path.filename().string() + "." + std::to_string(getpid()));
  const int descriptor = open_patiently(temporary, O_WRONLY | O_CREAT | O_TRUNC, 0666);
  std::FILE* file = descriptor < 0 ? nullptr : fdopen(descriptor, "wb");
  if (file == nullptr) fail_write(path, reason_of_errno());
  bool written = std::fwrite(text.data(), 1, text.size(), file) == text.size();
  written = std::fflush(file) == 0 && written;
  if (durable && written) written = fsync(fileno(file)) == 0;
  std::string reason = written ? "" : reason_of_errno();
  if (std::fclose(file) != 0 && written) {
    written = false;
    reason = reason_of_errno();
  }
  std::error_code error;
  if (written) {
    std::filesystem::rename(temporary, path, error);
    if (!error && (!durable || reach_disk(path.parent_path()))) return;
    reason = error ? error.message() : reason_of_errno();
  }
  std::filesystem::remove(temporary, error);
  fail_write(path, reason);
}

}  // namespace

void write_atomically(const std::filesystem::path& path, std::string_view text) {
  write_whole(path, text, false);
}

void write_durably(const std::filesystem::path& path, std::string_view text) {
  write_whole(path, text, true);
}

HeldFile::~HeldFile() {
  if (descriptor_ >= 0) close(descriptor_);
}

void HeldFile::hold() {
  if (descriptor_ >= 0) return;
  descriptor_ = open_patiently(path_, O_WRONLY | O_CREAT, 0644);
  if (descriptor_ < 0) fail_write(path_, reason_of_errno());
}

bool HeldFile::write_at(std::uint64_t offset, std::string_view text) const {
  while (!text.empty()) {
    const ssize_t size = pwrite(descriptor_, text.data(), text.size(), static_cast<off_t>(offset));
    if (size <= 0) return false;
    offset += static_cast<std::uint64_t>(size);
    text.remove_prefix(static_cast<std::size_t>(size));
  }
  return true;
}

void HeldFile::go_on_from(std::uint64_t offset, std::string_view text) {
  hold();
  const bool is_cut = ftruncate(descriptor_, static_cast<off_t>(offset)) == 0 || errno == EINVAL;
  if (!is_cut || !write_at(offset, text)) fail_write(path_, reason_of_errno());
}

void HeldFile::make_content_durable() const {
  if (descriptor_ >= 0 && fdatasync(descriptor_) != 0) fail_write(path_, reason_of_errno());
}

void HeldFile::overwrite_durably(std::string_view text) {
  hold();
  struct stat before {};
  bool written = fstat(descriptor_, &before) == 0 && write_at(0, text);
  const auto size = static_cast<off_t>(text.size());
  if (written && before.st_size > size) written = ftruncate(descriptor_, size) == 0;
  written = written && fdatasync(descriptor_) == 0;
  const bool is_new = before.st_size == 0;
  if (written && is_new) written = reach_disk(path_.parent_path());
  if (written) return;
  const std::string reason = reason_of_errno();
  // The content may look whole to a reader, but never reach the disk.
  [[maybe_unused]] const bool emptied = ftruncate(descriptor_, 0) == 0;
  fail_write(path_, reason);
}

void make_durable(const std::filesystem::path& path) {
  flush_path(path, fsync);
  if (!reach_disk(path.parent_path())) fail_write(path, reason_of_errno());
}

void make_content_durable(const std::filesystem::path& path) { flush_path(path, fdatasync); }

void make_all_durable(const std::filesystem::path& path) { flush_path(path, syncfs); }

void make_folders(const std::filesystem::path& path, std::error_code& error) {
  std::vector<std::filesystem::path> fresh;
  std::filesystem::path each = std::filesystem::absolute(path, error);
  if (error) return;
  while (!std::filesystem::exists(each, error) && each.has_relative_path()) {
    fresh.push_back(each);
    each = each.parent_path();
  }
  std::filesystem::create_directories(path, error);
  for (const auto& folder : fresh) {
    if (!error && !reach_disk(folder.parent_path())) error.assign(errno, std::generic_category());
  }
}

}  // namespace tacit
