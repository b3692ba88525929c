#include "deploy/cli/launch/archive.h"

#include <algorithm>
#include <fstream>

#include "common/base/error.h"

namespace tacit {
namespace {

constexpr std::size_t kMostNoise = std::size_t{1} << 20;

/// Up to `count` bytes of a file.
std::string bytes_at(std::fstream& file, std::size_t begin, std::size_t count) {
  std::string bytes(count, '\0');
  file.clear();
  file.seekg(static_cast<std::streamoff>(begin));
  file.read(bytes.data(), static_cast<std::streamsize>(count));
  bytes.resize(static_cast<std::size_t>(file.gcount()));
  return bytes;
}

}  // namespace

bool keep_between(const std::filesystem::path& file, const std::string& begin,
                  const std::string& end) {
  std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
  std::error_code error;
  const std::size_t size = std::filesystem::file_size(file, error);
  if (!stream || error) {
    throw InputError(ExitCode::run_folder, file.string() + ": cannot be read and written");
  }
  const std::size_t first_mark = bytes_at(stream, 0, kMostNoise).find(begin);
  const std::size_t tail = size - std::min(size, kMostNoise);
  const std::size_t last_mark = bytes_at(stream, tail, kMostNoise).rfind(end);
  if (first_mark == std::string::npos || last_mark == std::string::npos) return false;
  const std::size_t from = first_mark + begin.size();
  const std::size_t to = tail + last_mark;
  if (from > to) return false;
  for (std::size_t done = 0; done < to - from;) {
    const std::string block = bytes_at(stream, from + done, std::min(kMostNoise, to - from - done));
    stream.clear();
    stream.seekp(static_cast<std::streamoff>(done));
    if (block.empty() || !stream.write(block.data(), static_cast<std::streamsize>(block.size()))) {
      throw InputError(ExitCode::run_folder, file.string() + ": cannot be read and written");
    }
    done += block.size();
  }
  stream.close();
  std::filesystem::resize_file(file, to - from, error);
  if (stream.fail() || error) {
    throw InputError(ExitCode::run_folder, file.string() + ": cannot be cut to its content");
  }
  return true;
}

}  // namespace tacit
