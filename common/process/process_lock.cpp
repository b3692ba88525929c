#include "common/process/process_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <sstream>

#include "common/base/error.h"
#include "common/results/files.h"

namespace tacit {

ProcessLock::ProcessLock(const std::filesystem::path& path, const std::string& objection) {
  std::error_code error;
  make_folders(path.parent_path(), error);
  descriptor_ = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  const auto fail = [&] {
    const std::string why = reason_of_errno();
    if (descriptor_ >= 0) close(descriptor_);
    throw InputError(ExitCode::run_folder, "cannot write " + path.string() + ": " + why +
                                               "; make room there, or choose another folder");
  };
  if (descriptor_ < 0) fail();
  if (flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
    close(descriptor_);
    throw InputError(ExitCode::mismatch, objection + " (it holds " + path.string() + ")");
  }
  const std::string holder = std::to_string(getpid()) + " " + host_name() + "\n";
  const auto size = static_cast<ssize_t>(holder.size());
  if (ftruncate(descriptor_, 0) != 0 ||
      pwrite(descriptor_, holder.data(), holder.size(), 0) != size) {
    fail();
  }
}

ProcessLock::~ProcessLock() { close(descriptor_); }

std::optional<LockHolder> holder_of(const std::filesystem::path& path) {
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return std::nullopt;
  const bool is_free = flock(descriptor, LOCK_SH | LOCK_NB) == 0;
  std::array<char, 512> text{};
  const ssize_t size = pread(descriptor, text.data(), text.size() - 1, 0);
  close(descriptor);
  if (is_free) return std::nullopt;
  LockHolder holder{0, ""};
  std::istringstream(std::string(text.data(), size > 0 ? static_cast<std::size_t>(size) : 0)) >>
      holder.process >> holder.host;
  return holder;
}

std::string host_name() {
  std::array<char, 256> name{};
  return gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

}  // namespace tacit
