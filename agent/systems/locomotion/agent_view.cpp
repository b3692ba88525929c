#include "agent/systems/locomotion/agent_view.h"

#include <algorithm>

#include "agent/learning/network/shapes.h"

namespace tacit::locomotion {

AgentView::AgentView(const LocomotionConfig& config, std::size_t self, Input input)
    : self_(self),
      input_(input),
      missing_(config.missing),
      shows_age_(input == Input::khop && config.states_age && missing_ == Missing::last) {
  const auto add = [&](std::size_t agent, std::size_t hops) {
    const std::size_t rows = agent == self ? config.task.agents[agent].observation_count()
                                           : config.task.told_count(agent);
    parts_.push_back({agent, rows, config.delayed ? static_cast<Round>(hops) : 0});
    size_ += rows + (agent != self && shows_age_ ? 1 : 0);
  };
  if (input == Input::local) add(self, 0);
  if (input == Input::khop) {
    for (const Member& member : config.neighbourhoods.members[self]) add(member.agent, member.hops);
  }
  if (input == Input::global) {
    for (std::size_t agent = 0; agent < config.agent_count(); ++agent) add(agent, 0);
  }
}

std::span<const float> AgentView::block_of(const Part& part, const Knowledge& known) const {
  if (input_ == Input::global) return known.told[part.agent];
  const ProcessId agent = process_id(part.agent);
  if (missing_ == Missing::zeros && known.relay.age(agent) != part.age) return {};
  return known.relay.block(agent);
}

void AgentView::fill_columns(const Knowledge& known, std::size_t first, bool last,
                             Eigen::MatrixXf& inputs) const {
  const std::size_t copies = known.report.end.size();
  Eigen::Index row = 0;
  for (const Part& part : parts_) {
    auto rows = inputs.middleRows(row, index(part.rows));
    const auto put = [&](std::span<const float> block, std::size_t column) {
      const Eigen::Map<const Eigen::MatrixXf> all(block.data(), rows.rows(),
                                                  index(block.size() / part.rows));
      rows = all.middleCols(index(column), inputs.cols());
    };
    row += rows.rows();
    if (part.agent == self_) {
      put(last ? known.report.last_observation : known.report.observation, first);
      continue;
    }
    const std::span<const float> block = block_of(part, known);
    const Round age = known.relay.age(process_id(part.agent));
    if (block.empty()) {
      rows.setZero();
    } else if (last && (input_ == Input::global || age == 0)) {
      // After the states that follow the resets, a block of this step has those before the resets.
      const std::vector<std::size_t> truncated = truncated_copies(known.report);
      const auto place = std::ranges::find(truncated, first) - truncated.begin();
      put(block, copies + static_cast<std::size_t>(place));
    } else {
      put(block, first);
    }
    if (!shows_age_) continue;
    inputs.row(row++).setConstant(static_cast<float>(age < 0 ? kAgeMost : std::min(age, kAgeMost)));
  }
}

void AgentView::fill(const Knowledge& known, Eigen::MatrixXf& inputs) const {
  inputs.resize(index(size_), index(known.report.end.size()));
  fill_columns(known, 0, false, inputs);
}

void AgentView::fill_last(const Knowledge& known, std::size_t copy, Eigen::MatrixXf& inputs) const {
  inputs.resize(index(size_), 1);
  fill_columns(known, copy, true, inputs);
}

std::size_t AgentView::heard_count(const StateRelay& relay) const {
  if (input_ != Input::khop) return 0;
  return static_cast<std::size_t>(std::ranges::count_if(parts_, [&](const Part& part) {
    return part.agent != self_ && relay.age(process_id(part.agent)) == part.age;
  }));
}

}  // namespace tacit::locomotion
