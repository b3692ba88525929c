#include "agent/systems/offload/dcc_agent.h"

#include <algorithm>

#include "agent/systems/offload/agent_result.h"
#include "common/base/check.h"
#include "common/base/error.h"

namespace tacit::offload {

namespace {

constexpr Purpose kBase = purpose("offload.evaluate");
constexpr Purpose kOwnPerturbed = purpose("offload.evaluate_own_perturbed");
constexpr Purpose kCouplingPerturbed = purpose("offload.evaluate_coupling_perturbed");
constexpr Purpose kPerturbation = purpose("offload.perturbation");

constexpr std::size_t kPhaseOfW = 0;
constexpr std::size_t kPhaseOfTheta = 1;

}  // namespace

DccAgent::DccAgent(const Setup& setup, const DccConfig& config,
                   std::shared_ptr<const Device> device, SumExchange sums)
    : setup_(setup),
      config_(config),
      device_(std::move(device)),
      sums_(std::move(sums)),
      learner_(device_->model, config.learner),
      theta_(config.theta_first),
      S_(config.theta_first * static_cast<double>(setup.agent_count)) {}

Arcs DccAgent::arcs(Round round) const {
  if (round >= setup_.round_count) return {};
  return std::visit([&](const auto& sums) { return sums.arcs(round); }, sums_);
}

void DccAgent::on_round(const RoundInput& input, RoundOutput& output) {
  const Round phase_rounds = config_.phase_rounds;
  std::visit([&](auto& sums) { sums.absorb(input); }, sums_);
  if (input.round % phase_rounds == 0) {
    begin_phase(input.round / phase_rounds, input.round, output);
  }
  if (input.round < setup_.round_count) {
    std::visit([&](auto& sums) { sums.send(input.round, output); }, sums_);
  }
}

void DccAgent::begin_phase(Round phase, Round round, RoundOutput& output) {
  const Round exchange = phase / 2;
  const auto sum = [&](std::size_t which) {
    return std::visit([&](const auto& sums) { return sums.sum(which); }, sums_);
  };
  const auto give = [&](double value) {
    std::visit([&](auto& sums) { sums.start(value); }, sums_);
  };
  if (round == setup_.round_count) {
    S_ = sum(kPhaseOfTheta);
    evaluation_ = evaluate(learner_, theta_, others_budget(), kBase);
    record(0.0, 0.0, output);
    return;
  }
  const bool step_ends = ReportSchedule::ends(exchange, setup_.slow_period);
  if (phase % 2 == 0) {
    if (ReportSchedule::begins(exchange, setup_.slow_period)) S_ = sum(kPhaseOfTheta);
    if (!step_ends) return;
    gradient_ = find_gradient();
    give(gradient_.coupling);
  } else if (step_ends) {
    const double W = sum(kPhaseOfW);
    record(gradient_.own + W - gradient_.coupling, W, output);
    const double step =
        step_size(config_.slow, slow_step_, setup_.agent_count, setup_.congestion.alpha());
    theta_ = next_budget(config_.slow, theta_, gradient_, W, step, setup_.agent_count);
    ++slow_step_;
    give(theta_);
  }
}

double DccAgent::others_budget() const { return std::max(0.0, S_ - theta_); }

RandomStream DccAgent::stream(Purpose use) const {
  return RandomStream(setup_.seed, setup_.self, use, slow_step_);
}

Evaluation DccAgent::evaluate(BudgetLearner& learner, double theta, double others,
                              Purpose use) const {
  return learner.evaluate(theta, setup_.congestion.price(others), stream(use));
}

LocalGradient DccAgent::find_gradient() {
  const double others = others_budget();
  evaluation_ = evaluate(learner_, theta_, others, kBase);
  evaluation_.mixture.clear();
  if (config_.gradient == GradientRule::multiplier) {
    return multiplier_gradient(evaluation_, setup_.congestion.slope(others));
  }
  const Perturbation offset =
      draw_perturbation(config_.slow, slow_step_, theta_, others, stream(kPerturbation));
  // Each copy continues from what the base evaluation has learned, and is discarded.
  BudgetLearner copy = learner_;
  const Evaluation own = evaluate(copy, theta_ + offset.own, others, kOwnPerturbed);
  copy = learner_;
  const Evaluation coupling = evaluate(copy, theta_, others + offset.coupling, kCouplingPerturbed);
  return finite_difference_gradient(evaluation_.J, own.J, coupling.J, offset);
}

void DccAgent::record(double gradient, double W, RoundOutput& output) const {
  output.record({{"slow_step", static_cast<double>(slow_step_)},
                 {"theta", theta_},
                 {"lambda", evaluation_.lambda},
                 {"frequency", evaluation_.K},
                 {"local_cost", evaluation_.U},
                 {"cost", evaluation_.J},
                 {"gradient", gradient},
                 {"w", gradient_.coupling},
                 {"sum_w", W},
                 {"sum_theta", S_}});
}

void DccAgent::save(CheckpointWriter& writer) const {
  std::visit([&](const auto& sums) { sums.save(writer); }, sums_);
  learner_.save(writer);
  for (const double value : {theta_, S_, gradient_.own, gradient_.coupling, evaluation_.J,
                             evaluation_.K, evaluation_.U, evaluation_.lambda}) {
    writer.value(value);
  }
  writer.value(slow_step_);
  writer.value(evaluation_.mixture.size());
  for (const Policy& policy : evaluation_.mixture) writer.values(policy);
}

void DccAgent::restore(CheckpointReader& reader) {
  std::visit([&](auto& sums) { sums.restore(reader); }, sums_);
  learner_.restore(reader);
  for (double* value : {&theta_, &S_, &gradient_.own, &gradient_.coupling, &evaluation_.J,
                        &evaluation_.K, &evaluation_.U, &evaluation_.lambda}) {
    reader.value(*value);
  }
  reader.value(slow_step_);
  std::size_t policy_count = 0;
  reader.value(policy_count);
  const auto updates = static_cast<std::size_t>(config_.learner.multiplier_update_count);
  if (policy_count > updates) {
    throw InputError(ExitCode::run_folder, "checkpoint of an agent with other parameters");
  }
  evaluation_.mixture.resize(policy_count);
  for (Policy& policy : evaluation_.mixture) reader.values(policy);
}

Result DccAgent::result() const {
  TACIT_CHECK(!evaluation_.mixture.empty(), "a result is asked for after the last round");
  Result result = describe_policies(device_->environment, evaluation_.mixture);
  result["theta"] = {theta_};
  result["lambda"] = {evaluation_.lambda};
  return result;
}

}  // namespace tacit::offload
