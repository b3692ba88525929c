#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/experiment/experiment.h"
#include "common/experiment/policy_store.h"
#include "deploy/cli/command.h"

namespace tacit {

/// A training task, and the arguments of an experiment that has it.
struct TrainingOrder {
  TrainingTask task;
  ExperimentArguments arguments;
};

/// The experiment's training tasks, in their order.
std::vector<TrainingOrder> training_orders(const Experiment& experiment,
                                           const ExperimentArguments& arguments);

/// The outcome of each task. What the store does not hold is trained first and said on stderr: each
/// in a process of its own, at most as many at once as there are processors.
///
/// @param orders  of different tasks
/// @param again   train also what the store holds, readable or not
/// @throws InputError: bad_data for an artifact that is refused; what the training ended with;
///         interrupted, terminated after a signal
std::vector<Artifact> provide_policies(const std::vector<TrainingOrder>& orders,
                                       const PolicyStore& store, bool again);

/// A training process: which task it has, and whose child it is.
struct TrainingChild {
  std::string key;  ///< 16 hexadecimal digits
  int supervisor = 0;
  int status_descriptor = -1;
};

/// Trains one task and saves its outcome; says how far it is in lines "KEY FRACTION WORDS...".
/// @throws InputError: config if the experiment has no such task
void train_one(const Experiment& experiment, const PolicyStore& store, const TrainingChild& child);

}  // namespace tacit
