// Goal: what `tacit launch` renders is what shells, Slurm and Kubernetes read, whatever names it is
// given, and the start script keeps its word. Method: exact texts; hostile words go through the
// real sh and a real YAML parser and must come back; the start script runs stand-ins.
#include <gtest/gtest.h>

#include <set>

#include "common/base/error.h"
#include "common/base/version.h"
#include "deploy/cli/launch/kubernetes.h"
#include "deploy/cli/launch/slurm.h"
#include "deploy/cli/launch/ssh_scripts.h"
#include "deploy/cli/launch/start.h"
#include "deploy/cli/launch/text.h"
#include "tests/support/child.h"
#include "tests/support/code_of.h"

namespace tacit {
namespace {

using testing::Child;
using testing::code_of;
using testing::TemporaryFolder;

const std::vector<std::string> kHostile{
    "plain",        "",           "two words", "it's",   "''",      "$(reboot)",
    "`reboot`",     "; rm -rf /", "a\\b\"c",   "-rf",    "~root",   "*?[a]{b,c}",
    "# no comment", "!history",   "k: v",      "- item", "\xc3\xa4"};

TEST(LaunchText, ShellWordsComeBackFromTheShell) {
  for (const std::string& word : kHostile) {
    SCOPED_TRACE(word);
    Child shell({"/bin/sh", "-c", "printf '<%s>' " + shell_line({word, "next"})});
    EXPECT_EQ(shell.wait(), 0);
    EXPECT_EQ(shell.output(), "<" + word + "><next>");
  }
  EXPECT_EQ(shell_quoted("/opt/a-b_c.d"), "/opt/a-b_c.d");
  EXPECT_EQ(shell_quoted("it's"), "'it'\\''s'");
  for (const std::string& control :
       {std::string("a\nb"), std::string("a\rb"), std::string("\x7f"), std::string("a\0b", 3)}) {
    EXPECT_EQ(code_of([&] { shell_quoted(control); }), ExitCode::usage);
  }
}

TEST(LaunchText, LabelsAreLabels) {
  EXPECT_EQ(dns_label("tacit-My Run/7", 40), "tacit-my-run-7");
  EXPECT_EQ(dns_label("tacit-\xc3\xa4$(x)", 40), "tacit-x");
  EXPECT_EQ(dns_label("", 40), "run");
  EXPECT_EQ(dns_label("--7", 40), "run-7");
  EXPECT_EQ(dns_label("abc-def", 4), "abc");
}

TEST(LaunchText, YamlComesBackFromAParser) {
  Child probe({"/usr/bin/env", "python3", "-c", "import yaml"});
  if (probe.wait() != 0) GTEST_SKIP() << "python3-yaml is not installed";
  nlohmann::ordered_json document = {{"list", kHostile},
                                     {"empty", nlohmann::ordered_json::array()},
                                     {"number", 7},
                                     {"flag", false},
                                     {"block", "#!/bin/sh\n  indented: $x\n\n# end\n"},
                                     {"tab", "a\tb\n"},
                                     {"gap", "\n\nlate\n"},
                                     {"lead", "  two\nlines\n"},
                                     {"open", "no end\nof line"},
                                     {"yes", {{"nested", {{{"a", 1}, {"b", "no"}}}}}}};
  for (const std::string& word : kHostile) document["keys"][word] = word + "\n" + word + "\n";
  const TemporaryFolder folder;
  const std::string file = folder.write("document.yaml", yaml_text(document));
  Child parse({"/usr/bin/env", "python3", "-c",
               "import json, sys, yaml; print(json.dumps(yaml.safe_load(open(sys.argv[1]))))",
               file});
  ASSERT_EQ(parse.wait(), 0) << parse.output();
  EXPECT_EQ(nlohmann::json::parse(parse.output()), nlohmann::json(document));
}

void write_program(const TemporaryFolder& folder, const std::string& name,
                   const std::string& script) {
  std::filesystem::create_directories(std::filesystem::path(folder.path(name)).parent_path());
  std::filesystem::permissions(folder.write(name, "#!/bin/sh\n" + script + "\n"),
                               std::filesystem::perms::owner_all);
}

/// A place whose programs are the stand-in `script`, for 12 agents.
StartPlace stand_in(const TemporaryFolder& folder, const std::string& script) {
  StartPlace place;
  place.agent_count = 12;
  place.folder = folder.path();
  place.programs = folder.path();
  place.keys = "keys";
  place.port = "5555 + process";
  place.choose = "process=$1\naddress=here\n";
  for (const char* name : {"tacit-agent", "tacit-coordinator"}) write_program(folder, name, script);
  return place;
}

TEST(LaunchStart, GivesEachProcessItsCommandLine) {
  const TemporaryFolder folder;
  const auto place =
      stand_in(folder, "echo \"$(basename $0) $*\" | sed 's/--supervisor [0-9]*/S/'");
  const std::string start = folder.write("start", start_script(place, "", ""));
  const std::string rest = "--experiment config.toml --rendezvous . --bind tcp://0.0.0.0:";
  Child agent({"/bin/sh", start, "7"});
  EXPECT_EQ(agent.wait(), 0);
  EXPECT_EQ(agent.output(),
            "tacit-agent --id 7 " + rest + "5562 --advertise tcp://here:5562 --keys keys S\n");
  Child coordinator({"/bin/sh", start, "12"});
  EXPECT_EQ(coordinator.wait(), 0);
  EXPECT_EQ(coordinator.output(),
            "tacit-coordinator " + rest + "5567 --advertise tcp://here:5567 --keys keys S\n");
}

TEST(LaunchStart, ReceivesAtEveryAddressOfTheFamilyThatItAdvertises) {
  const TemporaryFolder folder;
  auto place = stand_in(folder, "echo \"$*\"");
  place.choose = "process=$1\naddress='[2001:db8::1]'\n";
  Child agent({"/bin/sh", folder.write("start", start_script(place, "", "")), "7"});
  EXPECT_EQ(agent.wait(), 0);
  EXPECT_NE(agent.output().find("--bind tcp://[::]:5562 --advertise tcp://[2001:db8::1]:5562 "),
            std::string::npos)
      << agent.output();
}

TEST(LaunchStart, PlainTextOnlyWithoutKeys) {
  StartPlace place;
  place.port = "0";
  EXPECT_NE(start_script(place, "", "").find(" --insecure\n"), std::string::npos);
  place.keys = "keys";
  EXPECT_EQ(start_script(place, "", "").find("--insecure"), std::string::npos);
}

TEST(LaunchStart, WhoIsKilledAgainAndAgainIsStartedAgainTenTimesLaterAndLater) {
  const TemporaryFolder folder;
  const auto place = stand_in(folder, "echo started >>tries; kill -KILL $$");
  write_program(folder, "clock/sleep", "echo \"$1\" >>" + folder.path("pauses"));
  Child start({"/usr/bin/env", "PATH=" + folder.path("clock") + ":/usr/bin:/bin", "/bin/sh",
               folder.write("start", start_script(place, "", "")), "0"});
  EXPECT_EQ(start.wait(), 137);
  EXPECT_NE(start.output().find("started again (10 of 10)"), std::string::npos);
  const std::string tries = testing::text_of(folder.path("tries"));
  EXPECT_EQ(std::ranges::count(tries, '\n'), 11);
  EXPECT_EQ(testing::text_of(folder.path("pauses")), "0\n1\n2\n3\n4\n5\n5\n5\n5\n5\n");
}

TEST(LaunchStart, WhoLivesForAMinuteBetweenItsDeathsIsAlwaysStartedAgain) {
  const TemporaryFolder folder;
  const auto place =
      stand_in(folder, "echo started >>tries; [ $(wc -l <tries) -le 30 ] || exit 0; kill -KILL $$");
  write_program(folder, "clock/sleep", ":");
  write_program(folder, "clock/date",
                "echo >>" + folder.path("seconds") + "; echo $((60 * $(wc -l <" +
                    folder.path("seconds") + ")))");
  Child start({"/usr/bin/env", "PATH=" + folder.path("clock") + ":/usr/bin:/bin", "/bin/sh",
               folder.write("start", start_script(place, "", "")), "0"});
  EXPECT_EQ(start.wait(), 0) << start.output();
  EXPECT_EQ(start.output().find("(2 of 10)"), std::string::npos) << start.output();
}

TEST(LaunchStart, WhoFailsIsNotStartedAgainAndItsLastWordsAreTold) {
  const TemporaryFolder folder;
  const auto place = stand_in(folder, "echo started; echo 'the reason' >&2; exit 75");
  const std::string text = start_script(place, log_to_folder(), last_words_to_caller());
  Child start({"/bin/sh", folder.write("start", text), "3"});
  EXPECT_EQ(start.wait(), 75);
  EXPECT_EQ(start.output(), "process 3 ended with exit code 75:\nstarted\nthe reason\n");
  EXPECT_EQ(testing::text_of(folder.path("agents/003/log")), "started\nthe reason\n");
}

TEST(LaunchStart, TheProgramEndsWithItsScript) {
  const TemporaryFolder folder;
  const auto place =
      stand_in(folder, "trap 'echo told; exit 0' TERM\necho ready\nwhile :; do read x; done <w");
  ASSERT_EQ(mkfifo(folder.path("w").c_str(), 0600), 0);
  const int writer = open(folder.path("w").c_str(), O_RDWR | O_CLOEXEC);
  Child start({"/bin/sh", folder.write("start", start_script(place, "", "")), "0"});
  ASSERT_TRUE(start.wait_for("ready"));
  start.send_signal(SIGTERM);
  EXPECT_EQ(start.wait(), 143);
  EXPECT_NE(start.output().find("told"), std::string::npos) << start.output();
  close(writer);
}

TEST(LaunchStart, AProgramThatDoesNotStopCannotHoldItsScript) {
  const TemporaryFolder folder;
  const auto place = stand_in(
      folder, "trap '' TERM\nexec >/dev/null 2>&1\necho x >ready\nwhile read x; do :; done <w");
  for (const char* name : {"w", "ready"}) ASSERT_EQ(mkfifo(folder.path(name).c_str(), 0600), 0);
  const int writer = open(folder.path("w").c_str(), O_RDWR | O_CLOEXEC);
  Child start({"/bin/sh", folder.write("start", start_script(place, "", "")), "0"});
  EXPECT_EQ(testing::text_of(folder.path("ready")), "x\n");  // waits for it
  start.send_signal(SIGTERM);
  EXPECT_EQ(start.wait(), 128 + SIGKILL);
  close(writer);
}

/// A host whose programs are in `folder`, where the run is, too.
SshPlace ssh_place(const TemporaryFolder& folder) {
  return {{"host", "here", folder.path(), 0}, folder.path(), 12, 5555, false, "tacit-mark"};
}

// The end of standard input is what a remote host sees of a supervisor that is gone.
TEST(LaunchSsh, TheProgramEndsWithStandardInput) {
  const TemporaryFolder folder;
  stand_in(folder, "echo start 0 0 >&4\nexec cat <w");
  ASSERT_EQ(mkfifo(folder.path("w").c_str(), 0600), 0);
  const int writer = open(folder.path("w").c_str(), O_RDWR | O_CLOEXEC);
  const SshScripts scripts = ssh_scripts(ssh_place(folder), false);
  ASSERT_EQ(mkfifo(folder.path("in").c_str(), 0600), 0);
  const int input = open(folder.path("in").c_str(), O_RDWR | O_CLOEXEC);
  Child start(
      {"/bin/sh", "-c",
       "exec /bin/sh " + folder.write("start", scripts.start) + " 0 <" + folder.path("in")});
  ASSERT_TRUE(start.wait_for("\ntacit-mark 0\n"));
  ASSERT_TRUE(start.wait_for("start 0 0"));
  close(input);
  EXPECT_EQ(start.wait(), 143) << start.output();
  close(writer);
}

TEST(LaunchSsh, AnotherReleaseIsRefused) {
  const TemporaryFolder folder;
  stand_in(folder, "echo 0.0.9");
  const SshScripts scripts = ssh_scripts(ssh_place(folder), false);
  Child check({"/bin/sh", folder.write("check", scripts.check)});
  EXPECT_EQ(check.wait(), 76);
  EXPECT_NE(check.output().find("this is release 0.0.9"), std::string::npos);
}

TEST(LaunchSsh, WhatWasSentOfProcessesGivesWayToWhatIsThere) {
  const TemporaryFolder folder;
  stand_in(folder, "echo " + std::string(kVersion));
  for (const char* place : {"agents/000", "agents/001", "state/agents/000", "state/agents/001"}) {
    std::filesystem::create_directories(folder.path(place));
  }
  folder.write("agents/000/checkpoint-0", "newer");
  for (const char* agent : {"000", "001"}) {
    folder.write("state/agents/" + std::string(agent) + "/checkpoint-0", "older");
  }
  const SshScripts scripts = ssh_scripts(ssh_place(folder), true);
  Child check({"/bin/sh", folder.write("check", scripts.check)});
  EXPECT_EQ(check.wait(), 0) << check.output();
  EXPECT_EQ(testing::text_of(folder.path("agents/000/checkpoint-0")), "newer");
  EXPECT_EQ(testing::text_of(folder.path("agents/001/checkpoint-0")), "older");
  EXPECT_FALSE(std::filesystem::exists(folder.path("state")));
}

TEST(LaunchSsh, AFolderIsTakenOnlyIfItIsNewUnlessTheRunIsItsOwn) {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder.path("taken"));
  SshPlace place = ssh_place(folder);
  place.folder = folder.path("taken");
  Child first({"/bin/sh", "-c", ssh_scripts(place, false).receive + " </dev/null"});
  EXPECT_EQ(first.wait(), 74);
  EXPECT_NE(first.output().find("taken"), std::string::npos) << first.output();
  folder.write("taken/check", "exit 3");
  const std::string kit = folder.path("kit.tar");
  ASSERT_EQ(Child({"/usr/bin/env", "tar", "-C", folder.path("taken"), "-cf", kit, "."}).wait(), 0);
  Child again({"/bin/sh", "-c", ssh_scripts(place, true).receive + " <" + kit});
  EXPECT_EQ(again.wait(), 3) << again.output();
}

TEST(LaunchSlurm, RendersOneJob) {
  SlurmJob job{"Grid $(x)",
               3,
               true,
               "/shared/a run/it's",
               "/opt/tacit",
               false,
               {"--partition=short", "--nodes=3"}};
  const std::string text = slurm_script(job);
  EXPECT_TRUE(
      text.starts_with("#!/bin/sh\n"
                       "#SBATCH --job-name=grid-x\n"
                       "#SBATCH --ntasks=4\n"
                       "#SBATCH --output=/dev/null\n"
                       "#SBATCH --partition=short\n"
                       "#SBATCH --nodes=3\n"))
      << text;
  EXPECT_NE(text.find("cd '/shared/a run/it'\\''s' || exit 74\n"), std::string::npos);
  EXPECT_TRUE(
      text.ends_with("END_OF_START\n"
                     "rm -f failures\n"
                     "srun --kill-on-bad-exit=0 --wait=0 sh start\n"
                     "code=$?\n"
                     "[ ! -s failures ] || head -n 3 failures\n"
                     "rm -rf keys\n"
                     "exit $code\n"))
      << text;
  const TemporaryFolder folder;
  Child check({"/bin/sh", "-n", folder.write("job", text)});
  EXPECT_EQ(check.wait(), 0) << check.output();
  job.options = {"--comment=a\n#SBATCH --uid=0"};
  EXPECT_EQ(code_of([&] { slurm_script(job); }), ExitCode::usage);
  job.options = {"--comment=two \"words\" # of \\ mine", "--qos=\"long\"", "-p short", "-C a b",
                 "--constraint=[a|b]"};
  const std::string quoted = slurm_script(job);
  EXPECT_NE(quoted.find("#SBATCH --comment=\"two \\\"words\\\" # of \\\\ mine\"\n"
                        "#SBATCH --qos=\"\\\"long\\\"\"\n"
                        "#SBATCH -p short\n"
                        "#SBATCH -C \"a b\"\n"
                        "#SBATCH --constraint=[a|b]\n"),
            std::string::npos)
      << quoted;
  job.options = {"rm"};
  EXPECT_EQ(code_of([&] { slurm_script(job); }), ExitCode::usage);
}

TEST(LaunchSlurm, FindsTheJobAmongOtherLines) {
  EXPECT_EQ(job_id("17"), "17");
  EXPECT_EQ(job_id("17;cluster"), "17");
  for (const char* line :
       {"", "Welcome", "17 nodes are idle", "Submitted batch job 17", "job;17"}) {
    EXPECT_EQ(job_id(line), "") << line;
  }
}

TEST(LaunchSlurm, RankZeroIsTheCoordinatorWhereThereIsOne) {
  const auto processes = [](bool coordinator) {
    Child shell(
        {"/bin/sh", "-c",
         "for rank in 0 1 2 3; do\n" + process_of_rank(3, coordinator) + "echo $process; done"});
    shell.wait();
    return shell.output();
  };
  EXPECT_EQ(processes(true), "3\n0\n1\n2\n");
  EXPECT_EQ(processes(false), "0\n1\n2\n3\n");
}

TEST(LaunchKubernetes, NamesAreLabelsThatNoOtherLaunchHas) {
  std::set<std::string> names;
  for (int launch = 0; launch < 100; ++launch) {
    const std::string name = kubernetes_name(std::string(80, 'x'), "20250131T235959Z");
    EXPECT_EQ(name, dns_label(name, 46));
    EXPECT_NE(name.find("-20250131t235959z-"), std::string::npos) << name;
    names.insert(name);
  }
  EXPECT_EQ(names.size(), 100u);
}

TEST(LaunchKubernetes, RendersAnIndexedJobWithAHeadlessService) {
  Child probe({"/usr/bin/env", "python3", "-c", "import yaml"});
  if (probe.wait() != 0) GTEST_SKIP() << "python3-yaml is not installed";
  const std::string config = "system = \"grid\"\n[run]\nname = \"it's: # {{x}}\"\n";
  const KubernetesRun run{"tacit-g-1", 7,
                          true,        true,
                          config,      "registry/tacit: x",
                          "my claim",  {{"allowed.json", "{}\n"}, {"agent-0.secret", "s\n"}}};
  const TemporaryFolder folder;
  const std::string file = folder.write("run.yaml", kubernetes_manifest(run));
  Child parse({"/usr/bin/env", "python3", "-c",
               "import json, sys, yaml; "
               "print(json.dumps(list(yaml.safe_load_all(open(sys.argv[1])))))",
               file});
  ASSERT_EQ(parse.wait(), 0) << parse.output();
  const auto objects = nlohmann::json::parse(parse.output());
  ASSERT_EQ(objects.size(), 4u);
  EXPECT_EQ(objects[0]["kind"], "Service");
  EXPECT_EQ(objects[0]["spec"]["clusterIP"], "None");
  EXPECT_EQ(objects[1]["data"]["config.toml"], config);
  EXPECT_EQ(objects[2]["stringData"]["agent-0.secret"], "s\n");
  const auto& job = objects[3];
  EXPECT_EQ(job["apiVersion"], "batch/v1");
  EXPECT_EQ(job["spec"]["completionMode"], "Indexed");
  EXPECT_EQ(job["spec"]["completions"], 8);
  EXPECT_EQ(job["spec"]["parallelism"], 8);
  const auto& pod = job["spec"]["template"];
  EXPECT_EQ(objects[0]["spec"]["selector"], pod["metadata"]["labels"]);
  EXPECT_EQ(pod["spec"]["subdomain"], objects[0]["metadata"]["name"]);
  EXPECT_EQ(pod["spec"]["restartPolicy"], "Never");
  EXPECT_EQ(pod["spec"]["containers"][0]["image"], "registry/tacit: x");
  EXPECT_EQ(pod["spec"]["initContainers"].size(), 1u);
  EXPECT_EQ(pod["spec"]["volumes"][1]["persistentVolumeClaim"]["claimName"], "my claim");
  const std::string start = objects[1]["data"]["start"];
  EXPECT_NE(start.find("process=$(((rank + 7) % (7 + 1)))\n"), std::string::npos);
  EXPECT_NE(start.find("address=tacit-g-1-$rank.tacit-g-1\n"), std::string::npos);
  Child check({"/bin/sh", "-n", folder.write("start", start)});
  EXPECT_EQ(check.wait(), 0) << check.output();
}

}  // namespace
}  // namespace tacit
