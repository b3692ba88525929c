#include "common/results/artifact.h"

#include <artifact.pb.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>

#include "common/base/check.h"
#include "common/base/digest.h"
#include "common/base/error.h"

namespace tacit {
namespace {

constexpr std::string_view kMagic = "TACITART";
constexpr std::uint32_t kFormatVersion = 1;
constexpr std::size_t kHeadBytes = kMagic.size() + sizeof kFormatVersion;
constexpr std::size_t kChecksumBytes = sizeof(std::uint64_t);
constexpr std::size_t kMostBytes = std::size_t{1} << 30;  // protobuf sizes are int
constexpr std::size_t kLongestName = 64;

bool is_name(std::string_view name) {
  return !name.empty() && name.size() <= kLongestName && std::ranges::all_of(name, [](char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') || letter == '-';
  });
}

[[noreturn]] void refuse(const std::string& origin, const std::string& why) {
  throw InputError(ExitCode::bad_data, origin + ": " + why);
}

/// @return the body, if the magic, the version and the checksum are right
std::span<const std::byte> open_envelope(std::span<const std::byte> bytes,
                                         const std::string& origin) {
  if (bytes.size() < kMagic.size() ||
      std::memcmp(bytes.data(), kMagic.data(), kMagic.size()) != 0) {
    refuse(origin, "this is no artifact of tacit");
  }
  if (bytes.size() < kHeadBytes + kChecksumBytes || bytes.size() > kMostBytes) {
    refuse(origin, "damaged: " + std::to_string(bytes.size()) + " bytes are no artifact");
  }
  std::uint32_t version = 0;
  std::memcpy(&version, bytes.data() + kMagic.size(), sizeof version);
  if (version != kFormatVersion) {
    refuse(origin, "format version " + std::to_string(version) + ", but this release reads " +
                       std::to_string(kFormatVersion));
  }
  const auto checked = bytes.first(bytes.size() - kChecksumBytes);
  std::uint64_t checksum = 0;
  std::memcpy(&checksum, bytes.data() + checked.size(), kChecksumBytes);
  if (checksum != hash_bytes(checked)) refuse(origin, "damaged or cut short (wrong checksum)");
  return checked.subspan(kHeadBytes);
}

}  // namespace

std::vector<std::byte> encode_artifact(const Artifact& artifact) {
  TACIT_CHECK(is_name(artifact.name), "an artifact's name becomes the name of a file");
  proto::Artifact message;
  message.set_name(artifact.name);
  message.set_key(artifact.key);
  message.set_made_from(artifact.made_from);
  message.set_record(artifact.record);
  message.set_content(artifact.content.data(), artifact.content.size());
  const std::size_t body_bytes = message.ByteSizeLong();
  std::vector<std::byte> bytes(kHeadBytes + body_bytes + kChecksumBytes);
  TACIT_CHECK(bytes.size() <= kMostBytes, "an artifact must be short enough to be read again");
  std::memcpy(bytes.data(), kMagic.data(), kMagic.size());
  std::memcpy(bytes.data() + kMagic.size(), &kFormatVersion, sizeof kFormatVersion);
  message.SerializeWithCachedSizesToArray(
      reinterpret_cast<std::uint8_t*>(bytes.data() + kHeadBytes));
  const std::uint64_t checksum = hash_bytes({bytes.data(), kHeadBytes + body_bytes});
  std::memcpy(bytes.data() + kHeadBytes + body_bytes, &checksum, kChecksumBytes);
  return bytes;
}

Artifact decode_artifact(std::span<const std::byte> bytes, const std::string& origin) {
  const auto body = open_envelope(bytes, origin);
  proto::Artifact message;
  if (!message.ParseFromArray(body.data(), static_cast<int>(body.size())) || !message.has_name() ||
      !message.has_key() || !message.has_made_from() || !message.has_record() ||
      !message.has_content()) {
    refuse(origin, "a field is missing");
  }
  if (!is_name(message.name())) refuse(origin, "its name is not one");
  const auto content = std::as_bytes(std::span(message.content()));
  return {message.name(),
          message.key(),
          message.made_from(),
          message.record(),
          {content.begin(), content.end()}};
}

}  // namespace tacit
