#pragma once

#include <mujoco/mujoco.h>

namespace tacit {

/// The functions of MuJoCo that a plant needs, loaded when the first plant is made: linking the
/// library would cost every process of every run 0.4 ms at its start and 110 kB.
struct MujocoLibrary {
  decltype(&mj_defaultVFS) default_files;
  decltype(&mj_makeEmptyFileVFS) make_file;
  decltype(&mj_deleteVFS) delete_files;
  decltype(&mj_loadXML) load_xml;
  decltype(&mj_deleteModel) delete_model;
  decltype(&mj_makeData) make_data;
  decltype(&mj_resetData) reset_data;
  decltype(&mj_deleteData) delete_data;
  decltype(&mj_step) step;
  decltype(&mj_rnePostConstraint) contact_forces;
  decltype(&mj_getTotalmass) total_mass;
};

/// The library of exactly the version that this program was compiled for, or nothing if it cannot
/// be loaded. Its warnings are silenced; its errors are our bugs.
const MujocoLibrary* mujoco_library();

}  // namespace tacit
