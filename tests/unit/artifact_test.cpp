#include "common/results/artifact.h"

#include <gtest/gtest.h>

#include <cstring>

#include "common/base/digest.h"
#include "common/base/error.h"

namespace tacit {
namespace {

Artifact example() {
  return {"grid-double",
          0x0123456789abcdefu,
          "m = 2\nseed = 1\n",
          R"({"quality": 4.1})",
          {std::byte{1}, std::byte{0}, std::byte{255}}};
}

/// What decoding says to bytes it must refuse.
std::string refusal_of(std::span<const std::byte> bytes) {
  try {
    decode_artifact(bytes, "policies/some.policy");
  } catch (const InputError& error) {
    EXPECT_EQ(error.code(), ExitCode::bad_data);
    EXPECT_NE(std::string(error.what()).find("policies/some.policy"), std::string::npos)
        << error.what();
    return error.what();
  }
  return "";
}

/// The checksum made right, as somebody would who changes an artifact on purpose.
std::vector<std::byte> sealed(std::vector<std::byte> bytes) {
  const std::size_t size = bytes.size() - sizeof(std::uint64_t);
  const std::uint64_t checksum = hash_bytes({bytes.data(), size});
  std::memcpy(bytes.data() + size, &checksum, sizeof checksum);
  return bytes;
}

TEST(Artifact, SurvivesTheFile) {
  for (const std::size_t size : {0, 1, 70'000}) {
    Artifact artifact = example();
    artifact.content.assign(size, std::byte{0x5a});
    const auto bytes = encode_artifact(artifact);
    const Artifact read = decode_artifact(bytes, "test");
    EXPECT_EQ(read.name, artifact.name);
    EXPECT_EQ(read.key, artifact.key);
    EXPECT_EQ(read.made_from, artifact.made_from);
    EXPECT_EQ(read.record, artifact.record);
    EXPECT_EQ(read.content, artifact.content);
    EXPECT_EQ(encode_artifact(read), bytes);
  }
}

// Goal: no damage on the way to the disk and back reaches an agent. Method: every single flipped
// bit and every truncation, and a byte too many.
TEST(Artifact, RefusesEveryFlippedBitAndEveryTruncation) {
  const auto bytes = encode_artifact(example());
  for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
    auto damaged = bytes;
    damaged[bit / 8] ^= std::byte(1 << (bit % 8));
    EXPECT_NE(refusal_of(damaged), "") << "bit " << bit;
  }
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_NE(refusal_of({bytes.data(), size}), "") << size;
  }
  auto longer = bytes;
  longer.push_back(std::byte{0});
  EXPECT_NE(refusal_of(longer), "");
}

TEST(Artifact, NamesWhatIsWrong) {
  const auto bytes = encode_artifact(example());
  EXPECT_NE(refusal_of(std::as_bytes(std::span("some other file"))).find("no artifact"),
            std::string::npos);
  auto newer = bytes;
  newer[8] = std::byte{7};
  EXPECT_NE(refusal_of(sealed(newer)).find("format version 7"), std::string::npos);
  auto flipped = bytes;
  flipped[bytes.size() / 2] ^= std::byte{1};
  EXPECT_NE(refusal_of(flipped).find("checksum"), std::string::npos);
}

// Goal: a name cannot lead out of the folder of policies, even under a right checksum.
TEST(Artifact, RefusesNamesThatAreNone) {
  auto bytes = encode_artifact(example());
  constexpr std::size_t name_at = 8 + 4 + 2;
  ASSERT_EQ(bytes[name_at], std::byte{'g'});
  for (const char letter : {'/', '.', 'A', ' ', '\0'}) {
    bytes[name_at] = static_cast<std::byte>(letter);
    EXPECT_NE(refusal_of(sealed(bytes)).find("name"), std::string::npos) << letter;
  }
}

}  // namespace
}  // namespace tacit
