#include <iostream>

#include "common/base/error.h"
#include "deploy/cli/command.h"
#include "deploy/cli/launch/kubernetes.h"
#include "deploy/cli/launch/slurm.h"
#include "deploy/cli/launch/ssh.h"
#include "deploy/cli/whole_run.h"

namespace tacit {
namespace {

struct LaunchArguments : RunArguments {
  std::string on = "local";
  bool render = false;
  bool insecure = false;
  SshArguments ssh;
  SlurmArguments slurm;
  KubernetesArguments kubernetes;
};

void require(const std::string& value, const std::string& option, const std::string& what) {
  if (value.empty()) throw InputError(ExitCode::usage, option + " is needed: " + what);
}

int launch(LaunchArguments arguments) {
  arguments.ssh.insecure = arguments.slurm.insecure = arguments.kubernetes.insecure =
      arguments.insecure;
  const bool render = arguments.render;
  if (arguments.on == "ssh") {
    require(arguments.ssh.host_file, "--hosts", "a file with a host in each line");
    if (!render) return run_over_ssh(arguments, arguments.ssh);
    std::cout << render_ssh(arguments, arguments.ssh);
  } else if (arguments.on == "slurm") {
    if (!render) return run_on_slurm(arguments, arguments.slurm);
    std::cout << render_slurm(arguments, arguments.slurm);
  } else if (arguments.on == "kubernetes") {
    require(arguments.kubernetes.image, "--image", "deploy/kubernetes/Containerfile makes one");
    require(arguments.kubernetes.claim, "--claim",
            "a PersistentVolumeClaim that all pods can write to, for the run folder");
    if (!render) return run_on_kubernetes(arguments, arguments.kubernetes);
    std::cout << render_kubernetes(arguments, arguments.kubernetes);
  } else if (render) {
    throw InputError(ExitCode::usage, "--render: nothing is rendered to run on this machine");
  } else {
    return run_on_this_machine(arguments);
  }
  return 0;
}

}  // namespace

void add_launch_command(CLI::App& app, Execute& execute, std::vector<std::string> argv) {
  auto* command = app.add_subcommand("launch", R"(Run an experiment on several machines.

Examples:
  tacit launch --on ssh --hosts hosts deploy/experiments/offload.toml
  tacit launch --on slurm --sbatch=--partition=short deploy/experiments/grid.toml
  tacit launch --on kubernetes --image tacit --claim runs deploy/experiments/grid.toml --render

Ends as 'tacit run' does, with the same bits: a process that is killed is started again, and a run
folder holds everything (Kubernetes: on the claim). Every run gets keys of its own, so that all that
crosses the network is encrypted. docs/machines.md describes each target.)");
  auto arguments = std::make_shared<LaunchArguments>();
  arguments->argv = std::move(argv);
  arguments->add_to(*command);
  command->add_option("--on", arguments->on, "where the processes run")
      ->check(CLI::IsMember({"local", "ssh", "slurm", "kubernetes"}))
      ->required();
  command->add_flag("--render", arguments->render, "print what would be submitted, and stop");
  command->add_flag("--insecure", arguments->insecure,
                    "no keys: plain text, on a network you trust");
  command->add_option("--hosts", arguments->ssh.host_file, "ssh: file of the hosts");
  command->add_option("--ssh-config", arguments->ssh.config, "ssh: configuration, as for ssh -F");
  add_number(*command, "--port", arguments->ssh.port, {1024, 65535},
             "ssh: process k receives at port N + k of its host");
  command
      ->add_option("--sbatch", arguments->slurm.options, "slurm: an option for sbatch (repeatable)")
      ->allow_extra_args(false);
  command->add_option("--image", arguments->kubernetes.image, "kubernetes: image of the programs");
  command->add_option("--claim", arguments->kubernetes.claim, "kubernetes: PersistentVolumeClaim");
  command->callback(
      [arguments, &execute] { execute = [arguments] { return launch(*arguments); }; });
}

}  // namespace tacit
