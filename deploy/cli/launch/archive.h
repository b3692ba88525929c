#pragma once

#include <filesystem>
#include <string>

namespace tacit {

/// Cuts a file down to the bytes between `begin` and `end`, which drops a shell's output before and
/// after them. `begin` is searched in the first mebibyte, `end` in the last.
/// @return false, with the file unchanged, if it does not hold both in this order
/// @throws InputError (run_folder)
bool keep_between(const std::filesystem::path& file, const std::string& begin,
                  const std::string& end);

}  // namespace tacit
