#include "deploy/cli/launch/start.h"

#include <algorithm>

#include "deploy/cli/launch/text.h"
#include "deploy/cli/restart_budget.h"

namespace tacit {
namespace {

std::string program(const StartPlace& place, const std::string& name) {
  return shell_quoted(place.programs.empty() ? name : place.programs + "/" + name);
}

std::string command_lines(const StartPlace& place) {
  const std::size_t digits = std::max<std::size_t>(
      3, std::to_string(std::max<std::size_t>(place.agent_count, 1) - 1).size());
  return "case $process in\n"
         "  " +
         std::to_string(place.agent_count) +
         ")\n"
         "    place=coordinator\n"
         "    set -- " +
         program(place, "tacit-coordinator") +
         " ;;\n"
         "  *)\n"
         "    place=agents/$(printf %0" +
         std::to_string(digits) +
         "d \"$process\")\n"
         "    set -- " +
         program(place, "tacit-agent") +
         " --id \"$process\" ;;\n"
         "esac\n"
         "port=$((" +
         place.port +
         "))\n"
         "case $address in\n"
         "  \\[*) every='[::]' ;;\n"
         "  *) every=0.0.0.0 ;;\n"
         "esac\n"
         "set -- \"$@\" --experiment " +
         shell_quoted(place.config) +
         " --rendezvous . \\\n"
         "  --bind \"tcp://$every:$port\" --advertise \"tcp://$address:$port\" " +
         (place.keys.empty() ? "--insecure" : "--keys " + shell_quoted(place.keys)) + "\n";
}

std::string loop_lines() {
  const std::string most = std::to_string(kRestartsMost);
  // $! is set as soon as there is a child, so a stop cannot miss it. A child that was told to stop
  // before it had become the program may not know: it dies with this script, which is killed if it
  // waits too long.
  return "stop() {\n"
         "  program=$!\n"
         "  [ -n \"$program\" ] || exit 143\n"
         "  kill -TERM $program\n"
         "  kill -CONT $program\n"
         "  { sleep 4; kill -KILL $$; } >/dev/null 2>&1 4>&- &\n"
         "  wait $program\n"
         "  kill $!\n"
         "  exit 143\n"
         "}\n"
         "trap stop HUP INT TERM\n"
         "tries=0\n"
         "while :; do\n"
         "  began=$(date +%s)\n"
         "  \"$@\" --supervisor $$ </dev/null &\n"
         "  wait $!\n"
         "  code=$?\n"
         "  [ $code -eq 137 ] || break\n"
         "  [ $(($(date +%s) - began)) -lt " +
         std::to_string(kLongLife.count()) +
         " ] || tries=0\n"
         "  tries=$((tries + 1))\n"
         "  [ $tries -le " +
         most +
         " ] || break\n"
         "  pause=$((tries <= 5 ? tries - 1 : 5))\n"
         "  sleep $pause >/dev/null 2>&1 4>&- &\n"
         "  wait $!\n"
         "  echo \"process $process was killed: started again ($tries of " +
         most +
         ")\" >&2\n"
         "done\n";
}

}  // namespace

std::string start_script(const StartPlace& place, const std::string& before,
                         const std::string& after) {
  return "#!/bin/sh\n"
         "# Runs one process of a run until it ends, and again when somebody kills it.\n" +
         place.choose + "cd " + shell_quoted(place.folder) + " || exit 74\n" +
         command_lines(place) + before + loop_lines() + after + "exit $code\n";
}

std::string log_to_folder() {
  return "mkdir -p \"$place\" || exit 74\n"
         "exec 4>&2 >>\"$place/log\" 2>&1\n";
}

std::string last_words_to_caller() {
  // In one write, so that the output of several processes does not mix.
  return "[ $code -eq 0 ] || printf '%s\\n' \"process $process ended with exit code $code:\" "
         "\"$(tail -n 2 \"$place/log\")\" >&4\n";
}

std::string process_of_rank(std::size_t agent_count, bool has_coordinator) {
  if (!has_coordinator) return "process=$rank\n";
  const std::string n = std::to_string(agent_count);
  return "process=$(((rank + " + n + ") % (" + n + " + 1)))\n";
}

}  // namespace tacit
