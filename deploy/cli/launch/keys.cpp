#include "deploy/cli/launch/keys.h"

#include <filesystem>

#include "common/process/key_files.h"
#include "common/results/files.h"
#include "deploy/cli/private_folder.h"

namespace tacit {
std::map<std::string, std::string> fresh_keys(std::size_t agent_count) {
  const PrivateFolder folder;
  write_keys(folder.path(), agent_count);
  std::map<std::string, std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
    files[entry.path().filename().string()] = read_text(entry.path());
  }
  return files;
}

std::string secret_file(std::size_t process, std::size_t agent_count) {
  return process == agent_count ? "coordinator.secret"
                                : "agent-" + std::to_string(process) + ".secret";
}

}  // namespace tacit
