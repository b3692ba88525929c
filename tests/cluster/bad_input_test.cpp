// Goal: whatever is wrong with the input, the exit code says what kind it is, the message names
// the place and the remedy, and nothing is created before everything is valid.
#include <gtest/gtest.h>

#include "tests/support/child.h"

namespace tacit {
namespace {

using testing::Child;
using testing::TemporaryFolder;

class BadInput : public ::testing::Test {
 protected:
  /// Runs tacit in the folder and expects an exit code and words of the message.
  void expect(const std::vector<std::string>& arguments, int code,
              const std::vector<std::string>& words) {
    std::vector<std::string> command{testing::program("tacit")};
    command.insert(command.end(), arguments.begin(), arguments.end());
    Child child(command, folder.path());
    EXPECT_EQ(child.wait(), code) << child.output();
    for (const std::string& word : words) {
      EXPECT_NE(child.output().find(word), std::string::npos) << "'" << word << "' is missing in:\n"
                                                              << child.output();
    }
    EXPECT_FALSE(std::filesystem::exists(folder.path("runs"))) << "a run folder was made";
  }

  void expect_bad_experiment(const std::string& text, const std::vector<std::string>& words) {
    const std::string file = folder.write("bad.toml", "system = \"offload\"\n" + text);
    expect({"run", file}, 78, words);
    expect({"config", "check", file}, 78, words);
  }

  TemporaryFolder folder;
};

TEST_F(BadInput, UnknownKeyIsNamedWithTheNearestOne) {
  expect_bad_experiment("[run]\nagnets = 4\n", {"bad.toml:3:", "agnets", "run.agents"});
}

TEST_F(BadInput, WrongType) {
  expect_bad_experiment("[run]\nagents = \"four\"\n", {"bad.toml:3:", "run.agents", "integer"});
}

TEST_F(BadInput, OutOfRange) {
  expect_bad_experiment("[run]\nagents = 0\n", {"bad.toml:3:", "run.agents", "0"});
  expect_bad_experiment("[offload]\nalpha = -1.0\n", {"bad.toml:3:", "offload.alpha", "-1"});
}

TEST_F(BadInput, DisconnectedGraph) {
  expect_bad_experiment("[run]\nagents = 4\n[graph]\nkind = \"edge_list\"\nedges = [[0,1],[2,3]]\n",
                        {"bad.toml:", "graph", "2"});
}

// What would take minutes and gigabytes, or never end, is refused at once.
TEST_F(BadInput, SizesNobodyCanRun) {
  expect_bad_experiment(
      "[offload]\nsums = \"graph\"\nslow_steps = 1000000\n"
      "phase_rounds = 1000000000\n",
      {"bad.toml: the run has 2000000000000000 rounds, more than 1000000000"});
  expect_bad_experiment("[run]\nagents = 30000\n[graph]\nkind = \"complete\"\n",
                        {"bad.toml:5:", "graph.kind", "449985000 edges", "2000000"});
}

TEST_F(BadInput, SyntaxError) { expect_bad_experiment("[run\n", {"bad.toml:2:"}); }

TEST_F(BadInput, BadOverrideIsCalledByItsName) {
  const std::string file = folder.write("good.toml", "system = \"offload\"\n");
  expect({"run", file, "-s", "run.agents=many"}, 78, {"-s run.agents=many"});
}

TEST_F(BadInput, UnreadableFile) {
  expect({"run", "nowhere.toml"}, 66, {"nowhere.toml"});
  expect({"solve", "nowhere.json"}, 66, {"nowhere.json"});
  expect({"report", "nowhere"}, 66, {"nowhere"});
  expect({"report", "one", "two"}, 64, {"--out"});
  expect({"report", "one", "--out", "two"}, 64, {"several runs"});
  expect({"report", "one", "two", "--out", "/"}, 74, {"not empty"});
}

TEST_F(BadInput, BadInstance) {
  expect({"solve", folder.write("a.json", "{")}, 65, {"a.json"});
  expect({"solve", folder.write("b.json", R"({"agents":[],"alpha":1,"theta":null})")}, 65,
         {"b.json", "agents"});
  expect({"solve", folder.write("c.json", R"({"agents":[{"M":15,"B":15,"minH":0,"maxH":2,"minC":0,
      "maxC":7,"gamma":0.95,"deficit_rule":"wait_or_offload","beta":"uniform"}],
      "alpha":1,"theta":[0.1]})")},
         65, {"c.json", "minC"});
}

