#include "common/process/options.h"

#include <CLI/CLI.hpp>
#include <cstdint>
#include <iostream>

#include "common/base/error.h"
#include "common/base/printable.h"
#include "common/process/command_line.h"
#include "common/process/number_option.h"
#include "common/transport/endpoint.h"
#include "common/transport/zmq.h"

namespace tacit {
namespace {

constexpr std::int64_t kIdMost = 0xffff'fffe;

constexpr const char* kAgentText = R"(One agent of a tacit experiment, as a process of its own.

Examples:
  tacit-agent --id 3 --experiment offload.toml --rendezvous tcp://192.0.2.7:5555 --out runs/mine
  tacit-agent --id 3 --experiment offload.toml --rendezvous /shared/meeting-place

A rendezvous is where the processes of a run find each other: the endpoint of the coordinator, or a
folder on a disk they all see. Every process loads the same experiment file; the start waits until
all peers are there.)";

constexpr const char* kCoordinatorText = R"(The coordinator of a tacit experiment.

Examples:
  tacit-coordinator --experiment offload.toml --bind tcp://127.0.0.1:5555 --out runs/mine
  tacit-coordinator --experiment offload.toml --rendezvous /shared/meeting-place

It is the place where the agents meet (unless --rendezvous names a folder) and get the policies
that 'tacit train' made for them, and runs the server machine of the system, if the experiment has
one.)";

/// @throws InputError (usage) naming the option, before a socket is bound
void check_endpoints(const ProcessOptions& options) {
  const auto check = [](const std::string& option, const std::string& text, std::uint16_t least) {
    try {
      parse_endpoint(text, least);
    } catch (const InputError& error) {
      throw InputError(error.code(), option + " " + error.what());
    }
  };
  check("--bind", options.bind, 0);
  if (!options.advertise.empty()) check("--advertise", options.advertise, 0);
  if (options.advertise.starts_with("tcp://*:")) {
    throw InputError(ExitCode::usage, "--advertise " + options.advertise +
                                          ": name the host at which others reach this process");
  }
  if (options.rendezvous.find("://") != std::string::npos) {
    check("--rendezvous", options.rendezvous, 1);
  }
}

/// @throws InputError (usage) for a rendezvous that looks like HOST:PORT, and if this process would
/// send or receive plain text across machines.
void require_safe(const ProcessOptions& options) {
  if (is_folder(options.rendezvous) && options.rendezvous.find('/') == std::string::npos &&
      options.rendezvous.find(':') != std::string::npos) {
    throw InputError(ExitCode::usage, "--rendezvous " + options.rendezvous +
                                          ": did you mean tcp://" + options.rendezvous +
                                          "? A folder is written with a /");
  }
  if (options.insecure || !options.keys.empty()) return;
  for (const std::string& endpoint : {options.bind, options.advertise, options.rendezvous}) {
    if (endpoint.find("://") == std::string::npos || is_local(endpoint)) continue;
    throw InputError(ExitCode::usage,
                     "'" + endpoint +
                         "' leaves this machine, and connections are not encrypted: make keys "
                         "with 'tacit keys' and name their folder with --keys, or accept plain "
                         "text on a network you trust with --insecure");
  }
}

/// The folder of policies; empty: an agent asks the coordinator.
std::string default_policies(Role role, const std::string& rendezvous) {
  if (is_folder(rendezvous)) return rendezvous + "/policies";
  return role == Role::agent ? "" : "policies";
}

}  // namespace

bool is_folder(const std::string& rendezvous) {
  return !rendezvous.empty() && rendezvous.find("://") == std::string::npos;
}

std::optional<ProcessOptions> parse_options(Role role, int argc, char** argv, int& exit_code) {
  const bool agent = role == Role::agent;
  ProcessOptions options;
  CLI::App app(agent ? kAgentText : kCoordinatorText);
  add_version(app);
  if (agent) {
    add_number(app, "--id", options.id, {0, kIdMost}, "which agent this is, 0 to N - 1")
        ->default_str("")
        ->required();
  }
  app.add_option("--experiment", options.experiment, "the experiment file (TOML)")->required();
  app.add_option("-s,--set", options.overrides, "override a value: table.key=value (repeatable)")
      ->allow_extra_args(false);
  auto* rendezvous = app.add_option(
      "--rendezvous", options.rendezvous,
      agent ? "where the processes meet: the coordinator's endpoint, or a folder"
            : "a folder where the processes meet (default: this process's own endpoint)");
  if (agent) rendezvous->required();
  app.add_option("--bind", options.bind,
                 "endpoint to receive at: tcp://HOST:PORT (port 0: a free one) or ipc://PATH")
      ->capture_default_str();
  app.add_option(
      "--advertise", options.advertise,
      "endpoint the others are told, if it is not the bound one; port 0: the bound port");
  app.add_option("--out", options.out, "run folder (default: the rendezvous folder)");
  app.add_option("--policies", options.policies,
                 agent ? "folder of trained policies (default: the one in the rendezvous folder; "
                         "else the coordinator sends what this agent needs)"
                       : "folder of the trained policies that agents ask for (default: policies)");
  auto* keys = app.add_option("--keys", options.keys,
                              "folder with this process's secret and the list of public keys, made "
                              "by 'tacit keys': encrypt, and talk to those in the list only");
  app.add_flag("--insecure", options.insecure, "allow plain text connections to other machines")
      ->excludes(keys);
  add_child_options(app, options.supervisor, options.status_descriptor);
  refuse_empty_values(app);
  try {
    app.parse(argc, argv);
    check_endpoints(options);
    require_safe(options);
    if (options.out.empty() && !is_folder(options.rendezvous)) {
      throw InputError(
          ExitCode::usage,
          "--out FOLDER is needed: the rendezvous is not a folder to leave results in");
    }
    if (options.out.empty()) options.out = options.rendezvous;
    if (options.policies.empty()) options.policies = default_policies(role, options.rendezvous);
    return options;
  } catch (const CLI::ParseError& error) {
    exit_code = explain(app, error);
  } catch (const InputError& error) {
    std::cerr << (agent ? "tacit-agent: " : "tacit-coordinator: ") << printable(error.what())
              << '\n';
    exit_code = static_cast<int>(error.code());
  }
  return std::nullopt;
}

}  // namespace tacit
