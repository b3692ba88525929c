#include "deploy/cli/launch_ssh.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>

#include "common/base/digest.h"
#include "common/base/error.h"
#include "common/base/fingerprint.h"
#include "common/base/version.h"
#include "common/run_folder/files.h"
#include "common/run_folder/layout.h"
#include "coordinator/rendezvous/folder_rendezvous.h"
#include "deploy/cli/children.h"
#include "deploy/cli/launch_keys.h"
#include "deploy/cli/launch_start.h"
#include "deploy/cli/launch_text.h"
#include "deploy/cli/private_folder.h"
#include "deploy/cli/run_status.h"

namespace tacit {
namespace {

namespace fs = std::filesystem;

constexpr int kLastPort = 65535;

std::string programs_of(const SshHost& host) {
  return host.programs.empty() ? "bin" : host.programs;
}

/// One run over ssh: who is where, and what is done there.
class SshRun {
 public:
  SshRun(const StartedRun& started, const std::vector<SshHost>& hosts,
         const SshArguments& arguments)
      : started_(started),
        hosts_(hosts),
        arguments_(arguments),
        agent_count_(started.experiment.agent_count()),
        host_of_(place_processes(hosts, started.experiment.process_count())),
        run_(
            hash_text(fs::absolute(started.folder).string() + "/" + std::to_string(getpid()) + "/" +
                      std::to_string(std::chrono::system_clock::now().time_since_epoch().count()))),
        used_(1 + *std::ranges::max_element(host_of_)) {}

  void run() {
    try {
      prepare();
      start();
    } catch (const InputError&) {
      for (std::size_t host = 0; host < used_; ++host) {
        try {
          collect(host, host + 1);
        } catch (const InputError&) {  // its log says why
        }
      }
      throw;
    }
    collect(0, used_);
  }

 private:
  std::string remote_folder(std::size_t host) const {
    return ".tacit/" + to_hex(run_) + "/" + std::to_string(host);
  }

  std::vector<std::string> ssh(std::size_t host, const std::string& command) const {
    std::vector<std::string> words{"ssh", "-T", "-oBatchMode=yes", "-oServerAliveInterval=15",
                                   "-oServerAliveCountMax=4"};
    if (!arguments_.config.empty()) words.insert(words.end(), {"-F", arguments_.config});
    words.insert(words.end(), {"--", hosts_[host].name, command});
    return words;
  }

  ChildProgram on_host(std::size_t host, std::vector<std::string> words) const {
    return {"host " + hosts_[host].name, std::move(words),
            started_.folder / ("host-" + std::to_string(host) + ".log"), ChildKind::foreign};
  }

  void run_group(std::vector<ChildProgram> programs,
                 const std::function<void(const std::string&)>& on_line) const {
    const std::size_t count = programs.size();
    run_children({std::move(programs),
                  count,
                  on_line,
                  "stopped; " + started_.folder.string() + " holds what there is so far",
                  {}},
                 started_.signals);
  }

  /// A program with its standard input from a file, or its output to one; a single process, so that
  /// nothing of it goes on when it is stopped.
  ChildProgram with_file(std::size_t host, const char* line, const fs::path& file,
                         const std::vector<std::string>& program) const {
    std::vector<std::string> words{"sh", "-c", line, file.string()};
    words.insert(words.end(), program.begin(), program.end());
    return on_host(host, words);
  }

  void prepare() const {
    const PrivateFolder kits;  // they hold secrets
    const auto keys =
        arguments_.insecure ? std::map<std::string, std::string>() : fresh_keys(agent_count_);
    std::vector<ChildProgram> pack, send;
    for (std::size_t host = 0; host < used_; ++host) {
      const fs::path kit = kits.path() / std::to_string(host);
      const std::string archive = kit.string() + ".tar";
      make_kit(kit, host, keys);
      const std::string folder = remote_folder(host);
      pack.push_back(on_host(host, {"tar", "-C", kit.string(), "-chf", archive, "."}));
      send.push_back(
          with_file(host, R"(exec "$@" <"$0")", archive,
                    ssh(host, "mkdir -p " + folder + " && chmod 700 " + folder +
                                  " && tar -xof - -C " + folder + " && sh " + folder + "/check")));
    }
    run_group(std::move(pack), [](const auto&) {});
    try {
      run_group(std::move(send), [](const auto&) {});
    } catch (const InputError& error) {
      if (error.code() != ExitCode::peer_lost) throw;
      throw InputError(ExitCode::peer_absent, error.what());  // it was never there
    }
  }

