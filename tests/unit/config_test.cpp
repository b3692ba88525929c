#include "common/config/config.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>

#include "common/base/error.h"
#include "tests/support/temporary_folder.h"

namespace tacit {
namespace {

ConfigDocument document(std::string_view text, const std::vector<std::string>& overrides = {}) {
  return ConfigDocument::parse(text, "x.toml", overrides);
}

/// The message of the InputError that `action` ends with.
std::string message_of(const std::function<void()>& action, ExitCode code = ExitCode::config) {
  try {
    action();
  } catch (const InputError& error) {
    EXPECT_EQ(error.code(), code);
    return error.what();
  }
  ADD_FAILURE() << "no InputError";
  return "";
}

std::string error_of(std::string_view text, const std::function<void(const ConfigView&)>& reader,
                     const std::vector<std::string>& overrides = {}) {
  return message_of([&] {
    const ConfigDocument config = document(text, overrides);
    reader(config.root());
    config.reject_unknown_keys();
  });
}

TEST(Config, ReadsEveryKindAndKeepsDefaults) {
  const ConfigDocument config = document(R"(
[run]
agents = 7
rate = 3
quick = true
name = "seven"
sizes = [1, 2.5]
one = 4
wholes = [3, 4]
words = ["a", "b"]
edges = [[0, 1], [1, 2]]
[[faults]]
at = 1
[[faults]]
at = 2
)");
  const ConfigView run = config.root().table("run");
  EXPECT_EQ(run.integer("agents", 1), 7);
  EXPECT_EQ(run.number("rate", 1.0), 3.0);
  EXPECT_TRUE(run.flag("quick", false));
  EXPECT_EQ(run.text("name", ""), "seven");
  EXPECT_EQ(run.numbers("sizes", {}), (std::vector<double>{1, 2.5}));
  EXPECT_EQ(run.numbers("one", {}), (std::vector<double>{4}));
  EXPECT_EQ(run.integers("wholes", {}), (std::vector<std::int64_t>{3, 4}));
  EXPECT_EQ(run.texts("words", {}), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(run.integer_lists("edges"), (std::vector<std::vector<std::int64_t>>{{0, 1}, {1, 2}}));
  EXPECT_EQ(run.choice("kind", "b", {"a", "b"}), "b");
  EXPECT_EQ(run.integer("absent", 5), 5);
  EXPECT_EQ(run.integer("absent", 5), 5) << "a key may be read twice";
  EXPECT_EQ(config.root().table("nowhere").number("x", 0.5), 0.5);
  ASSERT_EQ(config.root().tables("faults").size(), 2u);
  EXPECT_EQ(config.root().tables("faults")[0].integer("at", 0), 1);
  EXPECT_EQ(config.root().tables("faults")[1].integer("at", 0), 2);
  EXPECT_NO_THROW(config.reject_unknown_keys());
}

TEST(Config, NamesPlaceKeyAndRemedyOfEveryMistake) {
  const auto agents = [](const ConfigView& root) {
    root.table("run").integer("agents", 1, {1, 100000});
  };
  EXPECT_EQ(error_of("[run]\nagents = -3\n", agents),
            "x.toml:2:10: run.agents: expected an integer in [1, 100000], got -3");
  EXPECT_EQ(error_of("[run]\nagents = \"many\"\n", agents),
            "x.toml:2:10: run.agents: expected an integer in [1, 100000], got \"many\"");
  EXPECT_EQ(error_of("run = 1\n", agents), "x.toml:1:7: run: expected a table [run], got 1");
  EXPECT_EQ(error_of("[run]\nagents = 2.0\n", agents),
            "x.toml:2:10: run.agents: expected an integer in [1, 100000], got 2.0");
  const auto rate = [](const ConfigView& root) { root.number("rate", 1, {0}); };
  EXPECT_EQ(error_of("rate = nan", rate), "x.toml:1:8: rate: expected a number >= 0, got nan");
  EXPECT_EQ(error_of("rate = inf", rate), "x.toml:1:8: rate: expected a number >= 0, got inf");
  EXPECT_EQ(error_of("rate = -0.5", rate), "x.toml:1:8: rate: expected a number >= 0, got -0.5");
  EXPECT_EQ(error_of("kind = 'rnig'",
                     [](const ConfigView& root) {
                       root.choice("kind", "line", {"line", "ring"});
                     }),
            "x.toml:1:8: kind: expected one of line, ring, got \"rnig\"; did you mean ring?");
  EXPECT_EQ(error_of("a = [1, [2]]", [](const ConfigView& root) { root.numbers("a", {}); }),
            "x.toml:1:9: a[1]: expected a number, got an array");
  EXPECT_EQ(
      error_of("e = [[1], [2, 'x']]", [](const ConfigView& root) { root.integer_lists("e"); }),
      "x.toml:1:15: e[1][1]: expected an integer, got \"x\"");
  EXPECT_EQ(error_of("t = 1", [](const ConfigView& root) { root.tables("t"); }),
            "x.toml:1:5: t: expected an array of tables [[t]], got 1");
  EXPECT_EQ(error_of("t = \"a\\u0000\"", [](const ConfigView& root) { root.text("t", ""); }),
            "x.toml:1:5: t: expected a string without zero bytes, got \"a\\u0000\"");
}

TEST(Config, ReportsTheFirstUnknownKeyWithASuggestion) {
  const auto reader = [](const ConfigView& root) {
    root.table("run").integer("agents", 1);
    root.table("links").number("up_probability", 1);
    for (const ConfigView& outage : root.table("links").tables("outages")) {
      outage.integer("from", 0);
    }
  };
  EXPECT_EQ(error_of("[links]\n  up_probabilty = 1\n[zoo]\nx = 1\n", reader),
            "x.toml:2:3: links.up_probabilty: unknown key; did you mean links.up_probability?");
  EXPECT_EQ(error_of("[link]\nup_probability = 1\n", reader),
            "x.toml:1:2: link: unknown table; did you mean links?");
  EXPECT_EQ(error_of("agents = 3\n", reader),
            "x.toml:1:1: agents: unknown key; did you mean run.agents?");
  EXPECT_EQ(error_of("[run]\nthunder = 3\n", reader),
            "x.toml:2:1: run.thunder: unknown key; known here: agents");
  EXPECT_EQ(error_of("[[links.outages]]\nfrm = 3\n", reader),
            "x.toml:2:1: links.outages[0].frm: unknown key; did you mean links.outages[0].from?");
  EXPECT_EQ(error_of("'run.agents' = 3\n", reader).substr(0, 12), "x.toml:1:1: ")
      << "a quoted dot is not a table";
}

/// A kind that reads a key of its own, as graph kinds do.
void read_kind(const ConfigView& root) {
  root.integer("agents", 3);
  const ConfigView graph = root.table("graph");
  if (graph.choice("kind", "ring", {"ring", "list", "world"}) == "list") {
    graph.integer_lists("edges");
  } else {
    graph.leave_unread("edges", "is read only with kind = \"list\"");
  }
  if (graph.choice("kind", "ring", {"ring", "list", "world"}) == "world") {
    graph.integer("chords", 1);
    graph.table("world").integer("size", 1);
  }
}

TEST(Config, LeavesOutWhatAnOverrideMadeUseless) {
  const auto left_out = [](std::string_view text, const std::vector<std::string>& overrides) {
    ConfigDocument config = document(text, overrides);
    const ConfigDocument as_written = document(text, {});
    read_kind(config.root());
    read_kind(as_written.root());
    auto sentences = config.leave_out_useless(as_written);
    config.reject_unknown_keys();
    return sentences;
  };
  using Strings = std::vector<std::string>;
  const std::string list = "[graph]\nkind = \"list\"\nedges = [[0, 1]]\n";
  EXPECT_EQ(
      left_out(list, {"graph.kind=ring", "agents=4"}),
      Strings{"x.toml:3:1: graph.edges is left out: nothing reads it with -s graph.kind=ring"});
  EXPECT_EQ(left_out(list, {"agents=4"}), Strings{});
  const std::string world = "[graph]\nkind = \"world\"\nchords = 3\n[graph.world]\nsize = 2\n";
  EXPECT_EQ(left_out(world, {"graph.kind=ring"}),
            (Strings{"x.toml:3:1: graph.chords is left out: nothing reads it with -s "
                     "graph.kind=ring",
                     "x.toml:4:8: graph.world is left out: nothing reads it with -s "
                     "graph.kind=ring"}));
  const auto refused = [&](const std::string& text, const Strings& overrides) {
    return message_of([&] { left_out(text, overrides); });
  };
  EXPECT_NE(refused(list + "edgse = 1\n", {"graph.kind=ring"}).find("x.toml:4:1: graph.edgse"),
            std::string::npos)
      << "a slip is none of another kind";
  EXPECT_NE(refused(list, {"graph.kind=ring", "graph.edges=[]"}).find("-s graph.edges=[]"),
            std::string::npos)
      << "what was typed is meant";
  EXPECT_NE(refused("[graph]\nedges = []\n", {"agents=4"}).find("is read only with kind = "),
            std::string::npos)
      << "the file is wrong by itself";
}

TEST(Config, BoundsOfIntegersAreExact) {
  const auto seed = [](const ConfigView& root) { root.integer("seed", 1, {0, 0x1p53}); };
  EXPECT_EQ(error_of("seed = 9007199254740993\n", seed),
            "x.toml:1:8: seed: expected an integer in [0, 9007199254740992], got "
            "9007199254740993");
  const ConfigDocument config = document("seed = 9007199254740992\n", {});
  EXPECT_EQ(config.root().integer("seed", 1, {0, 0x1p53}), std::int64_t{1} << 53);
}

TEST(Config, TakesOverridesAndNamesThemInErrors) {
  const auto seed = [](const ConfigView& root) { root.table("run").integer("seed", 1); };
  EXPECT_EQ(error_of("", seed, {"run.seed=abc"}),
            "-s run.seed=abc: run.seed: expected an integer, got \"abc\"");
  EXPECT_EQ(error_of("[run]\nseed = 1\n", seed, {"run.sed=2"}),
            "-s run.sed=2: run.sed: unknown key; did you mean run.seed?");
  EXPECT_EQ(error_of("", seed, {"rum.seed=2"}),
            "-s rum.seed=2: rum: unknown table; did you mean run?");
  for (const char* text : {"run.seed", "=3", "run..seed=3", "run.seed=", "run.seed=[1", "a b=3",
                           "run.seed=1\nrun.agents=2", "run.seed.low=3"}) {
    EXPECT_EQ(error_of("run.seed = 1", seed, {text}).rfind("-s " + std::string(text) + ": ", 0), 0u)
        << text;
  }
  const ConfigDocument config =
      document("[run]\nseed = 1\n", {"run.seed=5", "run.seed=6", "graph.file=./a-b.graphml",
                                     "run.sizes=[1, 2]", "run.name=\"two words\""});
  EXPECT_EQ(config.root().table("run").integer("seed", 1), 6);
  EXPECT_EQ(config.root().table("run").numbers("sizes", {}), (std::vector<double>{1, 2}));
  EXPECT_EQ(config.root().table("run").text("name", ""), "two words");
  EXPECT_EQ(config.root().table("graph").text("file", ""), "./a-b.graphml");
}

TEST(Config, EffectiveConfigurationReadsAgainAsItself) {
  const auto read_all = [](const ConfigDocument& config) {
    const ConfigView run = config.root().table("run");
    run.text("name", "quote \" back \\ line \n tab \t é");
    run.number("tiny", 0.1 + 0.2);
    run.number("negative_zero", -0.0);
    run.number("large", 1e300);
    run.number("whole", 100000);
    run.number("until", std::numeric_limits<double>::infinity());
    config.root().integer("top", 1);
    const ConfigView links = config.root().table("links");
    for (const ConfigView& outage : links.tables("outages")) {
      outage.integer("from", 0);
      outage.table("who").integer_lists("groups");
    }
    links.number("up_probability", 1);
    links.has("coordinator");
    config.reject_unknown_keys();
  };
  const ConfigDocument config = document(
      "links.up_probability = 0.5\nlinks.coordinator = {}\n"
      "[[links.outages]]\nfrom = 3\n[[links.outages]]\nwho.groups = [[1], [2, 3]]\n");
  config.root().table("links").table("coordinator");
  read_all(config);
  const std::string text = config.effective();
  const ConfigDocument again = document(text);
  again.root().table("links").table("coordinator");
  read_all(again);
  EXPECT_EQ(again.effective(), text);
  EXPECT_EQ(again.hash(), config.hash());
  EXPECT_EQ(again.root().table("run").number("tiny", 0.1 + 0.2), 0.1 + 0.2);
  EXPECT_TRUE(again.root().table("links").has("coordinator"));
  EXPECT_EQ(text.find("until"), std::string::npos) << "an infinite default means absent";
  EXPECT_NE(text.find("[[links.outages]]\nfrom = 3\n"), std::string::npos) << text;
}

TEST(Config, HashFollowsWhatReachesTheResultAndNothingElse) {
  const auto hash_of = [](std::string_view text) {
    const ConfigDocument config = document(text);
    const ConfigView run = config.root().table("run");
    run.text("name", "x", Relevance::operational);
    run.integer("seed", 1);
    run.integer("agents", 2);
    config.root().tables("faults");
    return config.hash();
  };
  const std::uint64_t reference = hash_of("");
  EXPECT_EQ(hash_of("[run]\nname = 'other'\n"), reference);
  EXPECT_EQ(hash_of("[run]\nagents = 2\nseed = 1\n"), reference) << "a default that is spelled out";
  EXPECT_NE(hash_of("[run]\nseed = 2\n"), reference);
  EXPECT_NE(hash_of("[[faults]]\n"), reference);
}

TEST(ConfigDeathTest, RefusesTwoDefaultsForOneKey) {
  const ConfigDocument config = document("");
  config.root().integer("seed", 1);
  EXPECT_DEATH(config.root().integer("seed", 2), "another type or default");
}

TEST(Config, HostileDocumentsEndInAnInputError) {
  const std::vector<std::string> documents = {
      "a = " + std::string(100000, '['),
      std::string(5000, '[') + "a",
      [] {
        std::string key = "a";
        for (int k = 0; k < 100000; ++k) key += ".a";
        return key + " = 1";
      }(),
      [] {
        std::string header = "[\"=\"";
        for (int k = 0; k < 50000; ++k) header += ".\"=\"";
        return header + "]";
      }(),
      "a = 1" + std::string(20000, '0'),
      "a = 0x" + std::string(30, 'f'),
      std::string("a = \0 1", 7),
      std::string("\0", 1),
      "a = 1\na = 2",
      "\xff\xfe",
      "a = \"\"\"never closed",
      "a = '''x\\''''''",
      "[a]\n[[a]]\n",
      std::string((4 << 20) + 1, '\n'),
  };
  for (const std::string& text : documents) {
    const std::string message = message_of([&] { document(text); });
    EXPECT_EQ(message.rfind("x.toml", 0), 0u) << message;
  }
  // Dots inside strings, comments and arrays are no nesting.
  std::string dots(100, '.');
  EXPECT_NO_THROW(
      document("a = \"" + dots + "\" # " + dots + "\nb = '''\n" + dots + "''''\nc = 1"));
}

TEST(Config, DataFilesCountByContentAndMissingOnesSaySo) {
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("tacit-config-" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder / "data");
  const auto write = [&](const std::string& name, const std::string& text) {
    std::ofstream(folder / name) << text;
    return (folder / name).string();
  };
  const std::string path = write("x.toml", "file = 'data/a.csv'\n");
  write("data/a.csv", "1,2");
  write("data/b.csv", "1,2");
  const auto hash_with = [&](const std::vector<std::string>& overrides, const std::string& text) {
    const ConfigDocument config = ConfigDocument::load(path, overrides);
    EXPECT_EQ(config.root().data_file("file", 10).text, text);
    return config.hash();
  };
  const std::uint64_t reference = hash_with({}, "1,2");
  EXPECT_EQ(hash_with({"file=" + (folder / "data/b.csv").string()}, "1,2"), reference);
  write("data/a.csv", "1,3");
  EXPECT_NE(hash_with({}, "1,3"), reference);
  const auto read_data = [&](const std::string& override_text) {
    const std::vector<std::string> overrides(override_text.empty() ? 0 : 1, override_text);
    return message_of([&] { ConfigDocument::load(path, overrides).root().data_file("file", 2); },
                      ExitCode::unreadable_input);
  };
  EXPECT_EQ(read_data(""),
            path + ":1:8: file: " + (folder / "data/a.csv").string() + ": has more than 2 bytes");
  EXPECT_EQ(read_data("file=/nowhere/a"),
            "-s file=/nowhere/a: file: /nowhere/a: cannot be read (No such file or directory)");
  const auto load = [](const std::string& which) { ConfigDocument::load(which, {}); };
  EXPECT_EQ(message_of([&] { load(folder / "y.toml"); }, ExitCode::unreadable_input),
            (folder / "y.toml").string() + ": cannot be read (No such file or directory)");
  EXPECT_EQ(message_of([&] { load(folder); }, ExitCode::unreadable_input),
            folder.string() + ": cannot be read (it is a folder)");
  std::filesystem::remove_all(folder);
}

TEST(Config, DataSourcesCountEveryFileThatIsRead) {
  const testing::TemporaryFolder folder;
  std::filesystem::create_directory(folder.path("here"));
  std::filesystem::create_directory(folder.path("there"));
  for (const std::string place : {"here", "there"}) {
    folder.write(place + "/main.json", "b.csv");
    folder.write(place + "/b.csv", "1");
    folder.write(place + "/c.csv", "2");
  }
  const auto hash_of = [&](const std::string& data, const std::vector<std::string>& names) {
    const ConfigDocument config = document("[grid]\n", {"grid.data=" + folder.path(data)});
    DataSource source = config.root().table("grid").data_source("data", 10);
    EXPECT_EQ(source.folder(), folder.path(data.substr(0, data.find('/'))));
    EXPECT_EQ(source.file_name(), data.find('/') == std::string::npos ? "" : "main.json");
    for (const std::string& name : names) source.read(name);
    return config.hash();
  };
  const std::uint64_t reference = hash_of("here", {"main.json", "b.csv"});
  EXPECT_EQ(hash_of("there", {"main.json", "b.csv"}), reference);
  EXPECT_EQ(hash_of("there/main.json", {"main.json", "b.csv"}), reference);
  EXPECT_NE(hash_of("here", {"main.json"}), reference);
  EXPECT_NE(hash_of("here", {"main.json", "c.csv"}), reference);
  folder.write("there/main.json", "more");
  EXPECT_NE(hash_of("there", {"main.json", "b.csv"}), reference);

  const ConfigDocument config = document("", {"data=" + folder.path("here")});
  DataSource source = config.root().data_source("data", 10);
  const auto fails_with = [&](const std::string& name, const std::string& why) {
    EXPECT_EQ(
        message_of([&] { source.read(name); }, ExitCode::unreadable_input),
        "-s data=" + folder.path("here") + ": data: " + folder.path("here/" + name) + ": " + why);
  };
  fails_with("d.csv", "cannot be read (No such file or directory)");
  fails_with("", "cannot be read (it is a folder)");
  ASSERT_EQ(mkfifo(folder.path("here/fifo").c_str(), 0600), 0);
  fails_with("fifo", "cannot be read (it is a FIFO, not a regular file)");
  folder.write("here/long", "eleven bytes");
  fails_with("long", "has more than 10 bytes");
}

}  // namespace
}  // namespace tacit
