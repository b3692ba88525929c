#include "agent/systems/offload/team.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "common/base/check.h"

namespace tacit::offload {

const CurveLibrary::Entry& CurveLibrary::entry(const AgentType& type) {
  type.validate();  // Before the look-up: an ordered map cannot hold NaN.
  auto& known = entries_[type];
  if (!known) known = std::make_unique<const Entry>(type);
  return *known;
}

Team make_team(std::span<const AgentType> agents, const Congestion& congestion,
               CurveLibrary& library) {
  Team team{{}, congestion};
  for (const AgentType& type : agents) team.curves.push_back(&library.curve(type));
  return team;
}

TeamAnswer answer_team(const Team& team, std::span<const double> theta) {
  TACIT_CHECK(theta.size() == team.size(), "a budget per agent");
  const double sum = std::accumulate(theta.begin(), theta.end(), 0.0);
  TeamAnswer answer{{theta.begin(), theta.end()}, {}, {}, {}, 0.0};
  double coupling_sum = 0.0;
  for (std::size_t i = 0; i < team.size(); ++i) {
    const double others = sum - theta[i];
    answer.agents.push_back(team.curves[i]->answer(theta[i], team.congestion.price(others)));
    answer.coupling.push_back(answer.agents[i].K * team.congestion.slope(others));
    answer.total += answer.agents[i].J;
    coupling_sum += answer.coupling[i];
  }
  for (std::size_t i = 0; i < team.size(); ++i) {
    answer.gradient.push_back(-answer.agents[i].lambda + coupling_sum - answer.coupling[i]);
  }
  return answer;
}

double total_cost(const Team& team, std::span<const double> f) {
  const double sum = std::accumulate(f.begin(), f.end(), 0.0);
  double total = 0.0;
  for (std::size_t i = 0; i < team.size(); ++i) {
    total += team.curves[i]->local_cost(f[i]) + f[i] * team.congestion.price(sum - f[i]);
  }
  return total;
}

std::vector<double> run_slow_loop(const Team& team, std::vector<double> theta, int step_count,
                                  const SlowLoop& rule) {
  const auto count = static_cast<double>(team.size());
  const double first_step = rule.step / (count * std::max(1.0, team.congestion.alpha()));
  const double largest = rule.step_max / count;
  for (int n = 0; n < step_count; ++n) {
    const double step = first_step / std::pow(1.0 + n / rule.delay, 0.602);
    const std::vector<double> gradient = answer_team(team, theta).gradient;
    for (std::size_t i = 0; i < theta.size(); ++i) {
      const double change = std::clamp(step * gradient[i], -largest, largest);
      theta[i] = std::clamp(theta[i] - change, rule.floor, 1.0);
    }
  }
  return theta;
}

std::vector<double> selfish_frequencies(const Team& team) {
  constexpr int kTurnMax = 200;
  constexpr double kGain = 1e-9;
  std::vector<double> f(team.size(), 0.0);
  double sum = 0.0;
  bool moved = true;
  for (int turn = 0; moved && turn < kTurnMax; ++turn) {
    moved = false;
    for (std::size_t i = 0; i < team.size(); ++i) {
      const double price = team.congestion.price(sum - f[i]);
      const BudgetAnswer best = team.curves[i]->answer(1.0, price);
      if (best.J >= team.curves[i]->local_cost(f[i]) + price * f[i] - kGain) continue;
      sum += best.K - f[i];
      f[i] = best.K;
      moved = true;
    }
  }
  return f;
}

}  // namespace tacit::offload