TEST_F(BadInput, DataOfADistrict) {
  const std::string good = "t,hour,price_per_kwh,demand_kwh_1,solar_kwh_1\n0,24,0.2,1,0\n";
  const auto check = [&](const std::string& text, int code, const std::vector<std::string>& words) {
    expect({"data", "check", folder.write("d.csv", text)}, code, words);
  };
  check(good + "1,1,0.5,3,0.5\n", 0, {"hours          2", "0.200 to 0.500", "3.000 kWh per hour"});
  check(good + "1,1,0.5,nan,0.5\n", 65, {"d.csv:3: demand_kwh_1:", "\"nan\""});
  check(good + "1,1,0.5,-3,0.5\n", 65, {"d.csv:3: demand_kwh_1:", "\"-3\""});
  check(good + "1,1,0.5,3\n", 65, {"d.csv:3: expected 5 fields, got 4"});
  check("t,hour,demand_kwh_1,solar_kwh_1\n", 65, {"d.csv: column price_per_kwh is missing"});
  check("t,hour,price_per_kwh,demand_kwh_1,solar_kwh_1\n0,1,0,0,0\n", 65, {"no demand at all"});
  expect({"data", "check", "nowhere.csv"}, 66, {"nowhere.csv"});
  expect({"data", "check", folder.path()}, 66, {"schema.json"});
  const auto schema = [&](const std::string& seconds, const std::string& files) {
    folder.write("schema.json", "{\"seconds_per_time_step\": " + seconds +
                                    ", \"buildings\": {\"B\": {\"include\": true, " + files +
                                    "}}}");
    return folder.path();
  };
  folder.write("b.csv", "hour,non_shiftable_load,solar_generation\n1,2,0\n");
  folder.write("p.csv", "electricity_pricing\n0.2\n0.3\n");
  const std::string building = "\"energy_simulation\": \"b.csv\", \"pricing\": ";
  expect({"data", "check", schema("900", building + "null")}, 65,
         {"seconds_per_time_step", "3600"});
  expect({"data", "check", schema("3600", building + "null")}, 0,
         {"price          none", "grid.price = \"time_of_use\"", "grid.price_file",
          "least cap      1.0000"});
  expect({"data", "check", folder.path(), "--json"}, 0, {"\"price\": null"});
  expect({"data", "check", schema("3600", building + "\"p.csv\"")}, 65,
         {"/p.csv: the price has 2 hours, the buildings 1"});
  const std::string experiment =
      folder.write("grid.toml", "system = \"grid\"\n[grid]\ndata = \"b.csv\"\n");
  expect({"run", experiment}, 65, {"b.csv: unknown column \"non_shiftable_load\""});
  const std::string data = schema("3600", building + "null");
  expect({"data", "check", data, "--agents", "2", "--doubles", "2"}, 64, {"--doubles", "agent 2"});
}

TEST_F(BadInput, PathOfADistrictThatCannotBeRead) {
  const std::string long_name(300, 'd');
  expect({"data", "check", long_name}, 66, {long_name, "File name too long"});
  expect({"data", "check", ""}, 66, {"\"\": cannot be read"});
  expect({"data", "check", "/dev/zero"}, 66,
         {"/dev/zero: cannot be read (it is a device, not a regular file)"});
}

