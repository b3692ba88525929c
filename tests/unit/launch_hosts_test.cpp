// Goal: host files are understood or refused, what a launch leaves in its folder comes back or is
// refused, and an archive is found in whatever a host says. Method: exact values, and texts that
// are nearly right.
#include <gtest/gtest.h>

#include "common/base/error.h"
#include "deploy/cli/launch/archive.h"
#include "deploy/cli/launch/record.h"
#include "deploy/cli/launch/ssh_scripts.h"
#include "tests/support/child.h"
#include "tests/support/code_of.h"

namespace tacit {
namespace {

using testing::code_of;
using testing::TemporaryFolder;

TEST(LaunchArchive, KeepsWhatStandsBetweenTheMarks) {
  const TemporaryFolder folder;
  const std::string content(3'000'000, 'c');
  const std::string whole = archive_begin("m") + content + archive_end("m");
  for (const std::string& before : {std::string(), std::string("Welcome> "), archive_end("m")}) {
    const std::string file = folder.write("archive", before + whole + "bye\n");
    EXPECT_TRUE(keep_between(file, archive_begin("m"), archive_end("m")));
    EXPECT_EQ(testing::text_of(file), content);
  }
  for (const std::string& text :
       {std::string(), archive_begin("m") + content, content + archive_end("m"),
        archive_end("m") + archive_begin("m"), archive_begin("n") + content + archive_end("n")}) {
    const std::string file = folder.write("archive", text);
    EXPECT_FALSE(keep_between(file, archive_begin("m"), archive_end("m")));
    EXPECT_EQ(testing::text_of(file), text);
  }
  EXPECT_EQ(code_of([&] { keep_between(folder.path("none"), "a", "b"); }), ExitCode::run_folder);
}

TEST(LaunchRecord, ComesBackAndIsRefusedIfItDoesNotFit) {
  const TemporaryFolder folder;
  const SshLaunch launch{0xfedcba9876543210,
                         {{"u@a", "[::1]", "/opt", 2}, {"b", "b", "", 0}},
                         {0, 1, 0},
                         "/c",
                         6000,
                         true};
  write_launch(folder.path(), launch);
  const SshLaunch back = read_ssh_launch(folder.path(), 3);
  EXPECT_EQ(back.run, launch.run);
  ASSERT_EQ(back.hosts.size(), 2u);
  EXPECT_EQ(back.hosts[0].name, "u@a");
  EXPECT_EQ(back.hosts[0].address, "[::1]");
  EXPECT_EQ(back.hosts[0].programs, "/opt");
  EXPECT_EQ(back.host_of, launch.host_of);
  EXPECT_EQ(back.config, "/c");
  EXPECT_EQ(back.port, 6000);
  EXPECT_TRUE(back.insecure);
  EXPECT_EQ(code_of([&] { read_ssh_launch(folder.path(), 4); }), ExitCode::bad_data);
  EXPECT_EQ(code_of([&] { read_slurm_launch(folder.path()); }), ExitCode::bad_data);
  write_launch(folder.path(), SshLaunch{1, {{"a", "a", "", 0}}, {0, 1}, "", 1, false});
  EXPECT_EQ(code_of([&] { read_ssh_launch(folder.path(), 2); }), ExitCode::bad_data);
  write_launch(folder.path(), SlurmLaunch{{"--x=y"}, true, "17"});
  EXPECT_EQ(read_slurm_launch(folder.path()).options, std::vector<std::string>{"--x=y"});
  EXPECT_EQ(read_slurm_launch(folder.path()).job, "17");
  write_launch(folder.path(), KubernetesLaunch{"n", "i", "c", true});
  EXPECT_EQ(read_kubernetes_launch(folder.path()).claim, "c");
}

TEST(LaunchHosts, UnderstandsIpv6AndAByteOrderMark) {
  const auto hosts = parse_hosts(
      "\xEF\xBB\xBF"
      "a address=[2001:db8::1]\r\nu@[2001:db8::2]\n2001:db8::3 address=::1\n",
      "h");
  ASSERT_EQ(hosts.size(), 3u);
  EXPECT_EQ(hosts[0].name, "a");
  EXPECT_EQ(hosts[0].address, "[2001:db8::1]");
  EXPECT_EQ(hosts[1].name, "u@2001:db8::2") << "as ssh takes it";
  EXPECT_EQ(hosts[1].address, "[2001:db8::2]");
  EXPECT_EQ(hosts[2].name, "2001:db8::3");
  EXPECT_EQ(hosts[2].address, "[::1]");
  for (const char* text : {"a address=[2001:db8::1", "a address=[]", "a address=[x]",
                           "a address=1:2", "a address=[::1]:5", "[a]"}) {
    SCOPED_TRACE(text);
    EXPECT_EQ(code_of([&] { parse_hosts(text, "h"); }), ExitCode::config);
  }
}

TEST(LaunchHosts, ReadsHostsAndRefusesWhatIsNone) {
  const auto hosts = parse_hosts(
      "# three\nalpha slots=2\n\nuser@beta programs=/opt/tacit # here\nc address=10.0.0.3\n", "h");
  ASSERT_EQ(hosts.size(), 3u);
  EXPECT_EQ(hosts[0].slots, 2u);
  EXPECT_EQ(hosts[1].name, "user@beta");
  EXPECT_EQ(hosts[1].address, "beta");
  EXPECT_EQ(hosts[1].programs, "/opt/tacit");
  EXPECT_EQ(hosts[2].address, "10.0.0.3");
  for (const char* text : {"", "# none\n", "-oProxyCommand=x address=a", "a slots=0", "a slots=2x",
                           "a slots=-1", "a colour=red", "a slots", "a programs=here",
                           "a address=", "a address=x;y", "a address=tcp://x", "a'b"}) {
    SCOPED_TRACE(text);
    EXPECT_EQ(code_of([&] { parse_hosts(text, "h"); }), ExitCode::config);
  }
}

TEST(LaunchHosts, DealsInTurnAsFarAsThereAreSlots) {
  std::vector<SshHost> hosts{{"a", "a", "", 1}, {"b", "b", "", 0}, {"c", "c", "", 2}};
  EXPECT_EQ(place_processes(hosts, 7), (std::vector<std::size_t>{0, 1, 2, 1, 2, 1, 1}));
  hosts[1].slots = 2;
  EXPECT_EQ(place_processes(hosts, 5).size(), 5u);
  EXPECT_EQ(code_of([&] { place_processes(hosts, 6); }), ExitCode::config);
}

}  // namespace
}  // namespace tacit