  void make_kit(const fs::path& kit, std::size_t host,
                const std::map<std::string, std::string>& keys) const {
    fs::create_directories(kit / "keys");
    const SshScripts scripts =
        ssh_scripts(hosts_[host], remote_folder(host), agent_count_, arguments_);
    write_atomically(kit / "check", scripts.check);
    write_atomically(kit / "start", scripts.start);
    write_atomically(kit / "collect", scripts.collect);
    write_atomically(kit / "config.toml", started_.experiment.effective_config());
    if (fs::exists(started_.folder / "policies")) {
      fs::create_symlink(fs::absolute(started_.folder / "policies"), kit / "policies");
    }
    if (hosts_[host].programs.empty()) {
      fs::create_directory(kit / "bin");
      for (const char* name : {"tacit-agent", "tacit-coordinator"}) {
        fs::create_symlink(program_folder() / name, kit / "bin" / name);
      }
    }
    if (!keys.empty()) write_key(kit, "allowed.json", keys);
    const FolderRendezvous rendezvous(kit / "rendezvous", run_);
    for (std::size_t process = 0; process < host_of_.size(); ++process) {
      rendezvous.publish(registration(process));
      if (host_of_[process] != host) continue;
      fs::create_directories(kit / process_folder(process_id(process), agent_count_));
      if (!keys.empty()) write_key(kit, secret_file(process, agent_count_), keys);
    }
  }

  static void write_key(const fs::path& kit, const std::string& name,
                        const std::map<std::string, std::string>& keys) {
    write_atomically(kit / "keys" / name, keys.at(name));
    fs::permissions(kit / "keys" / name, fs::perms::owner_read | fs::perms::owner_write);
  }

  /// What a process will say of itself.
  Registration registration(std::size_t process) const {
    Registration registration{process_id(process), {}};
    registration.greeting.config_hash = started_.experiment.config_hash();
    registration.greeting.numeric_fingerprint = numeric_fingerprint();
    registration.greeting.endpoint =
        "tcp://" + hosts_[host_of_[process]].address + ":" +
        std::to_string(static_cast<std::size_t>(arguments_.port) + process);
    return registration;
  }

  void start() const {
    RunStatus status(started_.experiment);
    std::vector<ChildProgram> programs;
    for (std::size_t process = host_of_.size(); process-- > 0;) {  // the coordinator first
      const std::size_t host = host_of_[process];
      const ProcessId id = process_id(process);
      programs.push_back(
          {process_name(id, agent_count_) + " on " + hosts_[host].name,
           ssh(host, "sh " + remote_folder(host) + "/start " + std::to_string(process)),
           started_.folder / process_folder(id, agent_count_) / "log", ChildKind::foreign});
    }
    run_group(std::move(programs), [&](const std::string& line) { status.on_line(line); });
  }

  /// From hosts begin ... end - 1.
  void collect(std::size_t begin, std::size_t end) const {
    const PrivateFolder archives;
    std::vector<ChildProgram> fetch, unpack;
    for (std::size_t host = begin; host < end; ++host) {
      const fs::path archive = archives.path() / (std::to_string(host) + ".tar");
      fetch.push_back(with_file(host, R"(exec "$@" >"$0")", archive,
                                ssh(host, "sh " + remote_folder(host) + "/collect")));
      // Only what this host's own processes may have left is taken.
      std::vector<std::string> words{"tar", "-C", started_.folder.string(), "-xof",
                                     archive.string()};
      for (std::size_t process = 0; process < host_of_.size(); ++process) {
        if (host_of_[process] != host) continue;
        words.push_back("./" + process_folder(process_id(process), agent_count_).string());
      }
      unpack.push_back(on_host(host, words));
    }
    run_group(std::move(fetch), [](const auto&) {});
    run_group(std::move(unpack), [](const auto&) {});
  }

