#include "agent/systems/locomotion/episode_tally.h"

namespace tacit::locomotion {

void EpisodeTally::add(std::size_t copy, double cost, bool ended) {
  so_far_[copy] += cost;
  step_sum_ += cost;
  ++step_count_;
  if (!ended) return;
  ended_sum_ += so_far_[copy];
  ++ended_count_;
  so_far_[copy] = 0;
}

double EpisodeTally::mean_cost(double steps_per_episode) const {
  return ended_count_ > 0 ? ended_sum_ / ended_count_ : step_sum_ / step_count_ * steps_per_episode;
}

void EpisodeTally::begin() { ended_sum_ = ended_count_ = step_sum_ = step_count_ = 0; }

void EpisodeTally::save(CheckpointWriter& writer) const {
  writer.values(so_far_);
  for (const double value : {ended_sum_, ended_count_, step_sum_, step_count_}) writer.value(value);
}

void EpisodeTally::restore(CheckpointReader& reader) {
  reader.values(so_far_);
  for (double* value : {&ended_sum_, &ended_count_, &step_sum_, &step_count_}) {
    reader.value(*value);
  }
}

}  // namespace tacit::locomotion
