#include "common/results/kept_twice.h"

#include <string_view>

#include "common/base/error.h"
#include "common/results/files.h"

namespace tacit {
namespace {

bool is_there(const std::filesystem::path& path) {
  std::error_code ignored;
  return std::filesystem::exists(path, ignored);
}

}  // namespace

std::filesystem::path copy_of(const std::filesystem::path& path) {
  std::filesystem::path copy = path;
  return copy += ".copy";
}

void write_twice(const std::filesystem::path& path, const Artifact& artifact) {
  const auto bytes = encode_artifact(artifact);
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  write_durably(path, text);
  write_atomically(copy_of(path), text);
}

std::optional<KeptTwice> read_twice(const std::filesystem::path& path) {
  // Checked before reading: another process may create both files, whole, after this line.
  const bool were_there = is_there(path) || is_there(copy_of(path));
  auto first = read_if_whole(path);
  auto second = read_if_whole(copy_of(path));
  if (first) return KeptTwice{std::move(*first), second.has_value()};
  if (second) return KeptTwice{std::move(*second), false};
  if (!were_there) return std::nullopt;
  throw InputError(ExitCode::run_folder,
                   path.string() + " and " + copy_of(path).string() +
                       ": damaged, both: put them back as they were, or use a new folder");
}

std::optional<Artifact> read_if_whole(const std::filesystem::path& path) {
  if (!is_there(path)) return std::nullopt;
  try {
    const std::string text = read_text(path);
    return decode_artifact(std::as_bytes(std::span(text)), path.string());
  } catch (const InputError&) {
    return std::nullopt;
  }
}

}  // namespace tacit
