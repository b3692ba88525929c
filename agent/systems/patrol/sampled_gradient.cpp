#include "agent/systems/patrol/sampled_gradient.h"

#include <Eigen/Cholesky>

namespace tacit::patrol {
namespace {

constexpr double kMemory = 0.95;  // weight of the baseline's past, per evaluation
constexpr double kRidge = 1;      // keeps the fit of a tile without visits solvable

}  // namespace

SampledGradient::SampledGradient(const Lattice& lattice, std::size_t rollout_steps,
                                 EpisodeReward reward)
    : lattice_(lattice), reward_(reward), steps_(rollout_steps), fits_(lattice.tile_count()) {
  restart();
}

void SampledGradient::restart() {
  const auto size = static_cast<Eigen::Index>(lattice_.zone_count() + 1);
  for (Fit& fit : fits_) {
    fit = {Eigen::MatrixXd::Zero(size, size), Eigen::VectorXd::Zero(size),
           Eigen::VectorXd::Zero(size)};
  }
}

double SampledGradient::evaluate(std::span<const PatrolPolicy::Pass> team, std::size_t active,
                                 RandomStream& stream, Eigen::MatrixXf& logit_gradient) {
  batch_ = static_cast<std::size_t>(team[active].weights.cols());
  tables_.clear();
  for (const PatrolPolicy::Pass& pass : team) {
    const Eigen::MatrixXd rows = pass.probabilities.transpose().cast<double>();
    tables_.emplace_back(lattice_.zone_count(),
                         std::span(rows.data(), static_cast<std::size_t>(rows.size())));
  }
  places_.resize(team.size());
  logit_gradient.setZero(team[active].probabilities.rows(), team[active].probabilities.cols());
  for (Fit& fit : fits_) {
    fit.square *= kMemory;
    fit.cross *= kMemory;
  }
  double attended = 0;
  for (std::size_t episode = 0; episode < batch_; ++episode) {
    const Eigen::VectorXd weights =
        team[active].weights.col(static_cast<Eigen::Index>(episode)).cast<double>();
    attended += play(episode, active, weights, stream);
    Eigen::VectorXd features(weights.size() + 1);
    features << weights, 1.0;
    learn(episode, team[active], features, logit_gradient);
  }
  fit();
  const double scale = 1 / static_cast<double>(steps_.size() * batch_);
  logit_gradient *= static_cast<float>(scale);
  return attended * scale;
}

double SampledGradient::play(std::size_t episode, std::size_t active,
                             const Eigen::VectorXd& weights, RandomStream& stream) {
  for (Place& place : places_) {
    std::uint64_t word = stream();
    place = static_cast<Place>(split_off(word, lattice_.size()));
  }
  double attended = 0;
  for (Step& step : steps_) {
    unsigned others = 0;
    unsigned own = 0;
    for (std::size_t n = 0; n < places_.size(); ++n) {
      const std::size_t tile = lattice_.tile(places_[n]);
      const std::size_t action = tables_[n].choose(tile * batch_ + episode, to_unit(stream()));
      places_[n] = lattice_.next(places_[n], action);
      if (n == active) {
        step.tile = tile;
        step.action = action;
        own = lattice_.zones(places_[n]);
      } else {
        others |= lattice_.zones(places_[n]);
      }
    }
    double shared = 0;
    double difference = 0;
    for (std::size_t m = 0; m < lattice_.zone_count(); ++m) {
      const double weight = weights[static_cast<Eigen::Index>(m)];
      if (((own | others) >> m & 1U) != 0) shared += weight;
      if ((own & ~others) >> m & 1U) difference += weight;
    }
    step.reward = reward_ == EpisodeReward::shared ? shared : difference;
    attended += shared;
  }
  return attended;
}

// The baseline comes from episodes before this batch, so it adds no bias.
void SampledGradient::learn(std::size_t episode, const PatrolPolicy::Pass& pass,
                            const Eigen::VectorXd& features, Eigen::MatrixXf& logit_gradient) {
  const Eigen::MatrixXd outer = features * features.transpose();
  std::vector<double> baselines;
  for (const Fit& fit : fits_) baselines.push_back(fit.beta.dot(features));
  std::vector<double> square(fits_.size()), cross(fits_.size()), gain(fits_.size());
  double return_to_go = 0;
  for (std::size_t t = steps_.size(); t-- > 0;) {
    const Step& step = steps_[t];
    return_to_go += step.reward;
    const auto to_go = static_cast<double>(steps_.size() - t);
    const double advantage = return_to_go - to_go * baselines[step.tile];
    square[step.tile] += to_go * to_go;
    cross[step.tile] += to_go * return_to_go;
    gain[step.tile] += advantage;
    logit_gradient(static_cast<Eigen::Index>(step.tile * batch_ + episode),
                   static_cast<Eigen::Index>(step.action)) += static_cast<float>(advantage);
  }
  for (std::size_t tile = 0; tile < fits_.size(); ++tile) {
    if (square[tile] == 0) continue;
    fits_[tile].square += square[tile] * outer;
    fits_[tile].cross += cross[tile] * features;
    const auto row = static_cast<Eigen::Index>(tile * batch_ + episode);
    logit_gradient.row(row) -= static_cast<float>(gain[tile]) * pass.probabilities.row(row);
  }
}

void SampledGradient::fit() {
  for (Fit& fit : fits_) {
    Eigen::MatrixXd square = fit.square;
    square.diagonal().array() += kRidge;
    fit.beta = square.ldlt().solve(fit.cross);
  }
}

}  // namespace tacit::patrol
