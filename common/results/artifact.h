#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace tacit {

/// Content that is kept in a file with its origin: a trained policy, a checkpoint, a run id.
struct Artifact {
  std::string name;       ///< 1 to 64 small letters, digits and hyphens
  std::uint64_t key = 0;  ///< hash of made_from, by which readers find it
  std::string made_from;  ///< all that the content depends on, for people
  std::string record;     ///< how it was made and how good it is, for people (JSON)
  std::vector<std::byte> content;
};

/// The file format: magic, format version, body (proto/artifact.proto), XXH3 over all of it. Equal
/// artifacts have equal bytes.
/// @pre the name is valid
std::vector<std::byte> encode_artifact(const Artifact& artifact);

/// @param origin  name of the bytes in messages: the file or the sender
/// @throws InputError (bad_data) if the bytes are no artifact, or one that has another format
///         version, is damaged or cut short
Artifact decode_artifact(std::span<const std::byte> bytes, const std::string& origin);

}  // namespace tacit
