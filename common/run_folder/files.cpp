#include "common/run_folder/files.h"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <system_error>

#include "common/base/error.h"

namespace tacit {
namespace {

[[noreturn]] void fail_write(const std::filesystem::path& path, const std::string& reason) {
  throw InputError(ExitCode::run_folder,
                   path.string() + ": cannot be written (" + reason +
                       "); check permissions and free space, or name another folder with --out");
}

std::string reason_of_errno() { return std::generic_category().message(errno); }

}  // namespace

void write_atomically(const std::filesystem::path& path, std::string_view text) {
  // The process id keeps two writers of one file apart; the last rename wins as a whole.
  std::filesystem::path temporary = path;
  temporary.replace_filename("." + path.filename().string() + "." + std::to_string(getpid()));
  std::FILE* file = std::fopen(temporary.c_str(), "wb");
  if (file == nullptr) fail_write(path, reason_of_errno());
  bool written = std::fwrite(text.data(), 1, text.size(), file) == text.size();
  written = std::fflush(file) == 0 && written;
  std::string reason = written ? "" : reason_of_errno();
  if (std::fclose(file) != 0 && written) {
    written = false;
    reason = reason_of_errno();
  }
  std::error_code error;
  if (written) {
    std::filesystem::rename(temporary, path, error);
    if (!error) return;
    reason = error.message();
  }
  std::filesystem::remove(temporary, error);
  fail_write(path, reason);
}

std::string read_text(const std::filesystem::path& path) {
  std::error_code error;
  const bool is_folder = std::filesystem::is_directory(path, error);
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (is_folder || !file) {
    const std::string reason = is_folder ? "it is a folder" : reason_of_errno();
    throw InputError(ExitCode::unreadable_input,
                     path.string() + ": cannot be read (" + reason + ")");
  }
  std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (file.bad()) {
    throw InputError(ExitCode::unreadable_input,
                     path.string() + ": reading stopped in the middle (" + reason_of_errno() + ")");
  }
  return text;
}

}  // namespace tacit