// A check counts agents and doubles as a run does.
TEST_F(BadInput, ADistrictIsTakenAsItIs) {
  const std::string file =
      folder.write("d.csv", "t,hour,price_per_kwh,demand_kwh_1,solar_kwh_1\n0,24,0.2,1,0\n");
  const auto check = [&](std::vector<std::string> more, const std::string& words) {
    more.insert(more.begin(), {"data", "check", file});
    expect(more, 0, {words});
  };
  check({}, "1 agents, 0 of them");
  check({"--agents", "9"}, "9 agents, 0 of them");
  check({"--agents", "9", "--doubles", "2"}, "9 agents, 1 of them");
  expect({"data", "check", file, "-s", "run.agents=9"}, 64, {"d.csv is data"});
}

TEST_F(BadInput, DataOfAnExperiment) {
  folder.write("d.csv", "t,hour,price_per_kwh,demand_kwh_1,solar_kwh_1\n0,24,0.2,1,0\n");
  const std::string file = folder.write(
      "mine.toml", "system = \"grid\"\n[run]\nagents = 3\n[grid]\ndata = \"d.csv\"\nhours = 2\n");
  expect({"data", "check", file}, 0,
         {"peak           3.000", "3 agents live in 1 buildings of data",
          "1 hours of the data are repeated until there are 2"});
  expect({"data", "check", file, "-s", "grid.doubles=[0]"}, 0,
         {"peak           4.000", "the demand of agents 0 is doubled"});
  expect({"config", "check", file}, 0, {"hint: 3 agents live in 1 buildings"});
  expect({"data", "check", file, "--agents", "3"}, 64, {"-s run.agents=N"});
  expect({"data", "check", folder.write("good.toml", "system = \"offload\"\n")}, 64,
         {"live on no data"});
}

TEST_F(BadInput, NamesOfAMap) {
  folder.write("map.csv", "Wien,Graz\nGraz,Wien\nLinz,Linz\n");
  const std::string file = folder.write(
      "map.toml", "[run]\nagents = 3\n[graph]\nkind = \"edge_file\"\nfile = \"map.csv\"\n");
  expect({"graph", file}, 78, {"agent 0 cannot reach 2 (Linz)"});
  folder.write("map.csv", "Wien,Graz\nGraz,Wien\nLinz,Linz\nLinz,Wien\n");
  expect({"graph", file}, 0,
         {"names             0 Wien", "1 Graz", "1 parallel edge was merged", "left out"});
  expect({"config", "check", file}, 0, {"hint: ", "the first Graz - Wien in line 2"});
  expect({"graph", file, "--graphml"}, 0, {"<data key=\"label\">Linz</data>"});
  expect({"graph", file, "-s", "graph.parallel=refuse"}, 78, {"map.csv:2: the edge Graz - Wien"});
}

TEST_F(BadInput, Usage) {
  expect({}, 64, {});
  expect({"walk"}, 64, {"no command 'walk'", "there are chaos, config, "});
  expect({"rnu"}, 64, {"did you mean 'run'?"});
  expect({"config", "chekc"}, 64, {"no command 'chekc'; did you mean 'check'?"});
  expect({"run"}, 64, {"file"});
  const std::string file = folder.write("good.toml", "system = \"offload\"\n");
  expect({"run", file, "--threads", "0"}, 64, {"--threads"});
}

TEST_F(BadInput, RunFolderThatCannotBeMade) {
  const std::string file = folder.write("good.toml", "system = \"offload\"\n");
  const std::string blocker = folder.write("occupied", "a file, not a folder");
  expect({"run", file, "--out", blocker + "/run"}, 74, {"occupied"});
  std::filesystem::create_directory(folder.path("full"));
  folder.write("full/precious", "data");
  expect({"run", file, "--out", folder.path("full")}, 74, {"full", "--out"});
  EXPECT_EQ(testing::text_of(folder.path("full/precious")), "data");
}

