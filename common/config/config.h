#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace tacit {

class ConfigView;

/// An experiment file, read strictly: the code that knows a key reads it through a ConfigView,
/// which checks type and range and records the value (or the default) in the effective
/// configuration. A key that no code has read is unknown.
/// Every error is an InputError (config; unreadable_input for a file that cannot be read) that
/// names file, line, column, key and remedy, or else the command-line override.
class ConfigDocument {
 public:
  /// @param path       a TOML file
  /// @param overrides  "table.key=value", value in TOML syntax; a bare word is read as a string
  static ConfigDocument load(const std::string& path, const std::vector<std::string>& overrides);

  /// @param origin  the file name in messages
  static ConfigDocument parse(std::string_view text, const std::string& origin,
                              const std::vector<std::string>& overrides);

  ~ConfigDocument();
  ConfigDocument(ConfigDocument&&) noexcept;
  ConfigDocument& operator=(ConfigDocument&&) noexcept;

  ConfigView root() const;

  /// @throws InputError for the first key (in file order) that was never read, with the nearest
  /// known key of its table as a suggestion.
  void reject_unknown_keys() const;

  /// Whether every key of the document was read.
  bool is_read() const;

  /// Leaves out the keys that overrides made useless, such as those of a graph kind that an
  /// override replaced: keys of the file that were not read, but would have been without overrides.
  /// @param as_written  the same file without overrides, read as far as possible
  /// @return a sentence for each key that was left out
  std::vector<std::string> leave_out_useless(const ConfigDocument& as_written);

  /// The effective configuration as TOML: every value read so far, defaults included, tables and
  /// keys in the order of their first reading. Loading this text gives the same configuration.
  std::string effective() const;

  /// Hash of the values of the effective configuration that are not operational, and of all data
  /// files read.
  std::uint64_t hash() const;

  struct Content;  // common/config/*.cpp only

 private:
  explicit ConfigDocument(std::unique_ptr<Content> content);
  std::unique_ptr<Content> content_;
};

/// Whether a value can change the result of a run, and so belongs to the config hash. Operational
/// values (names, deadlines) cannot.
enum class Relevance { result, operational };

/// Bounds of a number, both included.
struct Range {
  double least = -std::numeric_limits<double>::infinity();
  double most = std::numeric_limits<double>::infinity();
};

struct DataFile {
  std::string path;  ///< absolute
  std::string text;
};

/// A folder of data files: the one that a key of the document names, or that of the file which the
/// key names. The config hash covers the content of every file that is read, in the order of
/// reading, not its path.
class DataSource {
 public:
  /// Absolute path of the folder.
  const std::string& folder() const { return folder_; }
  /// The file's name in the folder; empty if the key names a folder.
  const std::string& file_name() const { return file_name_; }

  /// @param name  path of a file, relative to the folder
  /// @throws InputError (unreadable_input) naming key and path
  std::string read(const std::string& name);

 private:
  friend class ConfigView;
  DataSource(ConfigDocument::Content* content, std::string table_path, std::string key,
             std::size_t size_most)
      : content_(content), table_path_(table_path), key_(key), size_most_(size_most) {}
  ConfigDocument::Content* content_;
  std::string table_path_;
  std::string key_;
  std::size_t size_most_;
  std::string folder_;
  std::string file_name_;
  std::string digests_;  ///< of all files read so far
};

/// One table of a ConfigDocument, which must outlive it. Reading a key twice is allowed if type
/// and default are the same. An absent table reads as an empty one.
class ConfigView {
 public:
  /// Reads a finite number; integers are accepted. A fallback that is not finite means "absent": it
  /// is returned, but not written to the effective configuration.
  double number(std::string_view key, double fallback, Range range = {},
                Relevance relevance = Relevance::result) const;
  std::int64_t integer(std::string_view key, std::int64_t fallback, Range range = {},
                       Relevance relevance = Relevance::result) const;
  bool flag(std::string_view key, bool fallback, Relevance relevance = Relevance::result) const;
  std::string text(std::string_view key, std::string_view fallback,
                   Relevance relevance = Relevance::result) const;
  /// A string that must be one of `names`; the error lists them.
  std::string choice(std::string_view key, std::string_view fallback,
                     const std::vector<std::string>& names,
                     Relevance relevance = Relevance::result) const;
  /// An array of numbers; a single number reads as an array of one.
  std::vector<double> numbers(std::string_view key, const std::vector<double>& fallback,
                              Range range = {}) const;
  /// An array of integers; a single integer reads as an array of one.
  std::vector<std::int64_t> integers(std::string_view key,
                                     const std::vector<std::int64_t>& fallback,
                                     Range range = {}) const;
  std::vector<std::string> texts(std::string_view key,
                                 const std::vector<std::string>& fallback) const;
  /// An array of arrays of integers, such as an edge list or the groups of a partition.
  std::vector<std::vector<std::int64_t>> integer_lists(std::string_view key) const;

  /// The data that `key`, which is required, names by its path; a relative path starts from the
  /// folder of the experiment file (from the current folder in an override). The effective
  /// configuration holds the absolute path.
  /// @param size_most  bytes of each file
  DataSource data_source(std::string_view key, std::size_t size_most) const;

  /// Reads the one file that `key` names.
  /// @throws InputError (unreadable_input) naming key and path
  DataFile data_file(std::string_view key, std::size_t size_most) const;

  bool has(std::string_view key) const;
  /// For a key that is not read because of the values of other keys: if the file has it, the error
  /// says `why` in place of "unknown key".
  void leave_unread(std::string_view key, const std::string& why) const;
  ConfigView table(std::string_view key) const;
  /// The entries of an array of tables ([[key]]), in order.
  std::vector<ConfigView> tables(std::string_view key) const;

  /// @throws InputError (config) at the line of `key`, or of the table if the key is absent.
  [[noreturn]] void fail(std::string_view key, const std::string& message) const;

 private:
  friend class ConfigDocument;
  ConfigView(ConfigDocument::Content* content, std::string path) : content_(content), path_(path) {}
  ConfigDocument::Content* content_;
  std::string path_;  ///< "links.outages[0]"; empty for the root
};

/// @return the name nearest to a mistyped one, or "" if none is near.
std::string nearest_name(std::string_view typed, const std::set<std::string>& names);

}  // namespace tacit
