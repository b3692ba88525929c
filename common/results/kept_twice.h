#pragma once

#include <filesystem>
#include <optional>

#include "common/results/artifact.h"

namespace tacit {

/// A short artifact that a run needs to go on, in a file and a copy beside it. A file that is torn,
/// emptied or gone does no harm as long as the other one is whole.
struct KeptTwice {
  Artifact artifact;
  bool both_whole;
};

/// The path of the copy.
std::filesystem::path copy_of(const std::filesystem::path& path);

/// Writes the file so that it survives a loss of power, then the copy.
/// @throws InputError (run_folder)
void write_twice(const std::filesystem::path& path, const Artifact& artifact);

/// Reads the file if it is whole, since it is never older than the copy, else the copy. Nothing if
/// neither exists.
/// @throws InputError (run_folder) if one exists, but none is whole
std::optional<KeptTwice> read_twice(const std::filesystem::path& path);

/// Reads an artifact from a file; nothing if the file does not exist or holds no whole artifact.
std::optional<Artifact> read_if_whole(const std::filesystem::path& path);

}  // namespace tacit
