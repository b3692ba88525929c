#pragma once

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "common/base/random.h"

namespace tacit::testing {

/// Damages a file as a disk may: it is cut off, zeroed, has a wrong bit, or is gone.
/// @return which of these
inline std::string damage(const std::filesystem::path& path, RandomStream& stream) {
  std::ostringstream read;
  read << std::ifstream(path, std::ios::binary).rdbuf();
  std::string text = read.str();
  const auto kind = stream() % 4;
  if (text.empty() || kind == 0) {
    std::filesystem::remove(path);
    return path.string() + " is removed";
  }
  const std::size_t place = stream() % text.size();
  if (kind == 1) text.resize(place);
  if (kind == 2) text.assign(text.size(), '\0');
  if (kind == 3) text[place] = static_cast<char>(text[place] ^ (1 << stream() % 8));
  std::ofstream(path, std::ios::binary) << text;
  constexpr const char* kKinds[] = {"", "cut off", "zeroed", "changed by a bit"};
  return path.string() + " is " + kKinds[kind];
}

}  // namespace tacit::testing
