#include "deploy/cli/launch/kubernetes.h"

#include <chrono>
#include <iostream>
#include <nlohmann/json.hpp>

#include "common/base/digest.h"
#include "common/base/error.h"
#include "common/results/files.h"
#include "common/results/layout.h"
#include "deploy/cli/children.h"
#include "deploy/cli/launch/keys.h"
#include "deploy/cli/launch/record.h"
#include "deploy/cli/launch/start.h"
#include "deploy/cli/launch/text.h"
#include "deploy/cli/private_folder.h"

namespace tacit {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kPort = "5555";  // every pod has its own address
constexpr const char* kLabel = "tacit-run";
constexpr const char* kFiles = "/etc/tacit";
constexpr const char* kSecrets = "/etc/tacit-keys";
constexpr const char* kOwnKeys = "/tmp/tacit-keys";
constexpr const char* kDisk = "/runs";
constexpr const char* kKinds = "job,service,configmap,secret";
constexpr std::size_t kRandomDigits = 8;
constexpr std::size_t kLongestName = 46;  // with an index appended, at most the 63 of a DNS label
constexpr int kLostPodsMost = 20;

/// A pod sees the secrets of all processes; its process gets only its own.
std::string own_keys(const KubernetesRun& run) {
  return std::string("mkdir -p -m 700 ") + kOwnKeys + "\nsecret=agent-$process.secret\n" +
         "[ \"$process\" -ne " + std::to_string(run.agent_count) +
         " ] || secret=coordinator.secret\n" + "(umask 077 && cp " + kSecrets + "/allowed.json \"" +
         kSecrets + "/$secret\" " + kOwnKeys + ") || exit 77\n";
}

/// Index 0 waits for the results of all processes, and sums up.
std::string gather(std::size_t process_count) {
  return "[ $code -ne 0 ] || [ \"$rank\" -ne 0 ] || {\n"
         "  until [ \"$(ls agents/*/result.json coordinator/result.json 2>/dev/null | wc -l)\" "
         "-eq " +
         std::to_string(process_count) + " ]; do sleep 1; done\n  tacit report . --experiment " +
         kFiles + "/config.toml >&4 2>&1\n  code=$?\n}\n";
}

std::string start_text(const KubernetesRun& run) {
  StartPlace place;
  place.agent_count = run.agent_count;
  place.folder = std::string(kDisk) + "/" + run.name;
  place.config = std::string(kFiles) + "/config.toml";
  place.keys = run.keys.empty() ? "" : kOwnKeys;
  place.port = kPort;
  place.choose = "rank=$JOB_COMPLETION_INDEX\n" +
                 process_of_rank(run.agent_count, run.has_coordinator) + "address=" + run.name +
                 "-$rank." + run.name + "\nmkdir -p " + shell_quoted(place.folder) + "\n";
  return start_script(
      place, (run.keys.empty() ? "" : own_keys(run)) + log_to_folder(),
      last_words_to_caller() + gather(run.agent_count + (run.has_coordinator ? 1 : 0)));
}

Json object(const char* version, const char* kind, const std::string& name) {
  return {{"apiVersion", version},
          {"kind", kind},
          {"metadata", {{"name", name}, {"labels", {{kLabel, name}}}}}};
}

Json mount(const char* name, const char* path) { return {{"name", name}, {"mountPath", path}}; }

Json container(const KubernetesRun& run, const char* name, const std::string& line) {
  Json mounts = Json::array({mount("files", kFiles), mount("runs", kDisk)});
  if (!run.keys.empty()) mounts.push_back(mount("keys", kSecrets));
  return {{"name", name},
          {"image", run.image},
          {"command", Json::array({"sh", "-c", line})},
          {"volumeMounts", mounts}};
}

Json pod(const KubernetesRun& run) {
  const std::string folder = std::string(kDisk) + "/" + run.name;
  Json volumes =
      Json::array({{{"name", "files"}, {"configMap", {{"name", run.name}}}},
                   {{"name", "runs"}, {"persistentVolumeClaim", {{"claimName", run.claim}}}}});
  if (!run.keys.empty()) {
    volumes.push_back({{"name", "keys"}, {"secret", {{"secretName", run.name}}}});
  }
  Json spec = {{"subdomain", run.name},
               {"restartPolicy", "Never"},
               {"automountServiceAccountToken", false},
               {"enableServiceLinks", false}};
  if (run.trains) {
    const std::string train =
        std::string("tacit train ") + kFiles + "/config.toml --policies " + folder + "/policies";
    spec["initContainers"] = Json::array({container(
        run, "train", "mkdir -p " + folder + " && exec flock " + folder + "/train.lock " + train)});
  }
  spec["containers"] =
      Json::array({container(run, "process", std::string("exec sh ") + kFiles + "/start")});
  spec["volumes"] = volumes;
  return {{"metadata", {{"labels", {{kLabel, run.name}}}}}, {"spec", spec}};
}

Json job(const KubernetesRun& run) {
  const std::size_t count = run.agent_count + (run.has_coordinator ? 1 : 0);
  Json result = object("batch/v1", "Job", run.name);
  result["spec"] = {
      {"completionMode", "Indexed"},
      {"completions", count},
      {"parallelism", count},
      {"backoffLimitPerIndex", kLostPodsMost},
      {"podReplacementPolicy", "Failed"},
      {"podFailurePolicy",
       {{"rules",
         Json::array(
             {{{"action", "Ignore"},
               {"onPodConditions", Json::array({{{"type", "DisruptionTarget"}}})}},
              {{"action", "FailJob"},
               {"onExitCodes", {{"operator", "NotIn"}, {"values", Json::array({137, 143})}}}}})}}},
      {"template", pod(run)}};
  return result;
}

KubernetesLaunch new_launch(const Experiment& experiment, const KubernetesArguments& kubernetes) {
  const auto now =
      std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now());
  return {kubernetes_name(experiment.name(), utc_stamp(now)), kubernetes.image, kubernetes.claim,
          kubernetes.insecure};
}

