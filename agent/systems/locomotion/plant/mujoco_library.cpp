#ifdef TACIT_HAS_MUJOCO

#include "agent/systems/locomotion/plant/mujoco_library.h"

#include <dlfcn.h>

#include <optional>
#include <string>

#include "common/base/check.h"

namespace tacit {

namespace {

// MuJoCo's own handlers write a log file, or wait for a key and exit.
void ignore_warning(const char*) {}
void fail_on_error(const char* message) { TACIT_CHECK(message == nullptr, message); }

// Structures differ between versions, and the file name contains the version.
std::string file_name() {
  const int version = mjVERSION_HEADER;
  return "libmujoco.so." + std::to_string(version / 100) + "." + std::to_string(version / 10 % 10) +
         "." + std::to_string(version % 10);
}

std::optional<MujocoLibrary> load() {
  void* file = dlopen(file_name().c_str(), RTLD_NOW | RTLD_LOCAL);
  if (file == nullptr) return std::nullopt;
  const auto find = [file]<typename T>(T& symbol, const char* name) {
    symbol = reinterpret_cast<T>(dlsym(file, name));
    TACIT_CHECK(symbol != nullptr, name);
  };
  MujocoLibrary library;
  find(library.default_files, "mj_defaultVFS");
  find(library.make_file, "mj_makeEmptyFileVFS");
  find(library.delete_files, "mj_deleteVFS");
  find(library.load_xml, "mj_loadXML");
  find(library.delete_model, "mj_deleteModel");
  find(library.make_data, "mj_makeData");
  find(library.reset_data, "mj_resetData");
  find(library.delete_data, "mj_deleteData");
  find(library.step, "mj_step");
  find(library.contact_forces, "mj_rnePostConstraint");
  find(library.total_mass, "mj_getTotalmass");
  decltype(&mju_user_warning) warning;
  decltype(&mju_user_error) error;
  find(warning, "mju_user_warning");
  find(error, "mju_user_error");
  *warning = ignore_warning;
  *error = fail_on_error;
  return library;
}

}  // namespace

const MujocoLibrary* mujoco_library() {
  static const std::optional<MujocoLibrary> library = load();
  return library ? &*library : nullptr;
}

}  // namespace tacit

#endif