  const StartedRun& started_;
  const std::vector<SshHost>& hosts_;
  const SshArguments& arguments_;
  std::size_t agent_count_;
  std::vector<std::size_t> host_of_;  ///< of each process
  std::uint64_t run_;
  std::size_t used_;  ///< hosts that have a process: the first of the list
};

std::vector<SshHost> hosts_for(const Experiment& experiment, const SshArguments& ssh) {
  auto hosts = parse_hosts(read_text(ssh.host_file), ssh.host_file);
  const auto host_of = place_processes(hosts, experiment.process_count());
  hosts.resize(1 + *std::ranges::max_element(host_of));
  if (static_cast<std::size_t>(ssh.port) + experiment.agent_count() > kLastPort) {
    throw InputError(ExitCode::usage,
                     "--port " + std::to_string(ssh.port) + " leaves no room for " +
                         std::to_string(experiment.process_count()) + " ports: name a smaller one");
  }
  return hosts;
}

}  // namespace

SshScripts ssh_scripts(const SshHost& host, const std::string& folder, std::size_t agent_count,
                       const SshArguments& arguments) {
  const std::string release(kVersion);
  const std::string enter = "#!/bin/sh\ncd " + shell_quoted(folder) + " || exit 74\n";
  SshScripts scripts;
  scripts.check = enter + "release=$(" + shell_quoted(programs_of(host) + "/tacit-agent") +
                  " --version) || exit 69\n"
                  "[ \"$release\" = " +
                  release +
                  " ] || {\n"
                  "  echo \"this is release $release, but the run needs " +
                  release +
                  "\" >&2\n"
                  "  exit 76\n"
                  "}\n";
  StartPlace place;
  place.agent_count = agent_count;
  place.folder = folder;
  place.programs = programs_of(host);
  place.keys = arguments.insecure ? "" : "keys";
  place.port = std::to_string(arguments.port) + " + process";
  place.choose = "process=$1\naddress=" + shell_quoted(host.address) + "\n";
  scripts.start = start_script(place,
                               "set -- \"$@\" --status-descriptor 4\n"
                               "exec 3<&0 4>&1 1>&2\n"
                               "(\n"
                               "  trap '' HUP INT\n"
                               "  while read -r _; do :; done\n"
                               "  kill -TERM $$\n"
                               ") <&3 >/dev/null 2>&1 4>&- &\n"
                               "watcher=$!\n"
                               "exec 3<&-\n",
                               "kill $watcher\n");
  scripts.collect =
      enter +
      "for lock in agents/*/lock coordinator/lock; do\n"
      "  [ ! -e \"$lock\" ] || flock -w 10 \"$lock\" true\n"
      "done\n"
      "tar --exclude=lock -cf - $(ls -d ./agents ./coordinator 2>/dev/null) || exit 74\n"
      "cd && rm -rf " +
      shell_quoted(folder) +
      "\n"
      "rmdir " +
      shell_quoted(fs::path(folder).parent_path().string()) + " 2>/dev/null || true\n";
  return scripts;
}

int run_over_ssh(const RunArguments& arguments, const SshArguments& ssh) {
  const auto hosts = hosts_for(arguments.load(), ssh);
  std::vector<std::string> names;
  for (const SshHost& host : hosts) names.push_back(host.name);
  return run_whole(arguments, {"ssh", names, [&](const StartedRun& started) {
                                 SshRun(started, hosts, ssh).run();
                               }});
}

std::string render_ssh(const RunArguments& arguments, const SshArguments& ssh) {
  const auto experiment = arguments.load();
  const auto hosts = hosts_for(experiment, ssh);
  const auto host_of = place_processes(hosts, experiment.process_count());
  std::string text;
  for (std::size_t host = 0; host < hosts.size(); ++host) {
    text += "# " + hosts[host].name + " runs";
    for (std::size_t process = 0; process < host_of.size(); ++process) {
      if (host_of[process] == host) text += " " + std::to_string(process);
    }
    const SshScripts scripts = ssh_scripts(hosts[host], ".tacit/RUN/" + std::to_string(host),
                                           experiment.agent_count(), ssh);
    text += "; first:\n" + scripts.check + "# for each process:\n" + scripts.start +
            "# in the end:\n" + scripts.collect;
  }
  return text;
}

}  // namespace tacit
