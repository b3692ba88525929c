#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "agent/learning/ppo/actor_critic.h"
#include "agent/learning/ppo/ppo.h"
#include "agent/learning/ppo/ppo_learner.h"

namespace tacit {

/// E copies of an environment that step together under a policy, so that each step is one matrix
/// product for all of them. Episodes go on from one collection to the next.
class Rollout {
 public:
  /// @param seed  of the random streams of the environments and of the actions
  Rollout(const EnvironmentFactory& make_environment, const PpoConfig& config, std::uint64_t seed);

  std::size_t observation_size() const { return environments_.front()->observation_size(); }
  ActionSpace action_space() const { return environments_.front()->action_space(); }

  /// T steps of every copy: E T samples, those of copy e from e T on, with their advantages.
  /// @param iteration  numbers the collections from 0
  void collect(ActorCritic<float>& networks, Round iteration, PpoBatch<float>& batch);

  /// Mean undiscounted return of the episodes that ended in the last collection with such an
  /// episode.
  double mean_return() const { return mean_return_; }

 private:
  std::size_t sample_count() const { return environments_.size() * step_count_; }
  void step_all(ActorCritic<float>& networks, std::size_t step, RandomStream& action_stream,
                PpoBatch<float>& batch);
  void step_one(std::size_t copy, std::size_t sample);
  void observe(std::size_t copy, Eigen::Ref<Eigen::VectorXf> observation);
  void note_bootstrap(std::size_t copy, std::size_t sample);
  void finish(ActorCritic<float>& networks, PpoBatch<float>& batch);

  std::uint64_t seed_;
  std::size_t step_count_;
  double discount_;
  double gae_lambda_;
  std::vector<std::unique_ptr<Environment>> environments_;
  std::vector<RandomStream> streams_;  ///< of each copy
  std::vector<double> observation_;    ///< of the current copy
  std::vector<double> action_;         ///< likewise
  Eigen::MatrixXf now_;                ///< [observation x E], the current observations
  Eigen::MatrixXf actions_;            ///< [action x E]

  // By sample:
  std::vector<double> reward_;
  std::vector<double> value_;
  std::vector<double> next_value_;
  std::vector<Ending> ending_;
  std::vector<double> advantage_;

  // Observations after steps without a next sample; valued at the end of the collection.
  Eigen::MatrixXf last_;                   ///< [observation x E T]
  std::vector<std::size_t> last_samples_;  ///< the samples that led to them

  std::vector<double> return_so_far_;  ///< by copy, of the current episode
  double return_sum_ = 0;              ///< of the episodes that ended in this collection
  std::size_t return_count_ = 0;
  double mean_return_ = 0;
};

}  // namespace tacit
