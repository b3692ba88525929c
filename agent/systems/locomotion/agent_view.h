#pragma once

#include <Eigen/Core>
#include <cstddef>
#include <vector>

#include "agent/systems/locomotion/locomotion_config.h"
#include "agent/systems/locomotion/plant/plant_exchange.h"
#include "agent/systems/locomotion/state_relay.h"

namespace tacit::locomotion {

/// The information that an agent has in a step.
struct Knowledge {
  const PlantReport& report;
  const StateRelay& relay;
  /// [N] from the plant, about the other agents (Input::global), [told_count][E + truncated
  /// copies].
  const std::vector<std::vector<float>>& told;
};

/// How the inputs of an agent's network are composed: the agents that it knows of in ascending
/// order, its own observation whole, for the other agents the part that they relay. Missing says
/// what replaces a state that is not of the expected step; with Missing::last, if links may fail,
/// each state is followed by its age in steps, at most kAgeMost.
class AgentView {
 public:
  static constexpr Round kAgeMost = 100;

  AgentView(const LocomotionConfig& config, std::size_t self, Input input);

  std::size_t size() const { return size_; }

  /// @param inputs  [size() x E] overwritten
  void fill(const Knowledge& known, Eigen::MatrixXf& inputs) const;

  /// The inputs of the network in a truncated copy if its episode had continued.
  /// @param inputs  [size() x 1] overwritten
  void fill_last(const Knowledge& known, std::size_t copy, Eigen::MatrixXf& inputs) const;

  /// The number of other agents whose states the agent received in time.
  std::size_t heard_count(const StateRelay& relay) const;

 private:
  struct Part {
    std::size_t agent;
    std::size_t rows;
    Round age;  ///< of a state that arrives in time
  };

  /// The block of another agent, or nothing if zeros replace it.
  std::span<const float> block_of(const Part& part, const Knowledge& known) const;
  /// For all copies (first = 0), or for one.
  void fill_columns(const Knowledge& known, std::size_t first, bool last,
                    Eigen::MatrixXf& inputs) const;

  std::size_t self_;
  Input input_;
  Missing missing_;
  bool shows_age_;
  std::vector<Part> parts_;
  std::size_t size_ = 0;
};

}  // namespace tacit::locomotion