std::string manifest_of(const Experiment& experiment, const KubernetesLaunch& launch) {
  KubernetesRun run;
  run.name = launch.name;
  run.agent_count = experiment.agent_count();
  run.has_coordinator = experiment.system().has_coordinator();
  run.trains = !experiment.system().training_tasks().empty();
  run.config = experiment.effective_config();
  run.image = launch.image;
  run.claim = launch.claim;
  if (!launch.insecure) run.keys = fresh_keys(run.agent_count);
  return kubernetes_manifest(run);
}

void kubectl(std::vector<std::string> words, const std::function<void(const std::string&)>& line) {
  const PrivateFolder folder;
  words.insert(words.begin(), "kubectl");
  const ChildProgram program{"kubectl", words, folder.path() / "log", ChildKind::foreign};
  const StopSignals signals;
  run_children({{program}, 1, line, "stopped; 'kubectl get job' shows whether it was started", {}},
               signals);
}

void echo(const std::string& line) { std::cerr << line << '\n'; }

std::string selected(const std::string& name) { return std::string(kLabel) + "=" + name; }

void create(const Experiment& experiment, const KubernetesLaunch& launch) {
  const PrivateFolder folder;  // the manifest holds secrets
  const auto file = folder.path() / "manifest.yaml";
  write_atomically(file, manifest_of(experiment, launch));
  kubectl({"create", "-f", file.string()}, echo);
  std::cerr << "started " << launch.name << ": follow it with\n  kubectl get pods -l "
            << selected(launch.name) << "\n  kubectl logs -f job/" << launch.name
            << "\nresults will be in the folder " << launch.name << " of the claim " << launch.claim
            << "; remove all else with\n  kubectl delete " << kKinds << " -l "
            << selected(launch.name) << '\n';
}

}  // namespace

std::string kubernetes_manifest(const KubernetesRun& run) {
  Json service = object("v1", "Service", run.name);
  service["spec"] = {{"clusterIP", "None"},
                     {"publishNotReadyAddresses", true},
                     {"selector", {{kLabel, run.name}}}};
  Json files = object("v1", "ConfigMap", run.name);
  files["data"] = {{"config.toml", run.config}, {"start", start_text(run)}};
  std::string text = yaml_text(service) + "---\n" + yaml_text(files) + "---\n";
  if (!run.keys.empty()) {
    Json secret = object("v1", "Secret", run.name);
    secret["stringData"] = run.keys;
    text += yaml_text(secret) + "---\n";
  }
  return text + yaml_text(job(run));
}

std::string kubernetes_name(const std::string& experiment, const std::string& stamp) {
  const std::string end = dns_label("at-" + stamp, kLongestName).substr(3) + "-" +
                          to_hex(unused_name()).substr(0, kRandomDigits);
  return dns_label("tacit-" + experiment, kLongestName - end.size() - 1) + "-" + end;
}

std::string render_kubernetes(const RunArguments& arguments,
                              const KubernetesArguments& kubernetes) {
  const Experiment experiment = arguments.load();
  return manifest_of(experiment, new_launch(experiment, kubernetes));
}

int run_on_kubernetes(const RunArguments& arguments, const KubernetesArguments& kubernetes) {
  const Experiment experiment = arguments.load();
  const KubernetesLaunch launch = new_launch(experiment, kubernetes);
  const auto folder = make_launch_folder(arguments, experiment, "kubernetes");
  write_launch(folder, launch);
  std::cerr << "run folder: " << folder.string() << '\n';
  create(experiment, launch);
  return 0;
}

int resume_on_kubernetes(const Experiment& experiment, const std::filesystem::path& folder) {
  const KubernetesLaunch launch = read_kubernetes_launch(folder);
  bool active = false;
  kubectl({"get", "job", launch.name, "--ignore-not-found",
           R"(--output=jsonpath={.status.active}{"\n"})"},
          [&](const std::string& line) { active = active || (!line.empty() && line != "0"); });
  if (active) {
    throw InputError(ExitCode::mismatch, "the job " + launch.name +
                                             " is still active: wait for it, or end it with "
                                             "'kubectl delete job " +
                                             launch.name + "'");
  }
  kubectl({"delete", kKinds, "-l", selected(launch.name), "--cascade=foreground"}, echo);
  create(experiment, launch);
  return 0;
}

}  // namespace tacit
