#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "common/base/error.h"
#include "common/rendezvous/registration.h"
#include "deploy/cli/children.h"
#include "deploy/cli/launch/record.h"
#include "deploy/cli/launch/ssh_scripts.h"
#include "deploy/cli/whole_run.h"

namespace tacit {

/// The part of one host in a launch.
SshPlace ssh_place(const SshLaunch& launch, std::size_t host, std::size_t agent_count);

/// One run over ssh, from sending the files that hosts need to bringing back the results.
class SshRun {
 public:
  /// @param again  whether an interrupted run is continued
  SshRun(const StartedRun& started, const SshLaunch& launch, bool again);

  /// @throws InputError as run_over_ssh
  void run() const;

 private:
  std::vector<std::string> ssh(std::size_t host, const std::string& command) const;
  ChildProgram on_host(std::size_t host, std::vector<std::string> words) const;
  void run_group(std::vector<ChildProgram> programs,
                 const std::function<void(const std::string&)>& on_line) const;

  void prepare() const;
  void send_kits() const;
  void make_kit(const std::filesystem::path& kit, std::size_t host,
                const std::map<std::string, std::string>& keys) const;
  Registration registration(std::size_t process) const;

  void start() const;

  void bring_back() const;
  std::filesystem::path archive_of(std::size_t host) const;
  std::optional<ExitCode> unpack(std::size_t host) const;
  void remove(const std::set<std::size_t>& hosts) const;
  std::string where_results_are(std::size_t host) const;

  const StartedRun& started_;
  const SshLaunch& launch_;
  bool again_;
  std::size_t agent_count_;
  std::vector<SshPlace> places_;     ///< of each host
  std::vector<SshScripts> scripts_;  ///< of each host
};

}  // namespace tacit
