#pragma once

#include <filesystem>
#include <string>

namespace tacit {

/// Cuts a file down to what stands between `begin` and `end`, of which the first is looked for in
/// the first mebibyte and the last in the last one: what a shell says before and after is dropped.
/// @return false, with the file as it was, if it does not hold both in this order
/// @throws InputError (run_folder)
bool keep_between(const std::filesystem::path& file, const std::string& begin,
                  const std::string& end);

}  // namespace tacit
