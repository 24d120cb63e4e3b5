#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "base/error.h"
#include "clients/cli/export_report.h"
#include "clients/sdk/client.h"

// `paxid audit export`: writes pages of a log into the files that docs/export.md describes.
namespace paxid::cli {

// RFC 8785: keys in the order of their UTF-16 units, numbers as ECMAScript writes them, no white
// space.
std::string canonical_json(const nlohmann::json& value);
// RFC 4180; a cell that a spreadsheet would take for a formula begins with an apostrophe.
std::string csv_cell(std::string_view text);

// The files of one export while it runs. After a crash or an error open() takes up where the last
// whole page ended. Memory does not grow with the export.
class ExportFiles {
 public:
  struct Start {
    sdk::PrivacyContext context;  // of the export; kept over a continuation
    sdk::ExportSelection selection;
  };
  // UNAVAILABLE when a file cannot be written; ALREADY_EXISTS when the directory holds a finished
  // export; FAILED_PRECONDITION when it holds another unfinished one. The request id of the export
  // is on disk when this returns.
  static base::Result<ExportFiles> open(const std::string& directory, const Start& start);

  const sdk::PrivacyContext& context() const { return context_; }
  std::uint64_t next_leaf() const { return next_leaf_; }
  std::uint64_t end_leaf() const { return end_leaf_; }
  std::uint64_t first_leaf() const { return first_leaf_; }

  base::Result<void> add(const sdk::ExportPage& page);
  // Writes README, report and manifest; the manifest's hash.
  base::Result<audit::Hash> finish(const std::string& log_origin, messages::Language language);
  // Writes the proof; the export is whole then.
  base::Result<void> seal(const sdk::SealedExport& sealed);

 private:
  base::Result<void> save() const;
  nlohmann::json filter() const;

  std::string directory_;
  sdk::PrivacyContext context_;
  sdk::ExportSelection selection_;
  std::uint64_t first_leaf_ = 0;
  std::uint64_t end_leaf_ = 0;
  std::uint64_t next_leaf_ = 0;
  std::uint64_t records_bytes_ = 0;
  std::uint64_t csv_bytes_ = 0;
  std::uint64_t access_bytes_ = 0;
  std::vector<std::string> left_;
  ExportNumbers numbers_;
};

// Where the seal of a finished export stands in the log, and where the export ends.
struct ExportSeal {
  std::uint64_t leaf_index = 0;
  std::uint64_t end_leaf = 0;
};
base::Result<ExportSeal> export_seal_of(const std::string& directory);
// Puts another proof of the same seal in its place.
base::Result<void> replace_export_seal(const std::string& directory,
                                       const sdk::SealedExport& sealed);

}  // namespace paxid::cli
