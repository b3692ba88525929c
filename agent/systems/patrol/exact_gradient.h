#pragma once

#include <Eigen/Core>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "agent/systems/patrol/patrol_policy.h"
#include "common/proximity/lattice.h"

namespace tacit::patrol {

/// The objective of a team at n weights w that all its robots share, and its gradient for one
/// robot, without sampling. Robots begin at any of the P places, all equally likely, and move
/// independently given the weights, so with q^n_m(t) the probability that robot n is in zone m
///   J = 1/(T0 n) sum_w sum_{t=1..T0} sum_m w_m (1 - prod_n (1 - q^n_m(t)))
/// The probabilities come from propagating the distribution of each robot's place; the gradient for
/// robot n comes from a backward recursion with the reward w_m prod_{n' != n} (1 - q^n'_m(t)), the
/// mean reward that robot n adds in zone m.
/// Source: Agorio et al., Proposition 1, with every expectation taken exactly.
class ExactGradient {
 public:
  static constexpr std::size_t kBatch = 32;  ///< n: a whole number of vector registers

  ExactGradient(const Lattice& lattice, std::size_t rollout_steps);

  /// @param team    after PatrolPolicy::forward() of each robot's, on the same kBatch weights
  /// @param active  the robot that learns
  /// @param logit_gradient  dJ / d(W2 h + b2) of that robot, [T n x M], overwritten
  /// @return J
  double evaluate(std::span<const PatrolPolicy::Pass> team, std::size_t active,
                  Eigen::MatrixXf& logit_gradient);

 private:
  using Lanes = Eigen::Array<float, kBatch, 1>;  ///< a number for each of the n weights

  /// The actions that lead from some place in a tile to the same place: only their total
  /// probability matters.
  struct Share {
    std::size_t tile;
    std::uint32_t actions;  ///< as bits
    bool operator==(const Share&) const = default;
  };
  struct Arc {
    Place place;          ///< where the arc comes from, or leads to
    std::uint16_t share;  ///< index
  };
  /// The arcs of all places, one after the other.
  struct Arcs {
    std::vector<Arc> arcs;
    std::vector<std::uint32_t> begins;  ///< [P + 1]
    std::span<const Arc> of(std::size_t place) const {
      return {arcs.data() + begins[place], arcs.data() + begins[place + 1]};
    }
  };
  struct ZonePlace {
    Place place;
    std::size_t zone;
  };

  void set_chances(const PatrolPolicy::Pass& pass);
  void propagate(const Lanes* now, Lanes* next) const;
  void attend(const Lanes* now, Lanes* in_zone) const;
  void cover(const PatrolPolicy::Pass& pass);
  double propagate_active(const PatrolPolicy::Pass& pass);
  void go_back();
  void collect(const PatrolPolicy::Pass& pass, Eigen::MatrixXf& logit_gradient) const;

  std::size_t rollout_steps_;
  std::size_t zone_count_;
  std::vector<Share> shares_;
  Arcs incoming_;
  Arcs outgoing_;
  std::vector<ZonePlace> zone_places_;

  std::vector<Lanes> chances_;    ///< of each share, [shares]
  std::vector<Lanes> occupancy_;  ///< of the active robot, [T0 x P] for t = 0..T0-1
  std::vector<Lanes> passing_;    ///< of a robot that is not learning, [2 x P]
  std::vector<Lanes> rewards_;    ///< w_m prod_{n' != n} (1 - q^n'_m(t)), [T0 x M] for t = 1..T0
  std::vector<Lanes> in_zone_;    ///< q_m(t) of one robot, [M]
  std::vector<Lanes> value_;      ///< V_t, [2 x P]
  std::vector<Lanes> gains_;      ///< sum_{t, p} rho_t(p) (Q_t(p, share) - V_t(p)), [shares]
};

}  // namespace tacit::patrol
