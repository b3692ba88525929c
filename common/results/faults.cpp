#include "common/results/faults.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <system_error>
#include <tuple>

#include "common/base/error.h"
#include "common/base/whole_number.h"
#include "common/results/csv.h"
#include "common/results/files.h"
#include "common/results/run_quantities.h"

namespace tacit {
namespace {

constexpr std::size_t kFaultsColumnCount = 6;

std::string round_text(const std::optional<Round>& round) {
  return round ? std::to_string(*round) : "";
}

std::string line_of(const FaultRecord& fault) {
  return fault.kind + ',' + fault.phase + ',' + fault.target + ',' + round_text(fault.planned) +
         ',' + round_text(fault.applied) + ',' + std::to_string(fault.count);
}

/// A target such as "0 1|2 3" with the names of the agents in place of their numbers.
std::string with_names(const std::string& target, const AgentNames& names) {
  constexpr std::string_view kDigits = "0123456789";
  std::string named;
  for (std::size_t begin = 0; begin < target.size();) {
    const std::size_t digits = std::min(target.find_first_not_of(kDigits, begin), target.size());
    const std::string number = target.substr(begin, digits - begin);
    const auto id = whole_number(number);
    const std::string name = id ? agent_name(process_id(static_cast<std::size_t>(*id)), names) : "";
    named += name.empty() ? number : name;
    begin = std::min(target.find_first_of(kDigits, digits), target.size());
    named += target.substr(digits, begin - digits);
  }
  return named;
}

std::optional<Round> round_field(const CsvLines& lines, std::string_view field) {
  if (field.empty()) return std::nullopt;
  return lines.integer(field);
}

auto plan_of(const FaultRecord& fault) {
  return std::tie(fault.kind, fault.phase, fault.target, fault.planned);
}

}  // namespace

void append_fault(const std::filesystem::path& file, const FaultRecord& fault) {
  const int descriptor = open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  std::string text = line_of(fault) + '\n';
  const off_t before = descriptor < 0 ? -1 : lseek(descriptor, 0, SEEK_END);
  if (before == 0) text.insert(0, csv_header(Where::fault_row) + '\n');
  const ssize_t written = before < 0 ? -1 : write(descriptor, text.data(), text.size());
  const std::string reason =
      written < 0 ? std::generic_category().message(errno) : "there is no room for a line";
  const bool whole = written == static_cast<ssize_t>(text.size());
  [[maybe_unused]] const bool undone = !whole && before >= 0 && ftruncate(descriptor, before) == 0;
  if (descriptor >= 0) close(descriptor);
  if (!whole) {
    throw InputError(ExitCode::run_folder, file.string() + ": cannot be written (" + reason + ")");
  }
}

void write_faults(const std::filesystem::path& file, std::span<const FaultRecord> faults,
                  const AgentNames& names) {
  const bool named = names && !names->empty();
  std::string text = csv_header(Where::fault_row, named) + '\n';
  for (const FaultRecord& fault : faults) {
    text += line_of(fault);
    if (named) text += ',' + quoted_field(with_names(fault.target, names));
    text += '\n';
  }
  write_atomically(file, text);
}

std::vector<FaultRecord> read_faults(const std::filesystem::path& file) {
  if (!std::filesystem::exists(file)) return {};
  std::string text = read_text(file);
  text.erase(text.rfind('\n') + 1);  // a line that a killed writer had begun
  if (text.empty()) return {};
  CsvLines lines(file, text);
  const bool named = lines.expect_header_and_more(csv_header(Where::fault_row));
  std::vector<FaultRecord> faults;
  std::string_view line;
  while (lines.next(line)) {
    const auto fields = lines.fields(line, kFaultsColumnCount, named);
    const std::int64_t count = lines.integer(fields[5]);
    if (count < 0) lines.fail("'" + std::string(fields[5]) + "' is negative");
    faults.push_back({std::string(fields[0]), std::string(fields[1]), std::string(fields[2]),
                      round_field(lines, fields[3]), round_field(lines, fields[4]),
                      static_cast<std::uint64_t>(count)});
  }
  return faults;
}

std::vector<FaultRecord> merge_faults(std::vector<FaultRecord> planned,
                                      std::span<const FaultRecord> applied) {
  std::vector<FaultRecord> unplanned;
  for (const FaultRecord& fault : applied) {
    const auto plan = std::ranges::find_if(planned, [&](const FaultRecord& each) {
      return !each.applied && plan_of(each) == plan_of(fault);
    });
    if (plan != planned.end()) {
      *plan = fault;
    } else {
      unplanned.push_back(fault);
    }
  }
  planned.insert(planned.end(), unplanned.begin(), unplanned.end());
  return planned;
}

}  // namespace tacit
