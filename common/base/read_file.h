#pragma once

#include <cstddef>
#include <filesystem>
#include <limits>
#include <string>

namespace tacit {

/// Why the last system call failed, with the limit of open files if that was reached.
std::string reason_of_errno();

/// Reads a regular file, or standard input and other open descriptors by their names in /dev.
/// Refuses files that have no end or block the reader, such as FIFOs and other devices.
/// @throws InputError naming the path and the reason: run_folder if this process has too many open
/// files, unreadable_input if the file cannot be read for another reason or has more than
/// `size_most` bytes.
std::string read_text(const std::filesystem::path& path,
                      std::size_t size_most = std::numeric_limits<std::size_t>::max());

}  // namespace tacit
