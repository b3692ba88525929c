#include "agent/systems/patrol/range_coder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "common/base/random.h"
#include "tests/support/ideal_length.h"

namespace tacit {
namespace {

// A run as a DeltaWalk asks for it.
struct Stretch {
  std::size_t context;
  bool value;
  std::size_t count;
  std::size_t most;
};

// Runs of all lengths in four contexts of different skew: the k-th departs from its value with
// probability 4^-k/2 per decision.
std::vector<Stretch> random_stretches(std::uint64_t seed, std::size_t count) {
  RandomStream random(seed, process_id(0), purpose("test.range"), 0);
  std::vector<Stretch> stretches(count);
  for (Stretch& stretch : stretches) {
    stretch = {random() % 4, random() % 8 == 0, 0, 1 + random() % 60};
    const double departs = std::pow(0.25, static_cast<double>(stretch.context)) / 2;
    while (stretch.count < stretch.most && to_unit(random()) >= departs) ++stretch.count;
  }
  return stretches;
}

using Contexts = std::array<KtCounter, 4>;

std::vector<std::byte> written(const std::vector<Stretch>& stretches, Contexts& contexts) {
  std::vector<std::byte> bytes;
  RangeEncoder encoder(bytes);
  for (const Stretch& stretch : stretches) {
    encoder.repeat(contexts[stretch.context], stretch.value, stretch.count, stretch.most);
  }
  encoder.finish();
  return bytes;
}

bool reads(std::span<const std::byte> bytes, const std::vector<Stretch>& stretches,
           Contexts contexts = {}) {
  RangeDecoder decoder(bytes);
  return std::ranges::all_of(stretches, [&](const Stretch& stretch) {
    return decoder.repeat(contexts[stretch.context], stretch.value, 0, stretch.most) ==
           stretch.count;
  });
}

// Goal: (a + 1/2) / (a + b + 1) in 16 bits, halved counts after 400, and stretches that multiply.
TEST(KtCounter, EstimatesAndForgets) {
  EXPECT_EQ(kt_probability(0, 0), 32768u);
  EXPECT_EQ(kt_probability(3, 4), 65536u * 7 / 10);
  EXPECT_EQ(kt_probability(400, 400), 65454u);
  KtCounter counter;
  EXPECT_FALSE(counter.likelier());
  counter.add(true, 3, true);
  EXPECT_EQ(counter.counts, (std::array<std::uint16_t, 2>{1, 3}));
  EXPECT_TRUE(counter.likelier());
  const double* chances = counter.run_chances();
  EXPECT_DOUBLE_EQ(chances[1] / chances[0], kt_probability(3, 4) * 0x1p-16);
  EXPECT_DOUBLE_EQ(chances[3] / chances[0], kt_probability(3, 4) * 0x1p-16 * kt_probability(4, 5) *
                                                0x1p-16 * kt_probability(5, 6) * 0x1p-16);
  EXPECT_EQ(counter.until_halved(), 397u);
  counter.add(true, 396, false);
  EXPECT_EQ(counter.counts, (std::array<std::uint16_t, 2>{1, 399}));
  counter.add(true, 1, false);
  EXPECT_EQ(counter.counts, (std::array<std::uint16_t, 2>{0, 200}));
}

// Goal: what is read is what was written, with the counters of both ends alike, for short and long
// messages in every skew; lengths that the model says, plus less than one byte.
TEST(RangeCoder, ReadsWhatWasWrittenInItsIdealLength) {
  for (std::uint64_t seed = 1; seed <= 2000; ++seed) {
    SCOPED_TRACE(::testing::Message() << "seed=" << seed);
    const std::vector<Stretch> stretches = random_stretches(seed, seed % 100);
    Contexts writers{}, measured{};
    const std::vector<std::byte> bytes = written(stretches, writers);
    ASSERT_TRUE(reads(bytes, stretches));
    testing::IdealLength ideal;
    for (const Stretch& stretch : stretches) {
      ideal.repeat(measured[stretch.context], stretch.value, stretch.count, stretch.most);
    }
    for (std::size_t k = 0; k < 4; ++k) ASSERT_EQ(writers[k].counts, measured[k].counts);
    ASSERT_LE(8.0 * static_cast<double>(bytes.size()), ideal.bits * 1.001 + 8);
  }
}

// Goal: no shorter bytes say the same, and none ends in a zero.
TEST(RangeCoder, WritesTheShortestBytes) {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    SCOPED_TRACE(::testing::Message() << "seed=" << seed);
    const std::vector<Stretch> stretches = random_stretches(seed, seed % 6);
    Contexts contexts{};
    const std::vector<std::byte> bytes = written(stretches, contexts);
    if (bytes.empty()) continue;
    EXPECT_NE(bytes.back(), std::byte{0});
    if (bytes.size() > 3) continue;
    EXPECT_FALSE(reads({}, stretches));
    for (unsigned value = 0; value < 1u << (8 * (bytes.size() - 1)); ++value) {
      const std::array shorter{static_cast<std::byte>(value), static_cast<std::byte>(value >> 8)};
      ASSERT_FALSE(reads(std::span(shorter).first(bytes.size() - 1), stretches)) << value;
    }
  }
}

}  // namespace
}  // namespace tacit
