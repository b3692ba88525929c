#include "agent/systems/grid/building_training.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <optional>

#include "common/base/check.h"
#include "common/base/digest.h"
#include "common/base/error.h"

namespace tacit::grid {

namespace {

constexpr std::size_t kEpisodeHours = 80;
constexpr double kRewardScale = 40;
constexpr double kBacklogMost = 301;  // of exp(U), kWh
constexpr Purpose kQuality = purpose("grid.quality");

// The part of the threshold policy's quality that an attempt must reach. Policies that are not
// stuck reach 0.94 of it for a single house and 0.88 for a double one; stuck ones a third.
constexpr double kEnoughSingle = 0.88;
constexpr double kEnoughDouble = 0.79;

double uniform(RandomStream& stream, double least, double most) {
  return least + (most - least) * to_unit(stream());
}

std::uint64_t hash_of(const std::vector<double>& values) {
  return hash_bytes(std::as_bytes(std::span(values)));
}

// Digests the data, not its origin: the same district from another file needs no new training.
std::string digest_of(const District& district) {
  std::vector<std::uint64_t> digests{hash_of(district.hour), hash_of(district.price)};
  for (const BuildingSeries& series : district.buildings) {
    digests.push_back(hash_of(series.demand_kwh));
    digests.push_back(hash_of(series.solar_kwh));
    for (const Storage& storage : series.storage) {
      digests.push_back(hash_of({storage.capacity_kwh, storage.charge_efficiency,
                                 storage.discharge_efficiency, storage.discharge_most_kwh}));
    }
  }
  return to_hex(hash_bytes(std::as_bytes(std::span(digests))));
}

std::string describe(const BuildingTraining& training) {
  const BuildingParameters& building = training.building;
  const Storage& storage = building.storage;
  const TrainingConfig& config = training.config;
  const nlohmann::ordered_json json{
      {"system", "grid"},
      {"procedure", 1},
      {"district", digest_of(*training.district)},
      {"demand_multiplier", building.demand_multiplier},
      {"solar_scale", building.solar_scale},
      {"price_scale", building.price_scale},
      {"storage",
       {storage.capacity_kwh, storage.charge_efficiency, storage.discharge_efficiency,
        storage.discharge_most_kwh}},
      {"lambda_most", training.dual.lambda_most},
      {"nu", {training.dual.nu_least, training.dual.nu_most}},
      {"peak_price", training.peak_price},
      {"ppo",
       {config.ppo.environment_count, config.ppo.step_count, config.ppo.iteration_count,
        config.ppo.hidden_sizes, config.ppo.learning_rate, config.ppo.adam_epsilon,
        config.ppo.discount, config.ppo.gae_lambda, config.ppo.clip, config.ppo.epoch_count,
        config.ppo.minibatch_size, config.ppo.entropy_coefficient, config.ppo.value_coefficient,
        config.ppo.gradient_norm_most}},
      {"seed", config.seed},
      {"attempts_most", config.attempts_most},
      {"quality_episodes", config.quality_episodes},
  };
  return json.dump();
}

TrainingOutcome train(const BuildingTraining& training, const ReportProgress& report) {
  const TrainingConfig& config = training.config;
  BuildingEpisodes episodes(training.district, training.building, training.dual);
  const auto quality_of = [&](const BuildingPolicy& policy) {
    return episodes.quality(policy, config.quality_episodes, config.seed);
  };
  const double reference =
      quality_of(BuildingPolicy({PolicyRule::threshold, training.peak_price, false}, std::nullopt));
  const double part = training.building.demand_multiplier > 1 ? kEnoughDouble : kEnoughSingle;
  const double enough = reference - (1 - part) * std::abs(reference);

  nlohmann::ordered_json attempts = nlohmann::ordered_json::array();
  std::optional<PolicyNetwork> best;
  double best_quality = 0;
  std::uint64_t best_seed = 0;
  for (int attempt = 0; attempt < config.attempts_most; ++attempt) {
    const std::uint64_t seed = config.seed + static_cast<std::uint64_t>(attempt);
    const PolicyNetwork network = train_ppo(
        [&](std::size_t) {
          return std::make_unique<BuildingEpisodes>(training.district, training.building,
                                                    training.dual);
        },
        config.ppo, seed,
        [&](double done, double mean_return) {
          char words[80];
          std::snprintf(words, sizeof words, "attempt %d of at most %d, mean return %.2f",
                        attempt + 1, config.attempts_most, mean_return);
          report(done, words);
        });
    const double quality =
        quality_of(BuildingPolicy({PolicyRule::ppo, training.peak_price, false}, network));
    attempts.push_back({{"seed", seed}, {"quality", quality}});
    if (!best || quality > best_quality) {
      best = network;
      best_quality = quality;
      best_seed = seed;
    }
    if (best_quality >= enough) break;
  }
  const nlohmann::ordered_json record{
      {"quality", best_quality},
      {"quality_enough", enough},
      {"threshold_quality", reference},
      {"good_enough", best_quality >= enough},
      {"seed", best_seed},
      {"attempts", attempts},
      {"episodes", config.quality_episodes},
  };
  return {record.dump(), best->bytes()};
}

}  // namespace

BuildingEpisodes::BuildingEpisodes(std::shared_ptr<const District> district,
                                   const BuildingParameters& parameters, const DualConfig& dual)
    : dual_(dual), current_(district, 0, parameters) {
  for (std::size_t b = 0; b < district->buildings.size(); ++b) {
    buildings_.emplace_back(district, b, parameters);
  }
  first_hours_ =
      district->hour_count() > kEpisodeHours ? district->hour_count() - kEpisodeHours : 1;
}

void BuildingEpisodes::reset(RandomStream& stream) {
  std::uint64_t word = stream();
  current_ = buildings_[split_off(word, buildings_.size())];
  const std::size_t first_hour = split_off(word, first_hours_);
  lambda_ = uniform(stream, 0, dual_.lambda_most);
  nu_ = uniform(stream, dual_.nu_least, dual_.nu_most);
  const double m = current_.demand_multiplier();
  const double backlog = m * (std::exp(uniform(stream, 0, std::log(kBacklogMost))) - 1);
  current_.begin(first_hour, uniform(stream, 0, current_.storage().capacity_kwh), backlog);
  hours_left_ = kEpisodeHours;
}

void BuildingEpisodes::observe(std::span<double> observation) const {
  std::ranges::copy(current_.observe(lambda_, nu_), observation.begin());
}

Transition BuildingEpisodes::step(std::span<const double> action, RandomStream&) {
  return advance(action_of(action));
}

Transition BuildingEpisodes::advance(const Action& action) {
  TACIT_CHECK(hours_left_ > 0, "an episode that has ended takes no step");
  --hours_left_;
  const HourOutcome outcome = current_.step(action);
  const double reward = augmented_reward(outcome, current_.price_scale(), lambda_, nu_);
  return {reward / (kRewardScale * current_.demand_multiplier()),
          hours_left_ == 0 ? Ending::truncated : Ending::none};
}

double BuildingEpisodes::quality(BuildingPolicy policy, std::size_t count, std::uint64_t seed) {
  double sum = 0;
  for (std::size_t episode = 0; episode < count; ++episode) {
    RandomStream stream(seed, process_id(0), kQuality, static_cast<Round>(episode));
    reset(stream);
    for (Ending ending = Ending::none; ending == Ending::none;) {
      const Transition transition = advance(policy.act(current_, lambda_, nu_, stream));
      sum += transition.reward;
      ending = transition.ending;
    }
  }
  return sum / static_cast<double>(count);
}

TrainingTask building_training_task(const BuildingTraining& training) {
  TrainingTask task;
  task.name = training.building.demand_multiplier > 1 ? "grid-double" : "grid-single";
  task.made_from = describe(training);
  task.key = hash_text(task.made_from);
  task.train = [training](const ReportProgress& report) { return train(training, report); };
  return task;
}

PolicyNetwork read_building_network(std::span<const std::byte> content) {
  PolicyNetwork network = PolicyNetwork::from_bytes(content);
  const ActionSpace expected = building_action_space();
  if (network.observation_size() != kObservationSize ||
      network.action_space().choice_counts != expected.choice_counts ||
      network.action_space().continuous_size != expected.continuous_size) {
    throw InputError(ExitCode::bad_data, "the policy is not one for buildings");
  }
  return network;
}

}  // namespace tacit::grid
