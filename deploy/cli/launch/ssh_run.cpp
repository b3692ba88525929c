#include "deploy/cli/launch/ssh_run.h"

#include <algorithm>
#include <iostream>
#include <ranges>
#include <sstream>

#include "common/base/digest.h"
#include "common/base/error.h"
#include "common/base/fingerprint.h"
#include "common/rendezvous/folder_rendezvous.h"
#include "common/results/files.h"
#include "common/results/layout.h"
#include "deploy/cli/launch/archive.h"
#include "deploy/cli/launch/keys.h"
#include "deploy/cli/launch/text.h"
#include "deploy/cli/private_folder.h"
#include "deploy/cli/run_status.h"

namespace tacit {
namespace {

namespace fs = std::filesystem;

/// Lines for `sh -c` that run the program "$@" with its input from a file "$0": as one process, so
/// that no part of it continues when it is stopped.
constexpr const char* kFromFile = R"(exec "$@" <"$0")";
/// With its output to the file, and always successful, so that the failure of one host does not
/// keep the others from being finished: the file shows whether the host succeeded.
constexpr const char* kToFile = R"("$@" </dev/null >"$0" & trap "kill $!" TERM; wait $! || true)";

void write_key(const fs::path& kit, const std::string& name,
               const std::map<std::string, std::string>& keys) {
  write_atomically(kit / "keys" / name, keys.at(name));
  fs::permissions(kit / "keys" / name, fs::perms::owner_read | fs::perms::owner_write);
}

std::vector<std::string> with_file(const char* line, const fs::path& file,
                                   const std::vector<std::string>& program) {
  std::vector<std::string> words{"sh", "-c", line, file.string()};
  words.insert(words.end(), program.begin(), program.end());
  return words;
}

}  // namespace

SshPlace ssh_place(const SshLaunch& launch, std::size_t host, std::size_t agent_count) {
  const std::string run = to_hex(launch.run);
  return {launch.hosts[host], ".tacit/" + run + "/" + std::to_string(host),
          agent_count,        launch.port,
          launch.insecure,    "tacit-" + run};
}

SshRun::SshRun(const StartedRun& started, const SshLaunch& launch, bool again)
    : started_(started),
      launch_(launch),
      again_(again),
      agent_count_(started.experiment.agent_count()) {
  for (std::size_t host = 0; host < launch.hosts.size(); ++host) {
    places_.push_back(ssh_place(launch, host, agent_count_));
    scripts_.push_back(ssh_scripts(places_.back(), again));
  }
}

void SshRun::run() const {
  prepare();
  try {
    start();
  } catch (const InputError& error) {
    try {
      bring_back();
    } catch (const InputError& kept) {
      throw InputError(error.code(), std::string(error.what()) + "\n  " + kept.what());
    }
    throw;
  }
  bring_back();
}

std::vector<std::string> SshRun::ssh(std::size_t host, const std::string& command) const {
  std::vector<std::string> words{"ssh", "-T", "-oBatchMode=yes", "-oServerAliveInterval=15",
                                 "-oServerAliveCountMax=4"};
  if (!launch_.config.empty()) words.insert(words.end(), {"-F", launch_.config});
  words.insert(words.end(), {"--", launch_.hosts[host].name, command});
  return words;
}

ChildProgram SshRun::on_host(std::size_t host, std::vector<std::string> words) const {
  return {"host " + launch_.hosts[host].name, std::move(words),
          started_.folder / ("host-" + std::to_string(host) + ".log"), ChildKind::foreign};
}

void SshRun::run_group(std::vector<ChildProgram> programs,
                       const std::function<void(const std::string&)>& on_line) const {
  const std::size_t count = programs.size();
  run_children({std::move(programs),
                count,
                on_line,
                "stopped; go on with 'tacit resume " + started_.folder.string() + "'",
                {}},
               started_.signals);
}

void SshRun::prepare() const {
  try {
    send_kits();
  } catch (const InputError& error) {
    if (!again_) {  // no process has run anywhere
      std::set<std::size_t> hosts;
      for (std::size_t host = 0; host < places_.size(); ++host) hosts.insert(host);
      remove(hosts);
    }
    if (error.code() != ExitCode::peer_lost) throw;
    throw InputError(ExitCode::peer_absent, error.what());  // the host was never reached
  }
}

void SshRun::send_kits() const {
  const PrivateFolder kits;  // they hold secrets
  const auto keys =
      launch_.insecure ? std::map<std::string, std::string>() : fresh_keys(agent_count_);
  std::vector<ChildProgram> pack, send;
  for (std::size_t host = 0; host < places_.size(); ++host) {
    const fs::path kit = kits.path() / std::to_string(host);
    const std::string archive = kit.string() + ".tar";
    make_kit(kit, host, keys);
    pack.push_back(on_host(
        host, {"tar", "-C", kit.string(), "--exclude=./state/*/log", "-chf", archive, "."}));
    send.push_back(on_host(host, with_file(kFromFile, archive, ssh(host, scripts_[host].receive))));
  }
  run_group(std::move(pack), [](const auto&) {});
  run_group(std::move(send), [](const auto&) {});
}

void SshRun::make_kit(const fs::path& kit, std::size_t host,
                      const std::map<std::string, std::string>& keys) const {
  fs::create_directories(kit / "keys");
  write_atomically(kit / "check", scripts_[host].check);
  write_atomically(kit / "start", scripts_[host].start);
  write_atomically(kit / "collect", scripts_[host].collect);
  write_atomically(kit / "config.toml", started_.experiment.effective_config());
  const fs::path here = fs::absolute(started_.folder);
  if (fs::exists(here / "policies")) fs::create_symlink(here / "policies", kit / "policies");
  if (launch_.hosts[host].programs.empty()) {
    fs::create_directory(kit / "bin");
    for (const char* name : {"tacit-agent", "tacit-coordinator"}) {
      fs::create_symlink(program_folder() / name, kit / "bin" / name);
    }
  }
  if (!keys.empty()) write_key(kit, "allowed.json", keys);
  const FolderRendezvous rendezvous(kit / "rendezvous", registration(0).greeting, launch_.run);
  for (std::size_t process = 0; process < launch_.host_of.size(); ++process) {
    rendezvous.publish(registration(process));
    if (launch_.host_of[process] != host) continue;
    const fs::path own = process_folder(process_id(process), agent_count_);
    fs::create_directories(kit / own);
    if (!keys.empty()) write_key(kit, secret_file(process, agent_count_), keys);
    if (!again_) continue;
    fs::create_directories((kit / "state" / own).parent_path());
    fs::create_symlink(here / own, kit / "state" / own);
  }
}

/// The registration that a process will send.
Registration SshRun::registration(std::size_t process) const {
  Registration registration{process_id(process), {}};
  registration.greeting.config_hash = started_.experiment.config_hash();
  registration.greeting.numeric_fingerprint = numeric_fingerprint();
  registration.greeting.endpoint = "tcp://" + launch_.hosts[launch_.host_of[process]].address +
                                   ":" +
                                   std::to_string(static_cast<std::size_t>(launch_.port) + process);
  return registration;
}

void SshRun::start() const {
  RunStatus status(started_.experiment);
  std::vector<ChildProgram> programs;
  for (std::size_t process = launch_.host_of.size(); process-- > 0;) {  // the coordinator first
    const std::size_t host = launch_.host_of[process];
    const ProcessId id = process_id(process);
    programs.push_back(
        {process_name(id, agent_count_, started_.experiment.agent_names()) + " on " +
             launch_.hosts[host].name,
         ssh(host, "sh " + places_[host].folder + "/start " + std::to_string(process)),
         started_.folder / process_folder(id, agent_count_) / "log", ChildKind::foreign});
  }
  const std::string mark = places_.front().mark;
  std::set<std::string> heard;  // processes whose host has printed the mark
  run_group(std::move(programs), [&](const std::string& line) {
    std::istringstream words(line);
    std::string first, process;
    words >> first >> process;
    if (first == mark) heard.insert(process);
    if (heard.contains(process)) status.on_line(line);
  });
}

fs::path SshRun::archive_of(std::size_t host) const {
  return started_.folder / ("host-" + std::to_string(host) + ".tar");
}

/// Fetches the results of the processes, and removes them from the hosts whose results are here.
/// @throws InputError (peer_lost) naming the other hosts
void SshRun::bring_back() const {
  std::vector<ChildProgram> fetch;
  for (std::size_t host = 0; host < places_.size(); ++host) {
    fetch.push_back(on_host(host, with_file(kToFile, archive_of(host),
                                            ssh(host, "sh " + places_[host].folder + "/collect"))));
  }
  std::optional<ExitCode> failure;
  try {
    run_group(std::move(fetch), [](const auto&) {});
  } catch (const InputError& stopped) {
    failure = stopped.code();
  }
  std::set<std::size_t> fetched;
  std::string kept;
  for (std::size_t host = 0; host < places_.size(); ++host) {
    const auto why = unpack(host);
    if (why) {
      failure = failure.value_or(*why);
      kept += where_results_are(host);
    } else {
      fetched.insert(host);
    }
    std::error_code ignored;
    fs::remove(archive_of(host), ignored);
  }
  make_all_durable(started_.folder);  // before the only other copy is removed
  remove(fetched);
  if (kept.empty()) return;
  throw InputError(*failure, kept + "'tacit resume " + started_.folder.string() +
                                 "' fetches them and ends the run");
}

/// @return nothing once all results of the host are in the run folder; else the error
std::optional<ExitCode> SshRun::unpack(std::size_t host) const {
  const std::string& mark = places_[host].mark;
  // Takes only files that this host's own processes may have left.
  std::vector<std::string> words{"tar", "-C", started_.folder.string(), "-xof",
                                 archive_of(host).string()};
  for (std::size_t process = 0; process < launch_.host_of.size(); ++process) {
    if (launch_.host_of[process] != host) continue;
    words.push_back("./" + process_folder(process_id(process), agent_count_).string());
  }
  try {
    if (!keep_between(archive_of(host), archive_begin(mark), archive_end(mark))) {
      return ExitCode::peer_lost;
    }
    run_group({on_host(host, words)}, [](const auto&) {});
    return std::nullopt;
  } catch (const InputError& error) {  // the host's log says why
    return error.code() == ExitCode::peer_absent ? ExitCode::run_folder : error.code();
  }
}

void SshRun::remove(const std::set<std::size_t>& hosts) const {
  const PrivateFolder answers;
  std::vector<ChildProgram> programs;
  for (const std::size_t host : hosts) {
    programs.push_back(on_host(host, with_file(kToFile, answers.path() / std::to_string(host),
                                               ssh(host, scripts_[host].remove))));
  }
  try {
    run_group(std::move(programs), [](const auto&) {});
  } catch (const InputError&) {  // stopped: the hosts not cleaned are named
  }
  for (const std::size_t host : hosts) {
    const fs::path answer = answers.path() / std::to_string(host);
    const std::string text = fs::exists(answer) ? read_text(answer) : "";
    if (text.find("\n" + places_[host].mark + "\n") != std::string::npos) continue;
    std::cerr << "hint: ~/" << places_[host].folder << " on " << launch_.hosts[host].name
              << " could not be removed; if it is there, it is not needed any more\n";
  }
}

std::string SshRun::where_results_are(std::size_t host) const {
  const std::string& name = launch_.hosts[host].name;
  const std::string folder = started_.folder.string();
  const bool is_ipv6 = name.find(':') != std::string::npos;
  const std::size_t user = name.find('@') + 1;
  const std::string place =
      (is_ipv6 ? name.substr(0, user) + "[" + name.substr(user) + "]" : name) + ":" +
      places_[host].folder;
  std::vector<std::string> copy{"scp", "-r"};
  if (!launch_.config.empty()) copy.insert(copy.end(), {"-F", launch_.config});
  for (const char* part : {"agents", "coordinator"}) {
    const auto is_there = [&](std::size_t process) {
      return launch_.host_of[process] == host &&
             (process == agent_count_) == (part == std::string("coordinator"));
    };
    const auto processes = std::views::iota(std::size_t{0}, launch_.host_of.size());
    if (std::ranges::any_of(processes, is_there)) copy.push_back(place + "/" + part);
  }
  copy.push_back(folder);
  return "the results of host " + name + " could not be fetched (" + folder + "/host-" +
         std::to_string(host) + ".log) and are kept there; by hand: " + shell_line(copy) + "\n  ";
}

}  // namespace tacit
