#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/experiment/experiment.h"
#include "common/experiment/policy_store.h"
#include "deploy/cli/command.h"

namespace tacit {

/// A training task, and the arguments of an experiment that needs it.
struct TrainingOrder {
  TrainingTask task;
  ExperimentArguments arguments;
};

/// The experiment's training tasks, in their order.
std::vector<TrainingOrder> training_orders(const Experiment& experiment,
                                           const ExperimentArguments& arguments);

/// The outcome of each task. Policies that are missing in the store are trained first and named on
/// stderr: each task in its own process, at most as many at once as there are processors.
///
/// @param orders  of different tasks
/// @param again   train also the policies in the store, readable or not
/// @throws InputError: bad_data for an artifact that is refused; the error of a training;
/// interrupted, terminated after a signal
std::vector<Artifact> provide_policies(const std::vector<TrainingOrder>& orders,
                                       const PolicyStore& store, bool again);

/// The arguments of a training process: its task and its parent.
struct TrainingChild {
  std::string key;  ///< 16 hexadecimal digits
  int supervisor = 0;
  int status_descriptor = -1;
};

/// Trains one task and saves its outcome; reports progress in lines "KEY FRACTION WORDS...".
/// @throws InputError: config if the experiment has no such task
void train_one(const Experiment& experiment, const PolicyStore& store, const TrainingChild& child);

}  // namespace tacit
