#pragma once

#include <cstddef>
#include <filesystem>
#include <limits>
#include <string>
#include <string_view>
#include <system_error>

namespace tacit {

/// Writes a whole file so that a reader sees the old content or the new one, never a part: a
/// temporary file in the same folder, then a rename.
/// @throws InputError (run_folder) naming the path and the system's reason.
void write_atomically(const std::filesystem::path& path, std::string_view text);

/// As write_atomically, and once it returns the file outlives a loss of power.
void write_durably(const std::filesystem::path& path, std::string_view text);

/// Makes `text` the content of a file in place, on the disk once it returns: an eighth of the time
/// of write_durably or less, since a file that keeps its size costs the file system no bookkeeping.
/// If it fails the file is empty; if the process dies in it, the file holds part of both contents,
/// or the new one that is not on the disk yet.
/// @throws InputError (run_folder) naming the path and the system's reason.
void overwrite_durably(const std::filesystem::path& path, std::string_view text);

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

/// @throws InputError (unreadable_input) naming the path and the system's reason, or that the file
/// has more than `size_most` bytes.
std::string read_text(const std::filesystem::path& path,
                      std::size_t size_most = std::numeric_limits<std::size_t>::max());

}  // namespace tacit
