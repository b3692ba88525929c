#pragma once

#include <filesystem>
#include <string>

namespace tacit {

/// A temporary folder that only this user can read, removed with this object. A folder left by a
/// killed program is removed by the next program: a folder is locked while it is in use.
class PrivateFolder {
 public:
  /// @throws InputError (run_folder) if it cannot be made
  PrivateFolder();
  ~PrivateFolder();
  PrivateFolder(const PrivateFolder&) = delete;
  PrivateFolder& operator=(const PrivateFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
  int lock_ = -1;  ///< descriptor of the folder
};

}  // namespace tacit