TEST_F(BadInput, NumbersAreDecimalAndInRange) {
  const std::string file = folder.write("good.toml", "system = \"offload\"\n");
  for (const std::string text : {"010", "08", "", "-1", "0x10", "1.5", "9007199254740993"}) {
    const std::string range = text.empty() ? "expected a value" : "in 0..9007199254740992";
    expect({"run", file, "--in-process", "--seed", text}, 64, {"--seed", range});
    expect({"chaos", file, "--first-seed", text}, 64, {"--first-seed"});
  }
  for (const std::string text : {"010", "", "-1", "99999999999"}) {
    expect({"sweep", file, "--seeds", text}, 64, {"--seeds"});
    expect({"sweep", file, "--threads", text}, 64, {"--threads"});
    expect({"chaos", file, "--faults", text}, 64, {"--faults"});
    expect({"data", "check", "x.csv", "--agents", text}, 64, {"--agents"});
    expect({"data", "check", "x.csv", "--doubles", text}, 64, {"--doubles"});
    expect({"launch", file, "--on", "local", "--port", text}, 64, {"--port"});
  }
  expect({"run", file, "-s", "run.seed=010"}, 78, {"run.seed", "integer"});
  expect({"run", file, "-s", "run.seed=9007199254740993"}, 78, {"run.seed"});
  expect({"run", file, "--out", ""}, 64, {"--out"});
}

TEST_F(BadInput, NameOfARunThatIsNoFoldersName) {
  const std::vector<std::string> names = {
      "../evil", "/abs",  "..",          ".",          ".hidden",   "latest",
      "",        "a\\nb", "a\\u001b[2J", "a\\u009b2J", "a\\u202eb", std::string(101, 'n')};
  for (const std::string& name : names) {
    expect_bad_experiment("[run]\nname = \"" + name + "\"\n", {"bad.toml:3:", "run.name"});
  }
  EXPECT_FALSE(std::filesystem::exists(folder.path("../evil")));
  const std::string file =
      folder.write("good.toml", "system = \"offload\"\n[run]\nname = \"Versuch für µ 1\"\n");
  expect({"config", "check", file}, 0, {"offload"});
}

// What others have written reaches no terminal as a command.
TEST_F(BadInput, WhatIsEchoedIsEscaped) {
  const std::string evil = "\x1b]0;x\x07\ntacit: all is well";
  const std::vector<std::vector<std::string>> commands = {{"run", evil},
                                                          {"walk" + evil},
                                                          {"run", "x.toml", "--no" + evil},
                                                          {"run", "x.toml", "--seed", evil},
                                                          {"report", evil},
                                                          {"why", evil},
                                                          {"solve", evil},
                                                          {"data", "check", evil}};
  for (std::vector<std::string> command : commands) {
    command.insert(command.begin(), testing::program("tacit"));
    Child child(command, folder.path());
    EXPECT_GE(child.wait(), 64) << child.output();
    EXPECT_EQ(child.output().find('\x1b'), std::string::npos) << child.output();
    EXPECT_EQ(child.output().find("\ntacit: all"), std::string::npos) << child.output();
    EXPECT_NE(child.output().find("\\x1b]0;x\\x07"), std::string::npos) << child.output();
  }
}

TEST_F(BadInput, NoRunFolder) {
  std::filesystem::create_directory(folder.path("other"));
  for (const std::string command : {"why", "resume", "report"}) {
    expect({command, "nowhere"}, 66, {"nowhere: is not a run folder", "runs/NAME/latest"});
    expect({command, "other"}, 66,
           {"other: is not a run folder", "tacit report other --experiment"});
  }
}

TEST_F(BadInput, SlurmThatIsNotThere) {
  const std::string file = folder.write("good.toml", "system = \"offload\"\n");
  for (const std::string program : {"sbatch", "scancel", "squeue"}) {
    Child child({"/usr/bin/env", "PATH=" + folder.path(), testing::program("tacit"), "launch",
                 "--on", "slurm", file},
                folder.path());
    EXPECT_EQ(child.wait(), 69) << child.output();
    EXPECT_NE(child.output().find(program + " is not on the PATH"), std::string::npos)
        << child.output();
    EXPECT_FALSE(std::filesystem::exists(folder.path("runs")));
    std::filesystem::permissions(folder.write(program, "#!/bin/sh\n"),
                                 std::filesystem::perms(0755));
  }
}

