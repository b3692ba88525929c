#include "deploy/cli/launch/ssh.h"

#include <algorithm>

#include "common/base/digest.h"
#include "common/base/error.h"
#include "common/results/files.h"
#include "deploy/cli/launch/record.h"
#include "deploy/cli/launch/ssh_run.h"
#include "deploy/cli/launch/ssh_scripts.h"

namespace tacit {
namespace {

constexpr int kLastPort = 65535;

SshLaunch plan(const Experiment& experiment, const SshArguments& ssh) {
  SshLaunch launch;
  launch.run = unused_name();
  launch.hosts = parse_hosts(read_text(ssh.host_file), ssh.host_file);
  launch.host_of = place_processes(launch.hosts, experiment.process_count());
  launch.hosts.resize(1 + *std::ranges::max_element(launch.host_of));
  // A run may be resumed from another folder; "none" is a keyword of ssh, not a file.
  launch.config = ssh.config.empty() || ssh.config == "none"
                      ? ssh.config
                      : std::filesystem::absolute(ssh.config).string();
  launch.port = ssh.port;
  launch.insecure = ssh.insecure;
  if (static_cast<std::size_t>(ssh.port) + experiment.agent_count() > kLastPort) {
    throw InputError(ExitCode::usage,
                     "--port " + std::to_string(ssh.port) + " leaves no room for " +
                         std::to_string(experiment.process_count()) + " ports: name a smaller one");
  }
  return launch;
}

}  // namespace

int run_over_ssh(const RunArguments& arguments, const SshArguments& ssh) {
  const SshLaunch launch = plan(arguments.load(), ssh);
  std::vector<std::string> names;
  for (const SshHost& host : launch.hosts) names.push_back(host.name);
  return run_whole(arguments, {"ssh", names, [&](const StartedRun& started) {
                                 write_launch(started.folder, launch);
                                 SshRun(started, launch, false).run();
                               }});
}

void resume_over_ssh(const StartedRun& started) {
  const SshLaunch launch = read_ssh_launch(started.folder, started.experiment.process_count());
  SshRun(started, launch, true).run();
}

std::string render_ssh(const RunArguments& arguments, const SshArguments& ssh) {
  const auto experiment = arguments.load();
  const SshLaunch launch = plan(experiment, ssh);
  std::string text;
  for (std::size_t host = 0; host < launch.hosts.size(); ++host) {
    text += "# " + launch.hosts[host].name + " runs";
    for (std::size_t process = 0; process < launch.host_of.size(); ++process) {
      if (launch.host_of[process] == host) text += " " + std::to_string(process);
    }
    const SshScripts scripts =
        ssh_scripts(ssh_place(launch, host, experiment.agent_count()), false);
    text += "; gets its part:\n" + scripts.receive + "\n# which begins with:\n" + scripts.check +
            "# for each process:\n" + scripts.start + "# in the end:\n" + scripts.collect +
            "# once that is here:\n" + scripts.remove + "\n";
  }
  return text;
}

}  // namespace tacit
