#include "deploy/cli/private_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "common/base/error.h"

namespace tacit {
namespace {

namespace fs = std::filesystem;

/// No folder that a user names begins like this.
constexpr std::string_view kStem = ".tacit-private-";
constexpr int kAttemptsMost = 100;
constexpr std::size_t kNameSize = kStem.size() + 6;

/// Opens the folder itself, not the target of a link of that name; -1 if it cannot be opened.
int open_folder(const fs::path& path) {
  return open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

/// Removes the unlocked folders that killed programs of this user have left.
void remove_abandoned(const fs::path& parent) {
  std::error_code error;
  for (fs::directory_iterator entry(parent, error), end; !error && entry != end;
       entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (!name.starts_with(kStem) || name.size() != kNameSize) continue;
    const int folder = open_folder(entry->path());
    if (folder < 0) continue;
    struct stat facts {};
    const bool is_ours =
        fstat(folder, &facts) == 0 && facts.st_uid == geteuid() && (facts.st_mode & 0777) == 0700;
    if (is_ours && flock(folder, LOCK_EX | LOCK_NB) == 0) {
      std::error_code ignored;
      fs::remove_all(entry->path(), ignored);
    }
    close(folder);
  }
}

/// @return whether the folder of this descriptor still has a name
bool is_there(int folder) {
  struct stat facts {};
  return fstat(folder, &facts) == 0 && facts.st_nlink > 0;
}

[[noreturn]] void fail_to_make(const std::string& path) {
  throw InputError(ExitCode::run_folder,
                   "cannot make " + path + ": " + std::strerror(errno) + "; set TMPDIR");
}

}  // namespace

PrivateFolder::PrivateFolder() {
  std::error_code error;
  const auto parent = fs::temp_directory_path(error);
  if (error) throw InputError(ExitCode::run_folder, "no temporary folder: set TMPDIR");
  remove_abandoned(parent);
  bool locked = false;
  for (int attempt = 0; !locked && attempt < kAttemptsMost; ++attempt) {
    std::string text = (parent / std::string(kStem).append("XXXXXX")).string();
    if (mkdtemp(text.data()) == nullptr) fail_to_make(text);
    path_ = text;
    // Another program may remove it as abandoned before it is opened and locked.
    lock_ = open_folder(text);
    if (lock_ < 0 && errno != ENOENT) fail_to_make(text);
    if (lock_ < 0) continue;
    locked = flock(lock_, LOCK_EX) != 0 || is_there(lock_);
    if (!locked) close(lock_);
  }
  if (!locked) {
    throw InputError(ExitCode::run_folder, "somebody removes the folders of this program from " +
                                               parent.string() +
                                               " as soon as they are made: set TMPDIR");
  }
}

PrivateFolder::~PrivateFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
  close(lock_);
}

}  // namespace tacit
