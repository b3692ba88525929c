#include "deploy/cli/launch/ssh_scripts.h"

#include <filesystem>

#include "common/base/version.h"
#include "deploy/cli/launch/start.h"
#include "deploy/cli/launch/text.h"

namespace tacit {
namespace {

std::string programs_of(const SshHost& host) {
  return host.programs.empty() ? "bin" : host.programs;
}

std::string parent_of(const SshPlace& place) {
  return shell_quoted(std::filesystem::path(place.folder).parent_path().string());
}

std::string enter(const SshPlace& place) {
  return "#!/bin/sh\ncd " + shell_quoted(place.folder) + " || exit 74\n";
}

/// Runs `action` for every process's lock that exists.
std::string for_each_lock(const std::string& action) {
  return "for lock in agents/*/lock coordinator/lock; do\n"
         "  [ -e \"$lock\" ] || continue\n" +
         action + "done\n";
}

std::string receive_command(const SshPlace& place, bool again) {
  const std::string folder = shell_quoted(place.folder);
  return "sh -c " +
         shell_quoted("umask 077; mkdir -p " + parent_of(place) + " && mkdir " +
                      (again ? "-p " : "") + folder + " || exit 74; tar -xof - -C " + folder +
                      "; code=$?; [ $code -eq 0 ] || { [ $code -eq 127 ] || code=74; exit $code; }"
                      "; exec sh " +
                      folder + "/check");
}

std::string check_script(const SshPlace& place) {
  const std::string release(kVersion);
  return enter(place) +
         "# A connection that was lost may have left processes of this run behind.\n" +
         for_each_lock(
             "  flock -n \"$lock\" true && continue\n"
             "  read -r holder machine <\"$lock\"\n"
             "  [ \"$machine\" != \"$(uname -n)\" ] || kill -TERM \"$holder\"\n"
             "  [ \"$machine\" != \"$(uname -n)\" ] || kill -CONT \"$holder\"\n"
             "  flock -w 10 \"$lock\" true || {\n"
             "    echo \"process $holder of this run on $machine does not end\" >&2\n"
             "    exit 76\n"
             "  }\n") +
         "for place in state/agents/* state/coordinator; do\n"
         "  own=${place#state/}\n"
         "  [ -d \"$place\" ] && [ -z \"$(ls -A \"$own\" 2>/dev/null)\" ] || continue\n"
         "  rm -rf \"$own\" && mv \"$place\" \"$own\" || exit 74\n"
         "done\n"
         "rm -rf state\n"
         "release=$(" +
         shell_quoted(programs_of(place.host) + "/tacit-agent") +
         " --version) || exit 69\n"
         "[ \"$release\" = " +
         release +
         " ] || {\n"
         "  echo \"this is release $release, but the run needs " +
         release +
         "\" >&2\n"
         "  exit 76\n"
         "}\n";
}

std::string start_process_script(const SshPlace& place) {
  StartPlace start;
  start.agent_count = place.agent_count;
  start.folder = place.folder;
  start.programs = programs_of(place.host);
  start.keys = place.insecure ? "" : "keys";
  start.port = std::to_string(place.port) + " + process";
  start.choose = "process=$1\naddress=" + shell_quoted(place.host.address) + "\n";
  return start_script(start,
                      "set -- \"$@\" --status-descriptor 4\n"
                      "exec 3<&0 4>&1 1>&2\n"
                      "printf '\\n%s\\n' \"" +
                          place.mark +
                          " $process\" >&4\n"
                          "(\n"
                          "  trap '' HUP INT\n"
                          "  while read -r _; do :; done\n"
                          "  kill -TERM $$\n"
                          ") <&3 >/dev/null 2>&1 4>&- &\n"
                          "watcher=$!\n"
                          "exec 3<&-\n",
                      "kill $watcher\n");
}

std::string collect_script(const SshPlace& place) {
  return enter(place) +
         for_each_lock(
             "  flock -w 10 \"$lock\" true || {\n"
             "    echo \"$lock: this process does not end\" >&2\n"
             "    exit 75\n"
             "  }\n") +
         "rm -rf keys\n"
         "printf '\\n%s-begin\\n' " +
         place.mark +
         "\n"
         "tar --exclude=lock -cf - $(ls -d ./agents ./coordinator 2>/dev/null) || exit 74\n"
         "printf '\\n%s-end\\n' " +
         place.mark + "\n";
}

std::string remove_command(const SshPlace& place) {
  return "sh -c " + shell_quoted("rm -rf " + shell_quoted(place.folder) + " || exit 74; rmdir " +
                                 parent_of(place) + " 2>/dev/null; echo; echo " + place.mark);
}

}  // namespace

SshScripts ssh_scripts(const SshPlace& place, bool again) {
  return {receive_command(place, again), check_script(place), start_process_script(place),
          collect_script(place), remove_command(place)};
}

std::string archive_begin(const std::string& mark) { return "\n" + mark + "-begin\n"; }
std::string archive_end(const std::string& mark) { return "\n" + mark + "-end\n"; }

}  // namespace tacit
