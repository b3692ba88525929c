#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace tacit {

/// Something that took long to make and is kept in a file: a trained policy, a checkpoint.
struct Artifact {
  std::string name;       ///< 1 to 64 small letters, digits and hyphens
  std::uint64_t key = 0;  ///< of made_from: who needs it looks for this
  std::string made_from;  ///< everything that it depends on, for people
  std::string record;     ///< how it was made and how good it is, for people (JSON)
  std::vector<std::byte> content;
};

/// The file format: magic, format version, body (proto/artifact.proto), XXH3 over all of it. Equal
/// artifacts have equal bytes.
/// @pre the name is one
std::vector<std::byte> encode_artifact(const Artifact& artifact);

/// @param origin  what a message calls the bytes: the file, or who sent them
/// @throws InputError (bad_data) if they are no artifact, one of another format version, damaged or
///         cut short
Artifact decode_artifact(std::span<const std::byte> bytes, const std::string& origin);

}  // namespace tacit
