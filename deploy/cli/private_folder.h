#pragma once

#include <filesystem>
#include <string>

namespace tacit {

/// A temporary folder that only this user can look into, gone with this object. What a program
/// leaves that is killed goes with the next one: a folder is locked while somebody needs it.
class PrivateFolder {
 public:
  /// @throws InputError (run_folder) if there is no place for it
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
