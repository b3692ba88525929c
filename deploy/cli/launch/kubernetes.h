#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "deploy/cli/whole_run.h"

namespace tacit {

/// One run as an Indexed Job of Kubernetes (1.29 or newer) with a headless service, through which
/// its pods reach each other by name. Index 0 is the coordinator, where there is one.
struct KubernetesRun {
  std::string name;  ///< of all objects: a DNS label of at most 52 letters
  std::size_t agent_count = 0;
  bool has_coordinator = false;
  bool trains = false;  ///< its agents need policies, which the first pod trains
  std::string config;   ///< the effective configuration
  std::string image;    ///< holds the programs (deploy/kubernetes/Containerfile)
  std::string claim;    ///< a PersistentVolumeClaim, writable by all pods: the run's disk
  std::map<std::string, std::string> keys;  ///< file name -> content; empty: plain text
};

/// All objects of the run as YAML documents for `kubectl create`. A killed process is started again
/// in its pod, a lost pod is replaced, and both continue from the checkpoint on the claim; a
/// process that fails makes the job fail. Index 0 ends with `tacit report`.
/// @throws InputError (usage) for names with control characters
std::string kubernetes_manifest(const KubernetesRun& run);

struct KubernetesArguments {
  std::string image;
  std::string claim;
  bool insecure = false;
};

/// A unique name for the objects of a run: the experiment's name, the time of the launch, and eight
/// random digits.
std::string kubernetes_name(const std::string& experiment, const std::string& stamp);

/// The manifest of a new run of this experiment, with new keys.
/// @throws InputError: usage, config
std::string render_kubernetes(const RunArguments& arguments, const KubernetesArguments& kubernetes);

/// Passes the manifest to kubectl, leaves a run folder with the data that `tacit resume` needs, and
/// explains on stderr how to follow the run. Does not wait for the run.
/// @throws InputError with kubectl's words
int run_on_kubernetes(const RunArguments& arguments, const KubernetesArguments& kubernetes);

/// Makes the objects of such a run again, with the same name and so with the same folder on the
/// claim, from whose checkpoints the processes continue; the keys are new.
/// @throws InputError: mismatch if the run's job is still active
int resume_on_kubernetes(const Experiment& experiment, const std::filesystem::path& folder);

}  // namespace tacit
