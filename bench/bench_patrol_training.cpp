// The exact gradient by which the policies of a patrolling team are trained, against the same in
// numpy (reference_patrol.py, on one thread): five robots on the default plan, 32 vectors of
// weights, T0 = 100, networks included. Gradients per second of the processor; the turns alternate,
// medians are compared. The policies are untrained: trained ones lead numpy, which cannot switch
// them off, into numbers too small for full precision, and make it several times slower.
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <string>
#include <vector>

#include "agent/systems/patrol/exact_gradient.h"
#include "bench/figure.h"
#include "common/base/fingerprint.h"
#include "common/proximity/floor_plan.h"
#include "tests/support/temporary_folder.h"

namespace tacit::patrol {
namespace {

constexpr int kTurnCount = 7;
constexpr int kOurGradients = 200;
constexpr int kReferenceGradients = 5;
constexpr std::size_t kRobots = 5;
constexpr std::size_t kActive = 2;
constexpr std::size_t kRolloutSteps = 100;

double processor_s() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

struct Measured {
  double per_second = 0;
  double objective = 0;
  double norm = 0;  ///< of the gradient: to see that both compute the same
};

/// What both sides are given.
struct Case {
  Lattice lattice{read_floor_plan(default_floor_plan(), "default"), 1, "default"};
  std::vector<PatrolPolicy> team;
  Eigen::MatrixXf weights{static_cast<Eigen::Index>(lattice.zone_count()), ExactGradient::kBatch};

  Case() {
    RandomStream stream(1, process_id(0), purpose("bench.patrol"), 0);
    for (float& weight : weights.reshaped()) weight = static_cast<float>(to_unit(stream()));
    for (std::size_t n = 0; n < kRobots; ++n) {
      team.push_back(PatrolPolicy::initial({lattice.tile_count(), lattice.zone_count()}, stream));
    }
  }
};

void write(const Case& given, const std::string& path) {
  std::ofstream file(path, std::ios::binary);
  const auto put = [&](const auto* values, std::size_t count) {
    file.write(reinterpret_cast<const char*>(values),
               static_cast<std::streamsize>(count * sizeof *values));
  };
  const Lattice& lattice = given.lattice;
  const std::size_t zones = lattice.zone_count();
  std::vector<std::int64_t> sizes;
  for (const std::size_t size : {kRobots, kActive, kRolloutSteps, lattice.size(),
                                 lattice.tile_count(), zones, ExactGradient::kBatch}) {
    sizes.push_back(static_cast<std::int64_t>(size));
  }
  std::vector<std::int32_t> next, tiles;
  std::vector<float> inside;
  for (std::size_t p = 0; p < lattice.size(); ++p) {
    const auto place = static_cast<Place>(p);
    tiles.push_back(static_cast<std::int32_t>(lattice.tile(place)));
    for (std::size_t zone = 0; zone < zones; ++zone) {
      next.push_back(lattice.next(place, zone));
      inside.push_back((lattice.zones(place) >> zone & 1) != 0 ? 1.0F : 0.0F);
    }
  }
  put(sizes.data(), sizes.size());
  put(next.data(), next.size());
  put(tiles.data(), tiles.size());
  put(inside.data(), inside.size());
  put(given.weights.data(), static_cast<std::size_t>(given.weights.size()));
  for (const PatrolPolicy& policy : given.team) {
    put(policy.parameters().data(), static_cast<std::size_t>(policy.parameters().size()));
  }
}

Measured measure_ours(const Case& given) {
  ExactGradient exact(given.lattice, kRolloutSteps);
  std::vector<PatrolPolicy::Pass> passes(kRobots);
  for (PatrolPolicy::Pass& pass : passes) pass.weights = given.weights;
  Eigen::MatrixXf logit_gradient;
  Eigen::VectorXf gradient;
  Measured measured;
  const double start = processor_s();
  for (int k = 0; k < kOurGradients; ++k) {
    for (std::size_t n = 0; n < kRobots; ++n) given.team[n].forward(passes[n]);
    measured.objective = exact.evaluate(passes, kActive, logit_gradient);
    gradient.setZero(given.team[kActive].parameters().size());
    given.team[kActive].backward(passes[kActive], logit_gradient, gradient);
  }
  measured.per_second = kOurGradients / (processor_s() - start);
  measured.norm = gradient.norm();
  return measured;
}

Measured measure_reference(const std::string& path) {
  const std::string command = "OPENBLAS_NUM_THREADS=1 /usr/bin/python3 " TACIT_PATROL_REFERENCE
                              " " +
                              path + " " + std::to_string(kReferenceGradients);
  FILE* const pipe = popen(command.c_str(), "r");
  Measured measured;
  double seconds = 0;
  const int read = pipe == nullptr ? 0
                                   : std::fscanf(pipe, "%lf %lf %lf", &seconds, &measured.objective,
                                                 &measured.norm);
  if (pipe == nullptr || pclose(pipe) != 0 || read != 3) {
    std::fprintf(stderr,
                 "bench_patrol_training: the reference failed; it needs numpy: apt-get install "
                 "python3-numpy libopenblas0-pthread\n");
    std::exit(1);
  }
  measured.per_second = 1 / seconds;
  return measured;
}

int bench() {
  const Case given;
  const tacit::testing::TemporaryFolder folder;
  const std::string path = folder.path("case");
  write(given, path);
  std::vector<double> ours, reference;
  Measured our, their;
  for (int turn = 0; turn < kTurnCount; ++turn) {
    our = measure_ours(given);
    their = measure_reference(path);
    ours.push_back(our.per_second);
    reference.push_back(their.per_second);
  }
  std::printf("objective: ours %.7f, reference %.7f; norm of the gradient: %.6g, %.6g\n",
              our.objective, their.objective, our.norm, their.norm);
  bench::print_figure("patrol_gradient", ours, reference, "gradients/s");
  const auto agree = [](double a, double b) { return std::abs(a - b) < 1e-4 * std::abs(b); };
  return agree(our.objective, their.objective) && agree(our.norm, their.norm) ? 0 : 1;
}

}  // namespace
}  // namespace tacit::patrol

int main() {
  tacit::fix_arithmetic();
  return tacit::patrol::bench();
}
