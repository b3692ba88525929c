#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "common/base/read_file.h"

namespace tacit {

/// @throws InputError (run_folder) saying that the file cannot be written, the reason and remedies
[[noreturn]] void fail_write(const std::filesystem::path& path, const std::string& reason);

/// Writes a whole file so that a reader sees the old content or the new one, never a part: writes a
/// temporary file in the same folder, then renames it.
/// @throws InputError (run_folder) naming the path and the system's reason.
void write_atomically(const std::filesystem::path& path, std::string_view text);

/// As write_atomically; after it returns the file survives a loss of power.
void write_durably(const std::filesystem::path& path, std::string_view text);

/// A file that a process writes repeatedly and keeps open: the process can go on writing when
/// connections have taken all its other descriptors.
class HeldFile {
 public:
  /// Opens nothing: the first write or hold() opens the file.
  explicit HeldFile(std::filesystem::path path) : path_(std::move(path)) {}
  ~HeldFile();
  HeldFile(HeldFile&& other) noexcept
      : path_(std::move(other.path_)), descriptor_(std::exchange(other.descriptor_, -1)) {}
  HeldFile(const HeldFile&) = delete;
  HeldFile& operator=(const HeldFile&) = delete;

  /// @throws InputError (run_folder) naming the path and the system's reason.
  void hold();

  /// Cuts the file to its first `offset` bytes, then appends `text`.
  /// @throws InputError (run_folder) naming the path and the system's reason.
  void go_on_from(std::uint64_t offset, std::string_view text);

  /// Flushes the content to the disk, not the file's name. @pre the name is on the disk
  /// @throws InputError (run_folder) naming the path and the system's reason.
  void make_content_durable() const;

  /// Replaces the content in place and flushes it to the disk: takes an eighth of the time of
  /// write_durably or less, since a file that keeps its size costs the file system no bookkeeping.
  /// If it fails the file is empty; if the process dies in this call, the file holds part of both
  /// contents, or the new one that is not on the disk yet.
  /// @throws InputError (run_folder) naming the path and the system's reason.
  void overwrite_durably(std::string_view text);

 private:
  bool write_at(std::uint64_t offset, std::string_view text) const;

  std::filesystem::path path_;
  int descriptor_ = -1;
};

/// Flushes the present content of a file, and its name, to the disk.
/// @throws InputError (run_folder)
void make_durable(const std::filesystem::path& path);

/// As make_durable, for a file whose name is on the disk already.
void make_content_durable(const std::filesystem::path& path);

/// Flushes everything that was written to the file system of `path` to the disk, at once: a flush
/// for each of a thousand files would take seconds.
/// @throws InputError (run_folder)
void make_all_durable(const std::filesystem::path& path);

/// Makes a folder and all missing folders above it, and flushes their names to the disk.
void make_folders(const std::filesystem::path& path, std::error_code& error);

}  // namespace tacit
