#include "agent/systems/locomotion/plant/simulation.h"

#include "common/base/check.h"
#include "common/base/error.h"

#ifdef TACIT_HAS_MUJOCO

#include <algorithm>
#include <array>
#include <cmath>

#include "agent/systems/locomotion/plant/mujoco_library.h"

namespace tacit {

namespace {

constexpr const char* kFile = "body.xml";

const MujocoLibrary& loaded_library() {
  const MujocoLibrary* library = mujoco_library();
  if (library == nullptr) {
    throw InputError(ExitCode::config,
                     "MuJoCo, which the plant of locomotion needs, cannot be loaded: install "
                     "libmujoco2.2.2, or libmujoco-dev to build again");
  }
  return *library;
}

mjModel* compile(const MujocoLibrary& library, const std::string& mjcf) {
  const auto files = std::make_unique<mjVFS>();  // two megabytes: not on the stack
  library.default_files(files.get());
  const int made = library.make_file(files.get(), kFile, static_cast<int>(mjcf.size()));
  TACIT_CHECK(made == 0, "an empty virtual file system takes one file");
  std::ranges::copy(mjcf, static_cast<char*>(files->filedata[0]));
  std::array<char, 1000> error{};
  mjModel* model =
      library.load_xml(kFile, files.get(), error.data(), static_cast<int>(error.size()));
  library.delete_files(files.get());
  TACIT_CHECK(model != nullptr, error.data());  // the model is our own
  return model;
}

// Within the limits inside which MuJoCo itself continues.
bool are_sound(const mjtNum* numbers, int count) {
  return std::all_of(numbers, numbers + count, [](mjtNum x) { return std::abs(x) <= mjMAXVAL; });
}

// MuJoCo reacts to a bad state with a warning and its own reset.
bool gave_up(const mjData& data) {
  return data.warning[mjWARN_BADQPOS].number > 0 || data.warning[mjWARN_BADQVEL].number > 0 ||
         data.warning[mjWARN_BADQACC].number > 0;
}

}  // namespace

struct Simulation::Engine {
  explicit Engine(const std::string& mjcf)
      : library(loaded_library()), model(compile(library, mjcf)), data(library.make_data(model)) {
    TACIT_CHECK(model->na == 0, "actuators without dynamics: activations are no part of the state");
  }
  ~Engine() {
    library.delete_data(data);
    library.delete_model(model);
  }
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  const MujocoLibrary& library;
  mjModel* model;
  mjData* data;
};

bool has_mujoco() { return mujoco_library() != nullptr; }

Simulation::Simulation(const std::string& mjcf) : engine_(std::make_unique<Engine>(mjcf)) {}
Simulation::~Simulation() = default;

std::size_t Simulation::position_count() const {
  return static_cast<std::size_t>(engine_->model->nq);
}
std::size_t Simulation::velocity_count() const {
  return static_cast<std::size_t>(engine_->model->nv);
}
std::size_t Simulation::actuator_count() const {
  return static_cast<std::size_t>(engine_->model->nu);
}
double Simulation::total_mass() const { return engine_->library.total_mass(engine_->model); }

BodyState Simulation::zero_pose() const {
  const mjModel& model = *engine_->model;
  BodyState state;
  state.position.assign(model.qpos0, model.qpos0 + model.nq);
  state.velocity.assign(velocity_count(), 0.0);
  state.warm_start.assign(velocity_count(), 0.0);
  return state;
}

std::optional<double> Simulation::advance(std::span<const double> control, int substep_count,
                                          BodyState& state) {
  const auto& [library, model, data] = *engine_;
  std::ranges::copy(state.position, data->qpos);
  std::ranges::copy(state.velocity, data->qvel);
  std::ranges::copy(state.warm_start, data->qacc_warmstart);
  std::ranges::copy(control, data->ctrl);
  data->time = state.time;
  for (int k = 0; k < substep_count; ++k) library.step(model, data);
  if (gave_up(*data) || !are_sound(data->qpos, model->nq) || !are_sound(data->qvel, model->nv)) {
    library.reset_data(model, data);
    return std::nullopt;
  }
  library.contact_forces(model, data);
  double square = 0;
  for (int k = 0; k < 6 * model->nbody; ++k) {
    const double wrench = std::clamp(data->cfrc_ext[k], -1.0, 1.0);
    square += wrench * wrench;
  }
  std::copy_n(data->qpos, model->nq, state.position.begin());
  std::copy_n(data->qvel, model->nv, state.velocity.begin());
  std::copy_n(data->qacc_warmstart, model->nv, state.warm_start.begin());
  state.time = data->time;
  return square;
}

}  // namespace tacit

#else

namespace tacit {

struct Simulation::Engine {};

bool has_mujoco() { return false; }

Simulation::Simulation(const std::string&) {
  throw InputError(ExitCode::config,
                   "this build has no MuJoCo, which the plant of locomotion needs: install "
                   "libmujoco-dev, configure and build again");
}
Simulation::~Simulation() = default;

// No object of this class exists without MuJoCo.
std::size_t Simulation::position_count() const { return 0; }
std::size_t Simulation::velocity_count() const { return 0; }
std::size_t Simulation::actuator_count() const { return 0; }
double Simulation::total_mass() const { return 0; }
BodyState Simulation::zero_pose() const { return {}; }
std::optional<double> Simulation::advance(std::span<const double>, int, BodyState&) {
  return std::nullopt;
}

}  // namespace tacit

#endif
