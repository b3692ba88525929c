// Checks golden values of patrol's policies: the table of one, and the exact gradient of a team.

#include <gtest/gtest.h>

#include <cmath>

#include "agent/systems/patrol/exact_gradient.h"
#include "agent/systems/patrol/multipliers.h"
#include "common/proximity/floor_plan.h"
#include "tests/golden/golden_case.h"
#include "tests/golden/patrol_cases.h"

namespace tacit {
namespace {

using nlohmann::json;
using namespace tacit::patrol;

constexpr double kTableTolerance = 1e-6;
constexpr double kGradientTolerance = 1e-5;  // of the gradient's norm, and of the objective
constexpr std::size_t kRobots = 5;
const PolicyShape kShape{12, 6};

/// theta[i] = scale sin(0.7 (i + 1) + phase), as the golden file has it in words.
PatrolPolicy wave_policy(double scale, double phase) {
  Eigen::VectorXf parameters(static_cast<Eigen::Index>(kShape.parameter_count()));
  for (Eigen::Index i = 0; i < parameters.size(); ++i) {
    parameters[i] = static_cast<float>(scale * std::sin(0.7 * static_cast<double>(i + 1) + phase));
  }
  return {kShape, parameters};
}

}  // namespace

void check_policy(const json& golden_case) {
  GoldenObject golden(golden_case);
  const PatrolPolicy policy = wave_policy(0.3, golden["q"]);
  const ActionTable table = policy.table(normalised(golden["lam"].get<std::vector<double>>()));
  const json& rows = golden["pi"];
  ASSERT_EQ(rows.size(), kShape.tile_count);
  for (std::size_t tile = 0; tile < rows.size(); ++tile) {
    ASSERT_EQ(rows[tile].size(), kShape.zone_count);
    for (std::size_t zone = 0; zone < kShape.zone_count; ++zone) {
      EXPECT_NEAR(table.probability(tile, zone), rows[tile][zone].get<double>(), kTableTolerance)
          << "tile " << tile << ", zone " << zone;
    }
  }
}

void check_exact_pg(const json& golden_case) {
  GoldenObject golden(golden_case);
  const std::size_t active = golden["active"];
  const double q = golden["q"];
  const auto rows = golden["lam"].get<std::vector<std::vector<double>>>();
  ASSERT_EQ(ExactGradient::kBatch % rows.size(), 0u) << "the batch repeats the case's weights";
  Eigen::MatrixXf weights(static_cast<Eigen::Index>(kShape.zone_count), ExactGradient::kBatch);
  for (Eigen::Index b = 0; b < weights.cols(); ++b) {
    for (Eigen::Index m = 0; m < weights.rows(); ++m) {
      weights(m, b) = static_cast<float>(
          rows[static_cast<std::size_t>(b) % rows.size()][static_cast<std::size_t>(m)]);
    }
  }
  std::vector<PatrolPolicy> team;
  std::vector<PatrolPolicy::Pass> passes(kRobots);
  for (std::size_t n = 0; n < kRobots; ++n) {
    team.push_back(wave_policy(0.02, static_cast<double>(n) + 10 * q));
    passes[n].weights = weights;
    team[n].forward(passes[n]);
  }
  const Lattice lattice(read_floor_plan(default_floor_plan(), "default"), 1, "default");
  Eigen::MatrixXf logit_gradient;
  const double objective =
      ExactGradient(lattice, golden["T0"]).evaluate(passes, active, logit_gradient);
  Eigen::VectorXf gradient = Eigen::VectorXf::Zero(team[active].parameters().size());
  team[active].backward(passes[active], logit_gradient, gradient);

  const double golden_objective = golden["objective"];
  EXPECT_NEAR(objective, golden_objective, kGradientTolerance * golden_objective);
  const double norm = golden["grad_l2"];
  EXPECT_NEAR(gradient.norm(), norm, kGradientTolerance * norm);
  const auto expect_entries = [&](const json& values, Eigen::Index first, const char* what) {
    for (std::size_t i = 0; i < values.size(); ++i) {
      EXPECT_NEAR(gradient[first + static_cast<Eigen::Index>(i)], values[i].get<double>(),
                  kGradientTolerance * norm)
          << what << "[" << i << "]";
    }
  };
  expect_entries(golden["grad_first8"], 0, "grad_first8");
  const json& output_bias = golden["grad_b2"];
  expect_entries(output_bias, gradient.size() - static_cast<Eigen::Index>(output_bias.size()),
                 "grad_b2");
}

}  // namespace tacit
