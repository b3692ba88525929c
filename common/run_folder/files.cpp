#include "common/run_folder/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <system_error>
#include <vector>

#include "common/base/error.h"

namespace tacit {
namespace {

constexpr std::size_t kBlock = std::size_t{1} << 16;

[[noreturn]] void fail_write(const std::filesystem::path& path, const std::string& reason) {
  throw InputError(ExitCode::run_folder,
                   path.string() + ": cannot be written (" + reason +
                       "); check permissions, free space and ulimit -f, or name another folder "
                       "with --out");
}

std::string reason_of_errno() { return std::generic_category().message(errno); }

/// @return whether the folder with its names is on the disk, as far as this can be asked: some file
///         systems flush no folders, and a folder that may be written need not be readable
bool reach_disk(const std::filesystem::path& folder) {
  const char* path = folder.empty() ? "." : folder.c_str();
  const int descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return errno == EACCES;
  const bool reached = fsync(descriptor) == 0 || errno == EINVAL;
  const int reason = errno;
  close(descriptor);
  errno = reason;
  return reached;
}

/// @param flush  of a descriptor: 0, or -1 with errno
template <typename Flush>
void flush_path(const std::filesystem::path& path, Flush flush) {
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) fail_write(path, reason_of_errno());
  const bool flushed = flush(descriptor) == 0;
  const std::string reason = reason_of_errno();
  close(descriptor);
  if (!flushed) fail_write(path, reason);
}

void write_whole(const std::filesystem::path& path, std::string_view text, bool durable) {
  // The process id keeps two writers of one file apart; the last rename wins as a whole.
  std::filesystem::path temporary = path;
  temporary.replace_filename("." + path.filename().string() + "." + std::to_string(getpid()));
  std::FILE* file = std::fopen(temporary.c_str(), "wb");
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

void overwrite_durably(const std::filesystem::path& path, std::string_view text) {
  const int descriptor = open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
  if (descriptor < 0) fail_write(path, reason_of_errno());
  struct stat before {};
  bool written = fstat(descriptor, &before) == 0;
  std::string_view rest = text;
  while (written && !rest.empty()) {
    const ssize_t size = write(descriptor, rest.data(), rest.size());
    written = size > 0;
    if (written) rest.remove_prefix(static_cast<std::size_t>(size));
  }
  const auto size = static_cast<off_t>(text.size());
  if (written && before.st_size > size) written = ftruncate(descriptor, size) == 0;
  written = written && fdatasync(descriptor) == 0;
  const bool is_new = before.st_size == 0;
  if (written && is_new) written = reach_disk(path.parent_path());
  const std::string reason = reason_of_errno();
  // What a reader would take for whole may never reach the disk.
  [[maybe_unused]] const bool emptied = !written && ftruncate(descriptor, 0) == 0;
  close(descriptor);
  if (!written) fail_write(path, reason);
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

std::string read_text(const std::filesystem::path& path, std::size_t size_most) {
  const auto refuse = [&](const std::string& why) {
    throw InputError(ExitCode::unreadable_input, path.string() + ": " + why);
  };
  std::error_code error;
  const bool is_folder = std::filesystem::is_directory(path, error);
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (is_folder || !file) {
    refuse("cannot be read (" + (is_folder ? "it is a folder" : reason_of_errno()) + ")");
  }
  std::string text;
  while (file && text.size() <= size_most) {
    const std::size_t before = text.size();
    text.resize(before + kBlock);
    file.read(text.data() + before, kBlock);
    text.resize(before + static_cast<std::size_t>(file.gcount()));
  }
  if (file.bad()) refuse("reading stopped in the middle (" + reason_of_errno() + ")");
  if (text.size() > size_most) refuse("has more than " + std::to_string(size_most) + " bytes");
  return text;
}

}  // namespace tacit
