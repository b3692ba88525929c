#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "common/base/read_file.h"

namespace tacit {

/// @throws InputError (run_folder) saying that the file cannot be written, why, and the remedies
[[noreturn]] void fail_write(const std::filesystem::path& path, const std::string& reason);

/// Writes a whole file so that a reader sees the old content or the new one, never a part: a
/// temporary file in the same folder, then a rename.
/// @throws InputError (run_folder) naming the path and the system's reason.
void write_atomically(const std::filesystem::path& path, std::string_view text);

/// As write_atomically, and once it returns the file outlives a loss of power.
void write_durably(const std::filesystem::path& path, std::string_view text);

/// A file that a process writes again and again and, once open, keeps open for life: nobody who
/// takes its descriptors can keep it from going on.
class HeldFile {
 public:
  /// Opens nothing yet: the first write does, or hold().
  explicit HeldFile(std::filesystem::path path) : path_(std::move(path)) {}
  ~HeldFile();
  HeldFile(HeldFile&& other) noexcept
      : path_(std::move(other.path_)), descriptor_(std::exchange(other.descriptor_, -1)) {}
  HeldFile(const HeldFile&) = delete;
  HeldFile& operator=(const HeldFile&) = delete;

  /// @throws InputError (run_folder) naming the path and the system's reason.
  void hold();

  /// Writes behind the first `offset` bytes, in place of what is there.
  /// @throws InputError (run_folder) naming the path and the system's reason.
  void go_on_from(std::uint64_t offset, std::string_view text);

  /// What was written is on the disk once this returns; the file's name was made so before.
  /// @throws InputError (run_folder) naming the path and the system's reason.
  void make_content_durable() const;

  /// Makes `text` the content in place, on the disk once it returns: an eighth of the time of
  /// write_durably or less, since a file that keeps its size costs the file system no bookkeeping.
  /// If it fails the file is empty; if the process dies in it, the file holds part of both
  /// contents, or the new one that is not on the disk yet.
  /// @throws InputError (run_folder) naming the path and the system's reason.
  void overwrite_durably(std::string_view text);

 private:
  bool write_at(std::uint64_t offset, std::string_view text) const;

  std::filesystem::path path_;
  int descriptor_ = -1;
};

/// What a reader sees of a file now is on the disk once this returns, and so is its name.
/// @throws InputError (run_folder)
void make_durable(const std::filesystem::path& path);

/// As make_durable, of a file whose name is on the disk already.
void make_content_durable(const std::filesystem::path& path);

/// Everything that was written to the file system of `path` is on the disk once this returns: one
/// flush, where one for each of a thousand files takes seconds.
/// @throws InputError (run_folder)
void make_all_durable(const std::filesystem::path& path);

/// Makes a folder and those above it that are missing; their names are on the disk on return.
void make_folders(const std::filesystem::path& path, std::error_code& error);

}  // namespace tacit
