#pragma once

#include <cstddef>
#include <filesystem>
#include <limits>
#include <string>

namespace tacit {

/// Why the last call of the system failed, with the limit that it has hit if it is one of open
/// files.
std::string reason_of_errno();

/// Reads a regular file, or standard input and other open descriptors by their names in /dev. What
/// has no end or makes its reader wait, such as a FIFO or another device, is refused.
/// @throws InputError naming the path and the reason: run_folder if this process has too many open
/// files, unreadable_input if it cannot be read for another reason or has more than `size_most`
/// bytes.
std::string read_text(const std::filesystem::path& path,
                      std::size_t size_most = std::numeric_limits<std::size_t>::max());

}  // namespace tacit
