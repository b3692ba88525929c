#pragma once

#include <Eigen/Core>
#include <cstddef>
#include <vector>

#include "agent/systems/locomotion/locomotion_config.h"
#include "agent/systems/locomotion/plant/plant_exchange.h"
#include "agent/systems/locomotion/state_relay.h"

namespace tacit::locomotion {

/// All that an agent knows in a step.
struct Knowledge {
  const PlantReport& report;
  const StateRelay& relay;
  /// [N] what the plant told of the others (Input::global), [told_count][E + truncated copies].
  const std::vector<std::vector<float>>& told;
};

/// How the inputs of an agent's network are put together: the agents that it knows of in ascending
/// order, its own observation whole, of the others what they tell. A state of another step than it
/// should be stands there as Missing says; with Missing::last, if links may fail, one number behind
/// each tells its age in steps, at most kAgeMost.
class AgentView {
 public:
  static constexpr Round kAgeMost = 100;

  AgentView(const LocomotionConfig& config, std::size_t self, Input input);

  std::size_t size() const { return size_; }

  /// @param inputs  [size() x E] overwritten
  void fill(const Knowledge& known, Eigen::MatrixXf& inputs) const;

  /// What the network would have seen in a truncated copy, had its episode gone on.
  /// @param inputs  [size() x 1] overwritten
  void fill_last(const Knowledge& known, std::size_t copy, Eigen::MatrixXf& inputs) const;

  /// Of the others that the agent hears, how many it heard in time.
  std::size_t heard_count(const StateRelay& relay) const;

 private:
  struct Part {
    std::size_t agent;
    std::size_t rows;
    Round age;  ///< of a state that comes in time
  };

  /// The block of another agent, or nothing if zeros stand in for it.
  std::span<const float> block_of(const Part& part, const Knowledge& known) const;
  /// Of all copies (first = 0), or of one.
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
