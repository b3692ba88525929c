#include "common/transport/curve.h"

#include <zmq.h>

#include <array>
#include <cstdint>

#include "common/base/check.h"

namespace tacit {
namespace {

constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kKeyLetters = 40;
using KeyText = std::array<char, kKeyLetters + 1>;  // and the zero that libzmq appends

bool decode(std::string_view text, std::uint8_t* bytes) {
  return text.size() == kKeyLetters && zmq_z85_decode(bytes, std::string(text).c_str()) != nullptr;
}

}  // namespace

KeyPair make_key_pair() {
  KeyText public_key{};
  KeyText secret_key{};
  const int failed = zmq_curve_keypair(public_key.data(), secret_key.data());
  TACIT_CHECK(failed == 0, "libzmq is built with CURVE");
  return {public_key.data(), secret_key.data()};
}

bool is_key(std::string_view text) {
  std::array<std::uint8_t, kKeyBytes> bytes{};
  return decode(text, bytes.data());
}

std::string public_key_of(const std::string& secret_key) {
  KeyText public_key{};
  const int failed = zmq_curve_public(public_key.data(), secret_key.c_str());
  TACIT_CHECK(failed == 0, "a secret key is checked before it is used");
  return public_key.data();
}

std::string key_bytes(const std::string& key) {
  std::string bytes(kKeyBytes, '\0');
  const bool decoded = decode(key, reinterpret_cast<std::uint8_t*>(bytes.data()));
  TACIT_CHECK(decoded, "a key is checked before it is used");
  return bytes;
}

std::string key_text(std::string_view bytes) {
  TACIT_CHECK(bytes.size() == kKeyBytes, "a key has 32 bytes");
  KeyText text{};
  zmq_z85_encode(text.data(), reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
  return text.data();
}

}  // namespace tacit
