#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cmath>
#include <set>

#include "common/base/checkpoint.h"
#include "common/base/digest.h"
#include "common/base/fingerprint.h"
#include "common/base/listed.h"
#include "common/base/payload.h"
#include "common/base/plain_text.h"
#include "common/base/random.h"
#include "common/base/read_file.h"
#include "common/base/round_output.h"
#include "tests/support/message_of.h"
#include "tests/support/temporary_folder.h"

namespace tacit {
namespace {

constexpr Purpose kTest = purpose("test");

// Goal: the stream is Philox4x64-10 itself, not something near it.
// Known answer: Random123 1.14, kat_vectors, philox4x64 with 10 rounds, all-zero key and counter.
TEST(RandomStream, IsPhilox4x64) {
  RandomStream stream(0, process_id(0), Purpose{0}, 0);
  EXPECT_EQ(stream(), 0x16554d9eca36314cu);
  EXPECT_EQ(stream(), 0xdb20fe9d672d0fdcu);
  EXPECT_EQ(stream(), 0xd7e772cee186176bu);
  EXPECT_EQ(stream(), 0x7e68b68aec7ba23bu);
}

TEST(RandomStream, FillsWhatItWouldGiveOneByOne) {
  for (std::size_t before = 0; before < 6; ++before) {
    RandomStream one_by_one(7, process_id(3), kTest, 11);
    RandomStream filled = one_by_one;
    for (std::size_t k = 0; k < before; ++k) EXPECT_EQ(one_by_one(), filled());
    std::array<std::uint64_t, 13> words;
    filled.fill(words);
    for (const std::uint64_t word : words) EXPECT_EQ(word, one_by_one());
    EXPECT_EQ(filled(), one_by_one()) << "after " << before << " words and a fill";
  }
}

TEST(RandomStream, DiffersInEveryArgument) {
  std::set<std::uint64_t> first_words;
  for (std::uint64_t seed : {1, 2}) {
    for (std::size_t process : {0, 1}) {
      for (Purpose use : {kTest, purpose("other")}) {
        for (Round round : {0, 1}) {
          first_words.insert(RandomStream(seed, process_id(process), use, round)());
        }
      }
    }
  }
  EXPECT_EQ(first_words.size(), 16u);
}

TEST(SplitOff, IsUniformAndLeavesAUniformRest) {
  RandomStream stream(5, process_id(0), kTest, 0);
  std::array<int, 21> counts{};
  const int draws = 210000;
  for (int k = 0; k < draws; ++k) {
    std::uint64_t word = stream();
    const auto harvest = split_off(word, 3);
    const auto consumption = split_off(word, 7);
    ++counts[harvest * 7 + consumption];
  }
  for (const int count : counts) EXPECT_NEAR(count, draws / 21.0, 5 * std::sqrt(draws / 21.0));
}

TEST(Coin, HasItsProbabilityAndForgetsNothing) {
  int up = 0;
  for (Round round = 0; round < 100000; ++round) {
    up += coin(1, kTest, {process_id(2), process_id(5)}, round, 0.7);
  }
  EXPECT_NEAR(up, 70000, 5 * std::sqrt(100000 * 0.21));
  EXPECT_TRUE(coin(1, kTest, {process_id(0), process_id(1)}, 3, 1.0));
  EXPECT_FALSE(coin(1, kTest, {process_id(0), process_id(1)}, 3, 0.0));
}

TEST(RoundOutput, GivesOwnPayloadElseTheOneForAll) {
  RoundOutput output;
  const auto everyone = pack<1>({1.0});
  const auto special = pack<1>({2.0});
  output.send_all(everyone);
  output.send(process_id(4), special);
  EXPECT_EQ(unpack<1>(output.payload_for(process_id(3)))->front(), 1.0);
  EXPECT_EQ(unpack<1>(output.payload_for(process_id(4)))->front(), 2.0);
  output.clear();
  EXPECT_TRUE(output.payload_for(process_id(4)).empty());
}

TEST(RoundOutputDeathTest, RefusesDescendingReceivers) {
  RoundOutput output;
  output.send(process_id(4), {});
  EXPECT_DEATH(output.send(process_id(3), {}), "ascending");
}

TEST(Checkpoint, EndsWithAnErrorNotWithGarbage) {
  CheckpointWriter writer;
  writer.values(std::vector<double>{1, 2, 3});
  std::vector<double> values;
  CheckpointReader whole(writer.bytes());
  whole.values(values);
  EXPECT_EQ(values, (std::vector<double>{1, 2, 3}));
  EXPECT_TRUE(whole.at_end());
  CheckpointReader cut(writer.bytes().first(writer.bytes().size() - 1));
  EXPECT_THROW(cut.values(values), InputError);
}

TEST(Fingerprint, IsAFunctionOfTheMachineOnly) {
  fix_arithmetic();
  EXPECT_EQ(numeric_fingerprint(), numeric_fingerprint());
}

TEST(ReadText, ReadsOnlyFilesThatEnd) {
  const testing::TemporaryFolder folder;
  const auto refused = [](const std::string& path) {
    return testing::message_of([&] { read_text(path); }, ExitCode::unreadable_input);
  };
  const std::string fifo = folder.path("fifo");
  ASSERT_EQ(mkfifo(fifo.c_str(), 0600), 0);
  EXPECT_EQ(refused(fifo), fifo + ": cannot be read (it is a FIFO, not a regular file)");
  EXPECT_EQ(refused("/dev/zero"), "/dev/zero: cannot be read (it is a device, not a regular file)");
  EXPECT_EQ(refused(folder.path()), folder.path() + ": cannot be read (it is a folder)");
  std::array<int, 2> ends{};
  ASSERT_EQ(pipe(ends.data()), 0);
  ASSERT_EQ(write(ends[1], "words", 5), 5);
  close(ends[1]);
  EXPECT_EQ(read_text("/dev/fd/" + std::to_string(ends[0])), "words") << "as a shell's <(...)";
  close(ends[0]);
}

TEST(Digest, HexadecimalDigitsAreReadAsTheyAreWritten) {
  for (const std::uint64_t value : {std::uint64_t{0}, std::uint64_t{1} << 63, ~std::uint64_t{0}}) {
    EXPECT_EQ(from_hex(to_hex(value)), value);
  }
  for (const std::string wrong : {"", "x", "1 ", "-1", "0x1", "00000000000000001"}) {
    EXPECT_EQ(from_hex(wrong), std::nullopt) << wrong;
  }
}

TEST(Listed, NamesTheFirstAndCountsTheRest) {
  const auto name = [](std::size_t k) { return std::string(1, static_cast<char>('a' + k)); };
  EXPECT_EQ(listed(0, name), "");
  EXPECT_EQ(listed(8, name), "a, b, c, d, e, f, g, h");
  EXPECT_EQ(listed(5, name, 2), "a, b and 3 more");
}

TEST(PlainText, HasOneKindOfLineEndAndNothingThatIsNoText) {
  const auto plain = [](const std::string& text) {
    return plain_text(text, "f", ExitCode::bad_data);
  };
  EXPECT_EQ(plain("\xef\xbb\xbf"
                  "a\r\nb\rc\n\rd\xc3\xa9"),
            "a\nb\nc\n\nd\xc3\xa9");
  EXPECT_EQ(plain(""), "");
  const auto refused = [&](const std::string& text) {
    return testing::message_of([&] { plain(text); });
  };
  EXPECT_EQ(refused("a\rb\r\n\xe9 c"), "f:3: is not UTF-8; save the file as UTF-8");
  EXPECT_EQ(refused("a\n\xc3"), "f:2: is not UTF-8; save the file as UTF-8");
  EXPECT_EQ(refused(std::string("a\nb\0c", 5)), "f:2: has a NUL byte; is this a text file?");
  EXPECT_EQ(refused("\xfe\xff a"), "f: is UTF-16; save it as UTF-8");
}

}  // namespace
}  // namespace tacit
