#include "common/experiment/policy_store.h"

#include <gtest/gtest.h>

#include "common/base/error.h"
#include "tests/support/temporary_folder.h"

namespace tacit {
namespace {

TrainingTask task(const std::string& name, std::uint64_t key) {
  TrainingTask task;
  task.name = name;
  task.key = key;
  return task;
}

Artifact artifact(const std::string& name, std::uint64_t key) {
  return {name, key, "made from", "{}", {std::byte{4}, std::byte{2}}};
}

/// The message of an error with this exit code, "" if there was none.
template <typename Function>
std::string error_of(const Function& function, ExitCode code) {
  try {
    function();
  } catch (const InputError& error) {
    EXPECT_EQ(error.code(), code) << error.what();
    return error.what();
  }
  return "";
}

TEST(PolicyStore, KeepsWhatItIsGiven) {
  const testing::TemporaryFolder folder;
  const PolicyStore store(folder.path("a/b"));
  EXPECT_FALSE(store.has(task("grid-single", 0xabc)));
  store.save(artifact("grid-single", 0xabc));
  EXPECT_TRUE(std::filesystem::exists(folder.path("a/b/grid-single-0000000000000abc.policy")));
  EXPECT_TRUE(store.has(task("grid-single", 0xabc)));
  EXPECT_FALSE(store.has(task("grid-single", 0xabd)));
  const Artifact loaded = store.load(task("grid-single", 0xabc));
  EXPECT_EQ(loaded.content, artifact("", 0).content);
  const Policies policies = policies_of({&loaded, 1});
  ASSERT_TRUE(policies.contains(0xabc));
  EXPECT_EQ(*policies.at(0xabc), loaded.content);
}

TEST(PolicyStore, SaysWhatIsWrongAndWhatHelps) {
  const testing::TemporaryFolder folder;
  const PolicyStore store(folder.path("store"));
  const auto load = [&] { store.load(task("grid-double", 7)); };
  const std::string missing = error_of(load, ExitCode::unreadable_input);
  EXPECT_NE(missing.find("grid-double-0000000000000007.policy"), std::string::npos) << missing;
  EXPECT_NE(missing.find("tacit train"), std::string::npos) << missing;

  store.save(artifact("grid-single", 8));
  std::filesystem::rename(store.path_of("grid-single", 8), store.path_of("grid-double", 7));
  const std::string another = error_of(load, ExitCode::bad_data);
  EXPECT_NE(another.find("grid-single-0000000000000008"), std::string::npos) << another;

  folder.write("store/grid-double-0000000000000007.policy", "TACITART, cut short");
  const std::string damaged = error_of(load, ExitCode::bad_data);
  EXPECT_NE(damaged.find("--again"), std::string::npos) << damaged;

  folder.write("file", "");
  error_of([&] { PolicyStore(folder.path("file")).save(artifact("a", 1)); }, ExitCode::run_folder);
}

}  // namespace
}  // namespace tacit
