#pragma once

#include <filesystem>
#include <optional>

#include "common/results/artifact.h"

namespace tacit {

/// What a run cannot do without, and is short: an artifact in a file, and once more beside it. A
/// file that is torn, emptied or gone costs nothing as long as the other one is whole.
struct KeptTwice {
  Artifact artifact;
  bool both_whole;
};

/// Where the second one is.
std::filesystem::path copy_of(const std::filesystem::path& path);

/// The first file outlives a loss of power, and is written before the second.
/// @throws InputError (run_folder)
void write_twice(const std::filesystem::path& path, const Artifact& artifact);

/// The first file if it is whole, since it is never older. Nothing if there is neither.
/// @throws InputError (run_folder) if none is whole
std::optional<KeptTwice> read_twice(const std::filesystem::path& path);

/// An artifact in a file; nothing if there is no such file, or what it holds is none.
std::optional<Artifact> read_if_whole(const std::filesystem::path& path);

}  // namespace tacit
