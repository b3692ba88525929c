#include <chrono>
#include <filesystem>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <nlohmann/json.hpp>
#include <set>

#include "common/base/error.h"
#include "common/base/listed.h"
#include "common/experiment/experiment.h"
#include "common/process/process_lock.h"
#include "common/results/layout.h"
#include "common/results/records.h"
#include "common/results/run_record.h"
#include "common/results/wait_record.h"
#include "deploy/cli/command.h"
#include "deploy/cli/whole_run.h"

namespace tacit {
namespace {

namespace fs = std::filesystem;

/// A waiting process reports this every second.
constexpr std::int64_t kFresh_s = 3;

struct Standing {
  std::string name;
  std::string state;  ///< waiting, busy, stopped, ended or absent
  std::optional<LockHolder> holder;
  std::optional<WaitRecord> wait;
};

/// "T" or "t": the process was stopped by a signal or is being debugged.
bool is_stopped(pid_t process) {
  std::ifstream file("/proc/" + std::to_string(process) + "/stat");
  std::string text;
  std::getline(file, text);
  const auto name_end = text.rfind(')');
  return name_end != std::string::npos && name_end + 2 < text.size() &&
         (text[name_end + 2] == 'T' || text[name_end + 2] == 't');
}

Standing look_at(const fs::path& folder, const std::string& name, std::int64_t now) {
  Standing standing{name, "busy", holder_of(folder / "lock"), read_wait_record(folder)};
  if (!standing.holder) {
    standing.state = fs::exists(folder / "result.json") ? "ended" : "absent";
    standing.wait.reset();
  } else if (standing.holder->host == host_name() && is_stopped(standing.holder->process)) {
    standing.state = "stopped";
  } else if (standing.wait && now - standing.wait->seen <= kFresh_s) {
    standing.state = "waiting";
  } else {
    standing.wait.reset();
  }
  return standing;
}

std::string joined(const std::vector<std::string>& names) {
  return listed(names.size(), [&](std::size_t k) { return names[k]; });
}

/// Processes for which others wait although they do not wait themselves.
std::vector<std::string> culprits(const std::vector<Standing>& all) {
  std::set<std::string> awaited;
  for (const Standing& one : all) {
    if (one.wait) awaited.insert(one.wait->whom.begin(), one.wait->whom.end());
  }
  std::vector<std::string> names;
  for (const Standing& one : all) {
    if (one.state != "waiting" && awaited.contains(one.name)) {
      names.push_back(one.name + ", which is " + one.state);
    }
  }
  return names;
}

nlohmann::ordered_json as_json(const std::vector<Standing>& all) {
  auto list = nlohmann::ordered_json::array();
  for (const Standing& one : all) {
    nlohmann::ordered_json entry{{"process", one.name}, {"state", one.state}};
    if (one.holder) entry.update({{"pid", one.holder->process}, {"host", one.holder->host}});
    if (one.wait) {
      entry.update({{"stage", one.wait->stage},
                    {"round", one.wait->round},
                    {"waits_for", one.wait->whom},
                    {"since", one.wait->since}});
    }
    list.push_back(std::move(entry));
  }
  return {{"processes", std::move(list)}, {"because_of", culprits(all)}};
}

void print_table(const std::vector<Standing>& all, std::int64_t now) {
  std::size_t width = 0;
  for (const Standing& one : all) width = std::max(width, one.name.size());
  for (const Standing& one : all) {
    std::cout << std::left << std::setw(static_cast<int>(width) + 2) << one.name << std::setw(9)
              << one.state;
    if (one.wait) {
      std::cout << one.wait->stage << " round " << one.wait->round << ": for "
                << now - one.wait->since << " s for " << joined(one.wait->whom);
    }
    std::cout << '\n';
  }
  const auto because_of = culprits(all);
  if (!because_of.empty()) std::cout << "because of " << joined(because_of) << '\n';
}

int explain(const fs::path& run, bool json) {
  require_run_folder(run);
  const RunFacts facts = read_run_facts(run);
  if (facts.derived.contains("back_end") && facts.derived.at("back_end") == kInProcess) {
    throw InputError(ExitCode::usage,
                     run.string() + ": one process plays all of them; nobody waits for anybody");
  }
  const auto now = std::chrono::duration_cast<std::chrono::seconds>(
                       std::chrono::system_clock::now().time_since_epoch())
                       .count();
  std::vector<Standing> all;
  for (std::size_t process = 0; process <= facts.agent_count; ++process) {
    const fs::path folder = run / process_folder(process_id(process), facts.agent_count);
    if (!fs::exists(folder)) continue;
    all.push_back(look_at(
        folder, process_name(process_id(process), facts.agent_count, facts.agent_names), now));
  }
  if (json) {
    std::cout << as_json(all).dump(2) << '\n';
  } else {
    print_table(all, now);
  }
  return 0;
}

}  // namespace

void add_why_command(CLI::App& app, Execute& execute) {
  auto* why = app.add_subcommand("why", R"(Who waits for whom in a run, and since when.

Examples:
  tacit why runs/offload/latest
  tacit why runs/grid/20261121T120000Z_s1 --json

A process of the run is one of
  waiting   it says for whom, and for how long
  busy      it computes, or has waited for less than two seconds
  stopped   by a signal (SIGSTOP), or a debugger
  ended     its result is there
  absent    it does not live, and has left no result
The last line names those for whom others wait, but who do not wait themselves.)");
  auto folder = std::make_shared<std::string>();
  auto as_json = std::make_shared<bool>(false);
  why->add_option("run", *folder, "the run folder")->required();
  why->add_flag("--json", *as_json, "print JSON");
  why->callback([=, &execute] { execute = [=] { return explain(*folder, *as_json); }; });
}

}  // namespace tacit
