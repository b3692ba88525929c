#include "deploy/cli/launch/hosts.h"

#include <arpa/inet.h>

#include <algorithm>
#include <sstream>

#include "common/base/error.h"
#include "common/base/plain_text.h"
#include "common/base/whole_number.h"

namespace tacit {
namespace {

constexpr std::int64_t kMostSlots = 100'000;

[[noreturn]] void fail(const std::string& place, const std::string& what) {
  throw InputError(ExitCode::config, place + ": " + what);
}

bool is_ipv6(const std::string& text) {
  in6_addr ignored{};
  return inet_pton(AF_INET6, text.c_str(), &ignored) == 1;
}

/// [2001:db8::1] as 2001:db8::1, which ssh accepts; anything else unchanged.
std::string without_brackets(const std::string& text) {
  if (!text.starts_with('[') || !text.ends_with(']')) return text;
  const std::string inner = text.substr(1, text.size() - 2);
  return is_ipv6(inner) ? inner : text;
}

/// The address between // and : of an endpoint, from the user's text.
std::string as_address(const std::string& text) {
  const std::string plain = without_brackets(text);
  return is_ipv6(plain) ? "[" + plain + "]" : text;
}

bool is_address(const std::string& text) {
  if (text != without_brackets(text)) return true;
  return !text.empty() && std::ranges::all_of(text, [](char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
           (letter >= '0' && letter <= '9') || letter == '.' || letter == '-' || letter == '_';
  });
}

std::size_t slots_of(const std::string& value, const std::string& place) {
  const auto slots = whole_number(value);
  if (!slots || *slots < 1 || *slots > kMostSlots) {
    fail(place, "slots=" + value + ": expected a number of processes, at least 1");
  }
  return static_cast<std::size_t>(*slots);
}

SshHost parse_host(std::istringstream& words, const std::string& first, const std::string& place) {
  const std::size_t user = first.find('@') + 1;
  SshHost host{first.substr(0, user) + without_brackets(first.substr(user)),
               as_address(first.substr(user)), "", 0};
  // ssh would treat such a name as an option.
  if (first.starts_with('-')) fail(place, "'" + first + "' is no host");
  for (std::string word; words >> word;) {
    const std::size_t equals = word.find('=');
    const std::string key = word.substr(0, equals);
    const std::string value = equals == std::string::npos ? "" : word.substr(equals + 1);
    if (key == "slots") {
      host.slots = slots_of(value, place);
    } else if (key == "address") {
      host.address = as_address(value);
    } else if (key == "programs" && value.starts_with('/')) {
      host.programs = value;
    } else {
      fail(place, "'" + word + "': expected slots=N, address=NAME or programs=/FOLDER");
    }
  }
  if (!is_address(host.address)) {
    fail(place, "'" + host.address + "' is no address: say with address=NAME how the other " +
                    "machines reach " + host.name + "; an IPv6 address is written [2001:db8::1]");
  }
  return host;
}

}  // namespace

std::vector<SshHost> parse_hosts(std::string_view text, const std::string& origin) {
  std::vector<SshHost> hosts;
  std::istringstream lines(plain_text(text, origin, ExitCode::config));
  std::size_t number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    std::istringstream words(line.substr(0, line.find('#')));
    std::string first;
    if (!(words >> first)) continue;
    hosts.push_back(parse_host(words, first, origin + ":" + std::to_string(number)));
  }
  if (hosts.empty()) fail(origin, "no host in it: write one in each line");
  return hosts;
}

std::vector<std::size_t> place_processes(const std::vector<SshHost>& hosts,
                                         std::size_t process_count) {
  std::vector<std::size_t> host_of;
  for (std::size_t turn = 0; host_of.size() < process_count; ++turn) {
    const std::size_t before = host_of.size();
    for (std::size_t k = 0; k < hosts.size() && host_of.size() < process_count; ++k) {
      if (hosts[k].slots == 0 || turn < hosts[k].slots) host_of.push_back(k);
    }
    if (host_of.size() == before) {
      throw InputError(ExitCode::config, "the hosts have " + std::to_string(before) +
                                             " slots, and the run has " +
                                             std::to_string(process_count) + " processes");
    }
  }
  return host_of;
}

}  // namespace tacit