TEST_F(BadInput, HelpAndVersionAreNoErrors) {
  for (const std::string word : {"--version", "-V", "version"}) expect({word}, 0, {"0.1.0"});
  for (const std::string command : {"run", "config", "data", "graph", "solve", "report"}) {
    expect({command, "--help"}, 0, {"Examples:", "tacit " + command});
  }
  for (const std::string command : {"run", "launch", "resume"}) {
    expect({command, "--help"}, 0, {"--no-report  "});
  }
}

TEST_F(BadInput, AgentsThatDoNotExistOrWouldTalkInTheOpen) {
  const std::string file = folder.write("good.toml", "system = \"offload\"\n[run]\nagents = 3\n");
  const auto agent = [&](std::vector<std::string> more, int code, const std::string& word) {
    std::vector<std::string> words{testing::program("tacit-agent"), "--experiment", file};
    words.insert(words.end(), more.begin(), more.end());
    Child child(words, folder.path());
    EXPECT_EQ(child.wait(), code) << child.output();
    EXPECT_NE(child.output().find(word), std::string::npos) << child.output();
  };
  agent({"--id", "3", "--rendezvous", folder.path()}, 64, "agents 0 to 2");
  agent({"--id", "0", "--rendezvous", "tcp://127.0.0.1:5555"}, 64, "--out");
  agent({"--id", "0", "--rendezvous", "tcp://192.0.2.1:5555", "--out", folder.path("o")}, 64,
        "--insecure");
  for (const std::string text : {"010", "", "-1", "0x1", "one", "99999999999"}) {
    agent({"--id", text, "--rendezvous", folder.path()}, 64, "--id");
  }
  agent({"-V"}, 0, "0.1.0");
}

TEST_F(BadInput, EndpointsThatCannotBeAreRefusedBeforeAnybodyWaits) {
  const std::string file = folder.write("good.toml", "system = \"offload\"\n[run]\nagents = 3\n");
  const auto refuse = [&](const std::string& option, const std::string& endpoint) {
    for (const std::string program : {"tacit-agent", "tacit-coordinator"}) {
      std::vector<std::string> words{testing::program(program), "--experiment", file, "--out",
                                     folder.path("out"),        "--insecure"};
      if (program == "tacit-agent") words.insert(words.end(), {"--id", "0"});
      if (program == "tacit-agent" && option != "--rendezvous") {
        words.insert(words.end(), {"--rendezvous", "tcp://127.0.0.1:5555"});
      }
      words.insert(words.end(), {option, endpoint});
      Child child(words, folder.path());
      EXPECT_EQ(child.wait(), 64) << endpoint << ": " << child.output();
      EXPECT_NE(child.output().find(option), std::string::npos) << child.output();
    }
    EXPECT_FALSE(std::filesystem::exists(folder.path("out")));
  };
  for (const std::string option : {"--bind", "--advertise", "--rendezvous"}) {
    for (const std::string port : {"99999", "65536", "-1", "010", "", "x"}) {
      refuse(option, "tcp://127.0.0.1:" + port);
    }
    refuse(option, "udp://127.0.0.1:5555");
    refuse(option, "tcp://:5555");
  }
  refuse("--rendezvous", "tcp://127.0.0.1:0");
  // No name service is asked for a label of more than 63 letters.
  Child child({testing::program("tacit-agent"), "--experiment", file, "--id", "0", "--out",
               folder.path("out"), "--insecure", "--rendezvous",
               "tcp://" + std::string(70, 'a') + ".example:5555"},
              folder.path());
  EXPECT_EQ(child.wait(), 64) << child.output();
  EXPECT_NE(child.output().find("there is no host 'aaa"), std::string::npos) << child.output();
  EXPECT_NE(child.output().find("Z agent 0 error:"), std::string::npos)
      << "UTC: " << child.output();
  EXPECT_FALSE(std::filesystem::exists(folder.path("out")));
}

}  // namespace
}  // namespace tacit
