#pragma once

#include <map>
#include <string>
#include <string_view>

#include "common/base/ids.h"

namespace tacit {

/// A CURVE key pair: each key is 32 bytes, written as 40 letters of Z85.
struct KeyPair {
  std::string public_key;
  std::string secret_key;
};

/// The keys with which a process proves its identity and checks that of its peers. With a keyring
/// every connection is encrypted and authenticated in both directions.
struct Keyring {
  KeyPair own;
  std::map<ProcessId, std::string> allowed;  ///< public keys of all processes, this one included
};

/// Makes a new pair from the system's random source.
KeyPair make_key_pair();

/// Whether a text is a key: 40 letters of Z85 that stand for 32 bytes.
bool is_key(std::string_view text);

/// @pre is_key(secret_key)
std::string public_key_of(const std::string& secret_key);

/// The 32 bytes of a key. @pre is_key(key)
std::string key_bytes(const std::string& key);

/// The key for 32 bytes. @pre bytes.size() == 32
std::string key_text(std::string_view bytes);

}  // namespace tacit
