#include "coordinator/plant/simulation.h"

#include "common/base/check.h"
#include "common/base/error.h"

#ifdef TACIT_HAS_MUJOCO

#include <mujoco/mujoco.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace tacit {

namespace {

constexpr const char* kFile = "body.xml";

// MuJoCo's own handlers write a log file, or wait for a key and exit.
void ignore_warning(const char*) {}
void fail_on_error(const char* message) { TACIT_CHECK(message == nullptr, message); }

void take_over_messages() {
  static const bool is_done = [] {
    mju_user_warning = ignore_warning;
    mju_user_error = fail_on_error;
    return true;
  }();
  static_cast<void>(is_done);
}

mjModel* compile(const std::string& mjcf) {
  take_over_messages();
  const auto files = std::make_unique<mjVFS>();  // two megabytes: not on the stack
  mj_defaultVFS(files.get());
  const int made = mj_makeEmptyFileVFS(files.get(), kFile, static_cast<int>(mjcf.size()));
  TACIT_CHECK(made == 0, "an empty virtual file system takes one file");
  std::ranges::copy(mjcf, static_cast<char*>(files->filedata[0]));
  std::array<char, 1000> error{};
  mjModel* model = mj_loadXML(kFile, files.get(), error.data(), static_cast<int>(error.size()));
  mj_deleteVFS(files.get());
  if (model == nullptr) {
    throw InputError(ExitCode::config, "MuJoCo " + std::string(mj_versionString()) +
                                           " does not take the task's model: " + error.data() +
                                           "; install MuJoCo 2.2.2 as Debian 12 has it");
  }
  return model;
}

// Within what MuJoCo itself would still go on from.
bool are_sound(const mjtNum* numbers, int count) {
  return std::all_of(numbers, numbers + count, [](mjtNum x) { return std::abs(x) <= mjMAXVAL; });
}

// MuJoCo meets a bad state by a warning and a reset of its own.
bool gave_up(const mjData& data) {
  return data.warning[mjWARN_BADQPOS].number > 0 || data.warning[mjWARN_BADQVEL].number > 0 ||
         data.warning[mjWARN_BADQACC].number > 0;
}

}  // namespace

struct Simulation::Engine {
  explicit Engine(const std::string& mjcf) : model(compile(mjcf)), data(mj_makeData(model)) {
    TACIT_CHECK(model->na == 0, "actuators without dynamics: activations are no part of the state");
  }
  ~Engine() {
    mj_deleteData(data);
    mj_deleteModel(model);
  }
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  mjModel* model;
  mjData* data;
};

bool has_mujoco() { return true; }

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
double Simulation::total_mass() const { return mj_getTotalmass(engine_->model); }

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
  const mjModel* model = engine_->model;
  mjData* data = engine_->data;
  std::ranges::copy(state.position, data->qpos);
  std::ranges::copy(state.velocity, data->qvel);
  std::ranges::copy(state.warm_start, data->qacc_warmstart);
  std::ranges::copy(control, data->ctrl);
  data->time = state.time;
  for (int k = 0; k < substep_count; ++k) mj_step(model, data);
  if (gave_up(*data) || !are_sound(data->qpos, model->nq) || !are_sound(data->qvel, model->nv)) {
    mj_resetData(model, data);
    return std::nullopt;
  }
  mj_rnePostConstraint(model, data);
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
