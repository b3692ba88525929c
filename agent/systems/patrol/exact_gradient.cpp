#include "agent/systems/patrol/exact_gradient.h"

#include <algorithm>

#include "common/base/check.h"

namespace tacit::patrol {

ExactGradient::ExactGradient(const Lattice& lattice, std::size_t rollout_steps)
    : rollout_steps_(rollout_steps), zone_count_(lattice.zone_count()) {
  const std::size_t place_count = lattice.size();
  std::vector<std::vector<Arc>> incoming(place_count);
  outgoing_.begins.push_back(0);
  for (std::size_t p = 0; p < place_count; ++p) {
    const Place place = static_cast<Place>(p);
    std::uint32_t seen = 0;
    for (std::size_t zone = 0; zone < zone_count_; ++zone) {
      if ((seen >> zone & 1U) != 0) continue;
      const Place next = lattice.next(place, zone);
      Share share{lattice.tile(place), 0};
      for (std::size_t other = zone; other < zone_count_; ++other) {
        if (lattice.next(place, other) == next) share.actions |= 1U << other;
      }
      seen |= share.actions;
      const auto index = std::ranges::find(shares_, share) - shares_.begin();
      if (index == std::ssize(shares_)) shares_.push_back(share);
      outgoing_.arcs.push_back({next, static_cast<std::uint16_t>(index)});
      incoming[next].push_back({place, static_cast<std::uint16_t>(index)});
    }
    outgoing_.begins.push_back(static_cast<std::uint32_t>(outgoing_.arcs.size()));
    for (std::size_t zone = 0; zone < zone_count_; ++zone) {
      if ((lattice.zones(place) >> zone & 1) != 0) zone_places_.push_back({place, zone});
    }
  }
  incoming_.begins.push_back(0);
  for (const std::vector<Arc>& arcs : incoming) {
    incoming_.arcs.insert(incoming_.arcs.end(), arcs.begin(), arcs.end());
    incoming_.begins.push_back(static_cast<std::uint32_t>(incoming_.arcs.size()));
  }
  chances_.resize(shares_.size());
  gains_.resize(shares_.size());
  occupancy_.resize(rollout_steps * place_count);
  passing_.resize(2 * place_count);
  value_.resize(2 * place_count);
  rewards_.resize(rollout_steps * zone_count_);
  in_zone_.resize(zone_count_);
}

double ExactGradient::evaluate(std::span<const PatrolPolicy::Pass> team, std::size_t active,
                               Eigen::MatrixXf& logit_gradient) {
  const PatrolPolicy::Pass& learner = team[active];
  TACIT_CHECK(learner.weights.cols() == static_cast<Eigen::Index>(kBatch), "the batch is fixed");
  for (std::size_t t = 0; t < rollout_steps_; ++t) {
    for (std::size_t m = 0; m < zone_count_; ++m) {
      rewards_[t * zone_count_ + m] = learner.weights.row(static_cast<Eigen::Index>(m)).transpose();
    }
  }
  for (std::size_t n = 0; n < team.size(); ++n) {
    if (n != active) cover(team[n]);
  }
  const double attended = propagate_active(learner);
  go_back();
  collect(learner, logit_gradient);
  return attended / static_cast<double>(rollout_steps_ * kBatch);
}

void ExactGradient::set_chances(const PatrolPolicy::Pass& pass) {
  for (std::size_t s = 0; s < shares_.size(); ++s) {
    chances_[s].setZero();
    for (std::size_t action = 0; action < zone_count_; ++action) {
      if ((shares_[s].actions >> action & 1U) == 0) continue;
      chances_[s] += pass.probabilities.col(static_cast<Eigen::Index>(action))
                         .segment<kBatch>(static_cast<Eigen::Index>(shares_[s].tile * kBatch))
                         .array();
    }
  }
}

// rho_{t+1}(p') = sum over p of rho_t(p) pi(the actions that lead from p to p').
void ExactGradient::propagate(const Lanes* now, Lanes* next) const {
  const std::size_t place_count = passing_.size() / 2;
  for (std::size_t p = 0; p < place_count; ++p) {
    Lanes sum = Lanes::Zero();
    for (const Arc& arc : incoming_.of(p)) sum += now[arc.place] * chances_[arc.share];
    next[p] = sum;
  }
}

void ExactGradient::attend(const Lanes* now, Lanes* in_zone) const {
  std::fill_n(in_zone, zone_count_, Lanes::Zero());
  for (const ZonePlace& at : zone_places_) in_zone[at.zone] += now[at.place];
}

// Removes the rewards of zones that a robot that is not learning attends anyway.
void ExactGradient::cover(const PatrolPolicy::Pass& pass) {
  set_chances(pass);
  const std::size_t place_count = passing_.size() / 2;
  Lanes* now = passing_.data();
  Lanes* next = now + place_count;
  std::fill_n(now, place_count, Lanes::Constant(1.0F / static_cast<float>(place_count)));
  for (std::size_t t = 0; t < rollout_steps_; ++t) {
    propagate(now, next);
    std::swap(now, next);
    attend(now, in_zone_.data());
    for (std::size_t m = 0; m < zone_count_; ++m) {
      rewards_[t * zone_count_ + m] *= 1.0F - in_zone_[m];
    }
  }
}

double ExactGradient::propagate_active(const PatrolPolicy::Pass& pass) {
  set_chances(pass);
  const std::size_t place_count = passing_.size() / 2;
  std::fill_n(occupancy_.data(), place_count,
              Lanes::Constant(1.0F / static_cast<float>(place_count)));
  const Eigen::ArrayXXd weights = pass.weights.transpose().array().cast<double>();
  double attended = 0;
  for (std::size_t t = 0; t < rollout_steps_; ++t) {
    // Only the objective needs the final distribution, so it is stored outside the history.
    Lanes* const next =
        t + 1 < rollout_steps_ ? occupancy_.data() + (t + 1) * place_count : passing_.data();
    propagate(occupancy_.data() + t * place_count, next);
    attend(next, in_zone_.data());
    for (std::size_t m = 0; m < zone_count_; ++m) {
      const auto left = rewards_[t * zone_count_ + m] * (1.0F - in_zone_[m]);
      attended += (weights.col(static_cast<Eigen::Index>(m)) - left.cast<double>()).sum();
    }
  }
  return attended;
}

// V_{T0} = 0;  Q_t(p, a) = reward(p', t + 1) + V_{t+1}(p');  V_t = sum_a pi Q.
void ExactGradient::go_back() {
  const std::size_t place_count = passing_.size() / 2;
  Lanes* later = value_.data();
  Lanes* value = later + place_count;
  std::fill_n(later, place_count, Lanes::Zero());
  std::ranges::fill(gains_, Lanes::Zero());
  for (std::size_t t = rollout_steps_; t-- > 0;) {
    for (const ZonePlace& at : zone_places_) {
      later[at.place] += rewards_[t * zone_count_ + at.zone];  // now the Q value of arriving there
    }
    const Lanes* const occupancy = occupancy_.data() + t * place_count;
    for (std::size_t p = 0; p < place_count; ++p) {
      const auto arcs = outgoing_.of(p);
      Lanes mean = Lanes::Zero();
      for (const Arc& arc : arcs) mean += chances_[arc.share] * later[arc.place];
      value[p] = mean;
      if (arcs.size() == 1) continue;  // no choice, no gain
      for (const Arc& arc : arcs) gains_[arc.share] += occupancy[p] * (later[arc.place] - mean);
    }
    std::swap(value, later);
  }
}

// dJ / d logit(tile, a) = pi(a | tile) * the gains of the shares of that tile that contain a.
void ExactGradient::collect(const PatrolPolicy::Pass& pass, Eigen::MatrixXf& logit_gradient) const {
  logit_gradient.setZero(pass.probabilities.rows(), pass.probabilities.cols());
  for (std::size_t s = 0; s < shares_.size(); ++s) {
    for (std::size_t action = 0; action < zone_count_; ++action) {
      if ((shares_[s].actions >> action & 1U) == 0) continue;
      logit_gradient.col(static_cast<Eigen::Index>(action))
          .segment<kBatch>(static_cast<Eigen::Index>(shares_[s].tile * kBatch)) +=
          gains_[s].matrix();
    }
  }
  const float scale = 1.0F / static_cast<float>(rollout_steps_ * kBatch);
  logit_gradient.array() *= pass.probabilities.array() * scale;
}

}  // namespace tacit::patrol
