#include "audit/store_files.h"

#include <filesystem>
#include <system_error>

#include "audit/file.h"
#include "audit/note.h"

namespace paxid::audit {

std::string witnessed_file(const std::string& directory, std::string_view tenant) {
  return directory + "/" + std::string(tenant) + std::string(kWitnessedExtension);
}

std::string api_log_file(const std::string& directory) { return directory + "/api.db"; }

base::Result<std::map<std::string, std::string>> notes_in(const std::string& directory,
                                                          std::string_view extension) {
  std::map<std::string, std::string> notes;
  std::error_code error;
  std::filesystem::directory_iterator file(directory, error);
  for (; !error && file != std::filesystem::directory_iterator(); file.increment(error)) {
    if (file->path().extension() != extension) continue;
    auto note = read_file(file->path().string(), kMaxNoteBytes);
    if (!note) return tl::unexpected(note.error());
    notes[file->path().stem().string()] = *std::move(note);
  }
  if (error) return base::fail(base::ErrorCode::kUnavailable, directory + ": " + error.message());
  return notes;
}

}  // namespace paxid::audit
