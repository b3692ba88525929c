// Training and running the policies of buildings, against the same in torch (reference_ppo.py, on
// one thread): same environment and data, networks, batch, epochs; the runs act on the very same
// network. Seconds are the processor's, of one thread; the turns alternate, medians are compared.
//
// ppo_training: environment steps per second, collecting and learning. ppo_run: hours of a building
// per second in seven buildings' run of 3,000 hours, all of grid.toml's machines in one process,
// against a loop in numpy that asks torch for one building at a time.
//
// What torch reaches depends on the BLAS it finds: on the slow reference BLAS there is no headline,
// and the ratio on it is printed as a figure of its own.
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "agent/catalog.h"
#include "agent/learning/ppo/policy_network.h"
#include "agent/learning/ppo/ppo.h"
#include "agent/systems/grid/building_training.h"
#include "agent/systems/grid/synthetic_district.h"
#include "bench/figure.h"
#include "common/base/fingerprint.h"
#include "common/experiment/experiment.h"
#include "common/simulation/lockstep.h"
#include "tests/support/temporary_folder.h"

namespace tacit::grid {
namespace {

constexpr int kTurnCount = 7;
constexpr int kReferenceIterations = 8;
constexpr int kSlowIterations = 2;  // of 5,120 steps, a second each
constexpr std::size_t kIterations = 20;
constexpr double kBuildingHours = 7 * 3000;
const std::string kReferenceBlas = "/usr/lib/x86_64-linux-gnu/blas";

double processor_s() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

/// What the reference prints; empty if it fails.
std::string ask_reference(const std::string& variables, const std::string& arguments) {
  const std::string command = "OPENBLAS_NUM_THREADS=1 " + variables +
                              " /usr/bin/python3 " TACIT_PPO_REFERENCE " " + arguments;
  FILE* const pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return "";
  std::string answer;
  for (int letter = std::fgetc(pipe); letter != EOF; letter = std::fgetc(pipe)) {
    answer.push_back(static_cast<char>(letter));
  }
  return pclose(pipe) == 0 ? answer : "";
}

struct Measured {
  double value;    ///< steps per second, or seconds
  double outcome;  ///< mean return, or energy bought: to see that both do the same
};

Measured measure_reference(const std::string& variables, const std::string& arguments) {
  const std::string answer = ask_reference(variables, arguments);
  Measured measured{};
  if (std::sscanf(answer.c_str(), "%lf %lf", &measured.value, &measured.outcome) != 2) {
    std::fprintf(stderr, "bench_ppo: the reference failed: %s\n", arguments.c_str());
    std::exit(1);
  }
  return measured;
}

void write_district(const District& district, const std::string& path) {
  std::ofstream file(path);
  file.precision(17);
  for (std::size_t t = 0; t < district.hour_count(); ++t) {
    file << district.hour[t] << ',' << district.price[t];
    for (const BuildingSeries& building : district.buildings) file << ',' << building.demand_kwh[t];
    for (const BuildingSeries& building : district.buildings) file << ',' << building.solar_kwh[t];
    file << '\n';
  }
}

Measured train(const std::shared_ptr<const District>& district, std::vector<std::byte>& policy) {
  Measured measured{};
  PpoConfig config;
  config.iteration_count = kIterations;
  const double start = processor_s();
  policy =
      train_ppo(
          [&](std::size_t) {
            return std::make_unique<BuildingEpisodes>(district, BuildingParameters{}, DualConfig{});
          },
          config, 1, [&](double, double mean) { measured.outcome = mean; })
          .bytes();
  const double steps =
      static_cast<double>(kIterations * config.environment_count * config.step_count);
  measured.value = steps / (processor_s() - start);
  return measured;
}

Measured run(const Experiment& experiment, const std::vector<std::byte>& policy) {
  Policies policies;
  const auto shared = std::make_shared<const std::vector<std::byte>>(policy);
  std::vector<std::unique_ptr<Machine>> machines;
  std::vector<Machine*> pointers;
  for (std::size_t agent = 0; agent < experiment.agent_count(); ++agent) {
    policies[experiment.system().policy_key(process_id(agent)).value()] = shared;
    machines.push_back(experiment.make_machine(process_id(agent), policies));
    pointers.push_back(machines.back().get());
  }
  double bought = 0;
  Lockstep lockstep(pointers, experiment.links(),
                    [&](ProcessId, Round, std::span<const Sample> row) {
                      for (const Sample& sample : row) {
                        if (sample.name == "grid_kwh") bought += sample.value;
                      }
                    });
  const double start = processor_s();
  lockstep.run(0, experiment.system().round_count(), 1);
  return {processor_s() - start, bought};
}

/// Where the reference finds what both sides use.
struct Files {
  tacit::testing::TemporaryFolder folder;
  std::string district = folder.path("district.csv");
  std::string policy = folder.path("policy");
};

/// One figure: a value per turn of ours and of the reference.
struct Figure {
  std::vector<double> ours;
  std::vector<double> reference;
};

int bench() {
  const std::string blas = ask_reference("", "blas");
  if (blas.empty()) {
    std::fprintf(stderr,
                 "bench_ppo: the reference needs torch: apt-get install python3-torch "
                 "python3-numpy libopenblas0-pthread\n");
    return 1;
  }
  std::printf("BLAS of torch: %s", blas.c_str());
  const bool is_fast = blas.find("libopenblas") != std::string::npos;
  const bool has_slow = std::ifstream(kReferenceBlas + "/libblas.so.3").good();

  const Files files;
  const auto district = synthetic_district(1);
  write_district(*district, files.district);
  // Drawn actions would differ from the reference's.
  const auto experiment =
      Experiment::load(TACIT_EXPERIMENTS "/grid.toml", {"grid.actions=greedy"}, systems());
  Figure training, slow_training, running;
  Measured ours{};
  Measured reference{};
  const auto words = [&](int iterations) {
    return "train " + files.district + " " + std::to_string(iterations);
  };
  for (int turn = 0; turn < kTurnCount; ++turn) {
    std::vector<std::byte> policy;
    training.ours.push_back(train(district, policy).value);
    training.reference.push_back(measure_reference("", words(kReferenceIterations)).value);
    slow_training.ours.push_back(training.ours.back());
    if (has_slow) {
      slow_training.reference.push_back(
          measure_reference("LD_LIBRARY_PATH=" + kReferenceBlas, words(kSlowIterations)).value);
    }
    std::ofstream(files.policy, std::ios::binary)
        .write(reinterpret_cast<const char*>(policy.data()),
               static_cast<std::streamsize>(policy.size()));
    ours = run(experiment, policy);
    running.ours.push_back(kBuildingHours / ours.value);
    reference = measure_reference("", "run " + files.district + " " + files.policy);
    running.reference.push_back(kBuildingHours / reference.value);
  }
  std::printf("bought in the run: ours %.3f, reference %.3f kWh\n", ours.outcome,
              reference.outcome);
  const auto print = [](const char* name, const Figure& figure, const char* unit) {
    bench::print_figure(name, figure.ours, figure.reference, unit);
  };
  if (has_slow) print("ppo_training_on_reference_blas", slow_training, "env-steps/s");
  if (is_fast) {
    print("ppo_training", training, "env-steps/s");
    print("ppo_run", running, "building-hours/s");
  } else {
    std::printf("no headline on this BLAS: apt-get install libopenblas0-pthread\n");
  }
  // Choices of equal worth may fall differently in the last bit of a network's output.
  return std::abs(ours.outcome - reference.outcome) < 1e-3 * reference.outcome ? 0 : 1;
}

}  // namespace
}  // namespace tacit::grid

int main() {
  tacit::fix_arithmetic();
  return tacit::grid::bench();
}
