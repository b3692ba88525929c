#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "common/base/random.h"

namespace tacit {

/// The components of an action: one choice from each categorical head, then one real number for
/// each continuous dimension. An action is passed as numbers in this order, a choice as its index.
struct ActionSpace {
  std::vector<std::size_t> choice_counts;  ///< of each categorical head, >= 2
  std::size_t continuous_size = 0;
  std::size_t size() const { return choice_counts.size() + continuous_size; }
};

/// How a step ended its episode. A truncated episode would have gone on (a time limit), so its last
/// state still has a value; a terminated one has none.
enum class Ending { none, terminated, truncated };

struct Transition {
  double reward;
  Ending ending;
};

/// One copy of a Markov decision process, as a learner sees it. All randomness comes from the
/// streams that the caller passes in.
class Environment {
 public:
  virtual ~Environment() = default;
  virtual std::size_t observation_size() const = 0;
  virtual ActionSpace action_space() const = 0;

  /// Begins an episode.
  virtual void reset(RandomStream& stream) = 0;

  /// @param observation  [observation_size] overwritten with the agent's current observation; after
  /// a step that ended the episode, its last one
  virtual void observe(std::span<double> observation) const = 0;

  /// @param action  [action_space().size()]
  /// @pre the episode has not ended
  virtual Transition step(std::span<const double> action, RandomStream& stream) = 0;
};

}  // namespace tacit
