#include "deploy/cli/private_folder.h"

#include <cstdlib>
#include <cstring>

#include "common/base/error.h"

namespace tacit {

PrivateFolder::PrivateFolder() {
  std::error_code error;
  const auto parent = std::filesystem::temp_directory_path(error);
  if (error) throw InputError(ExitCode::run_folder, "no temporary folder: set TMPDIR");
  std::string text = (parent / "tacit-XXXXXX").string();
  if (mkdtemp(text.data()) == nullptr) {
    throw InputError(ExitCode::run_folder,
                     "cannot make " + text + ": " + std::strerror(errno) + "; set TMPDIR");
  }
  path_ = text;
}

PrivateFolder::~PrivateFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace tacit
