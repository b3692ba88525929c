#include "common/process/key_files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>
#include <set>

#include "common/base/error.h"

namespace tacit {
namespace {

constexpr mode_t kOthersAtAll = 077;
constexpr mode_t kOthersWriting = 022;
constexpr std::size_t kLongestFileBytes = std::size_t{1} << 24;

[[noreturn]] void refuse(const std::filesystem::path& path, const std::string& why) {
  throw InputError(ExitCode::authentication, path.string() + ": " + why);
}

[[noreturn]] void cannot_write(const std::filesystem::path& path) {
  throw InputError(ExitCode::run_folder, "cannot write " + path.string() + ": " +
                                             std::strerror(errno) +
                                             "; name another folder with --out");
}

/// A descriptor that closes itself.
class File {
 public:
  File(const std::filesystem::path& path, int flags, mode_t mode = 0)
      : descriptor_(open(path.c_str(), flags | O_CLOEXEC, mode)) {}
  ~File() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

std::string secret_name(ProcessId id, std::size_t agent_count) {
  return index_of(id) == agent_count ? "coordinator.secret" : "agent-" + to_string(id) + ".secret";
}

void write_new(const std::filesystem::path& path, const nlohmann::ordered_json& content,
               mode_t mode) {
  const File file(path, O_WRONLY | O_CREAT | O_EXCL, mode);
  const std::string text = content.dump(2) + "\n";
  if (file.descriptor() < 0 ||
      write(file.descriptor(), text.data(), text.size()) != static_cast<ssize_t>(text.size())) {
    cannot_write(path);
  }
}

/// @param forbidden  permission bits that would let other users in
/// @param remedy     the mode that is right
void require_private(const std::filesystem::path& path, int descriptor, mode_t forbidden,
                     const std::string& remedy) {
  struct stat status {};
  if (fstat(descriptor, &status) != 0) refuse(path, std::strerror(errno));
  if (status.st_uid != geteuid() && status.st_uid != 0) {
    refuse(path, "belongs to somebody else: it must belong to who runs this process");
  }
  if ((status.st_mode & forbidden) == 0) return;
  refuse(path, std::string(forbidden == kOthersAtAll ? "others can read it: its secret may be known"
                                                     : "others can change it") +
                   "; chmod " + remedy + " " + path.string() +
                   (forbidden == kOthersAtAll ? ", or make new keys" : ""));
}

nlohmann::json read_private(const std::filesystem::path& path, mode_t forbidden,
                            const std::string& remedy) {
  const File file(path, O_RDONLY);
  if (file.descriptor() < 0) {
    refuse(path, std::string(std::strerror(errno)) +
                     ": copy it from where 'tacit keys' made the keys of this experiment");
  }
  require_private(path, file.descriptor(), forbidden, remedy);
  std::string text;
  char block[4096];
  ssize_t size = 0;
  while ((size = read(file.descriptor(), block, sizeof block)) > 0 &&
         text.size() < kLongestFileBytes) {
    text.append(block, static_cast<std::size_t>(size));
  }
  if (size < 0) refuse(path, std::strerror(errno));
  auto content = nlohmann::json::parse(text, nullptr, false);
  if (!content.is_object()) refuse(path, "is damaged: copy it again");
  return content;
}

std::string key_in(const nlohmann::json& content, const char* field,
                   const std::filesystem::path& path) {
  const auto found = content.find(field);
  if (found == content.end() || !found->is_string() ||
      !is_key(found->get_ref<const std::string&>())) {
    refuse(path, std::string("'") + field + "' is no key of 40 letters (Z85): copy it again");
  }
  return found->get<std::string>();
}

std::map<ProcessId, std::string> read_allowed(const std::filesystem::path& path,
                                              std::size_t agent_count) {
  const auto content = read_private(path, kOthersWriting, "go-w");
  std::map<ProcessId, std::string> allowed;
  std::set<std::string> different;
  for (std::size_t k = 0; k <= agent_count; ++k) {
    const ProcessId id = process_id(k);
    if (!content.contains(to_string(id))) {
      refuse(path, "has no key of " + process_name(id, agent_count) +
                       ": make keys for this very experiment, with the same -s");
    }
    const std::string key = key_in(content, to_string(id).c_str(), path);
    if (!different.insert(key_bytes(key)).second) {
      refuse(path, process_name(id, agent_count) + " has the key of another process");
    }
    allowed[id] = key;
  }
  if (content.size() != agent_count + 1) {
    refuse(path, "has keys of " + std::to_string(content.size()) +
                     " processes, but this experiment has " + std::to_string(agent_count + 1) +
                     " with its coordinator: make keys for this very experiment");
  }
  return allowed;
}

}  // namespace

void write_keys(const std::filesystem::path& folder, std::size_t agent_count) {
  std::error_code error;
  if (folder.has_parent_path()) std::filesystem::create_directories(folder.parent_path(), error);
  if (mkdir(folder.c_str(), 0700) != 0) {
    if (errno != EEXIST) cannot_write(folder);
    if (!std::filesystem::is_directory(folder, error) ||
        !std::filesystem::is_empty(folder, error)) {
      throw InputError(ExitCode::run_folder,
                       folder.string() +
                           " is not empty, and keys that may be in use are not "
                           "replaced: name another folder with --out");
    }
    if (chmod(folder.c_str(), 0700) != 0) cannot_write(folder);
  }
  nlohmann::ordered_json allowed;
  for (std::size_t k = 0; k <= agent_count; ++k) {
    const ProcessId id = process_id(k);
    const KeyPair pair = make_key_pair();
    allowed[to_string(id)] = pair.public_key;
    write_new(folder / secret_name(id, agent_count),
              {{"process", k}, {"public_key", pair.public_key}, {"secret_key", pair.secret_key}},
              0600);
  }
  write_new(folder / "allowed.json", allowed, 0644);
}

Keyring read_keys(const std::filesystem::path& folder, ProcessId self, std::size_t agent_count) {
  const File directory(folder, O_RDONLY | O_DIRECTORY);
  if (directory.descriptor() < 0) {
    refuse(folder, std::string(std::strerror(errno)) + ": make it with 'tacit keys'");
  }
  require_private(folder, directory.descriptor(), kOthersWriting, "700");
  Keyring keys;
  keys.allowed = read_allowed(folder / "allowed.json", agent_count);
  const auto path = folder / secret_name(self, agent_count);
  const auto content = read_private(path, kOthersAtAll, "600");
  keys.own.secret_key = key_in(content, "secret_key", path);
  keys.own.public_key = public_key_of(keys.own.secret_key);
  if (keys.own.public_key != keys.allowed.at(self)) {
    refuse(path, "is not the secret of " + process_name(self, agent_count) +
                     " that allowed.json beside it expects: take both from one 'tacit keys'");
  }
  return keys;
}

}  // namespace tacit
