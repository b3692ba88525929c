#include "common/base/read_file.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string_view>
#include <system_error>

#include "common/base/error.h"

namespace tacit {
namespace {

constexpr std::size_t kBlock = std::size_t{1} << 16;

/// Closes the descriptor in every case.
struct Descriptor {
  explicit Descriptor(int opened) : number(opened) {}
  ~Descriptor() {
    if (number >= 0) close(number);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  const int number;
};

/// Whether a path names a descriptor that this process was given, such as a shell's <(...).
bool is_given(const std::string& path) {
  return path == "/dev/stdin" || path.starts_with("/dev/fd/") || path.starts_with("/proc/self/fd/");
}

std::string kind_of(mode_t mode) {
  if (S_ISDIR(mode)) return "it is a folder";
  if (S_ISFIFO(mode)) return "it is a FIFO, not a regular file";
  return "it is a device, not a regular file";
}

}  // namespace

std::string reason_of_errno() {
  std::string reason = std::generic_category().message(errno);
  rlimit limit{};
  if (errno == EMFILE && getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    reason += ": " + std::to_string(limit.rlim_cur) + ", see ulimit -n";
  }
  return reason;
}

std::string read_text(const std::filesystem::path& path, std::size_t size_most) {
  const auto refuse = [&](const std::string& why, ExitCode code = ExitCode::unreadable_input) {
    throw InputError(code, path.string() + ": " + why);
  };
  // O_NONBLOCK keeps open() from waiting for the writer of a FIFO.
  const int waiting = is_given(path) ? 0 : O_NONBLOCK;
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | waiting));
  struct stat facts {};
  if (file.number < 0 || fstat(file.number, &facts) != 0) {
    const bool too_many_open = errno == EMFILE || errno == ENFILE;
    refuse("cannot be read (" + reason_of_errno() + ")",
           too_many_open ? ExitCode::run_folder : ExitCode::unreadable_input);
  }
  const bool may_be_read = S_ISREG(facts.st_mode) || (is_given(path) && !S_ISDIR(facts.st_mode));
  if (!may_be_read) refuse("cannot be read (" + kind_of(facts.st_mode) + ")");
  std::string text;
  for (ssize_t size = 1; size != 0 && text.size() <= size_most;) {
    const std::size_t before = text.size();
    text.resize(before + kBlock);
    size = read(file.number, text.data() + before, kBlock);
    const bool failed = size < 0 && errno != EINTR;
    const std::string reason = failed ? reason_of_errno() : "";
    text.resize(before + static_cast<std::size_t>(size > 0 ? size : 0));
    if (failed) refuse("reading stopped in the middle (" + reason + ")");
  }
  if (text.size() > size_most) refuse("has more than " + std::to_string(size_most) + " bytes");
  return text;
}

}  // namespace tacit
