#include "clients/cli/export_command.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <utility>

#include "audit/crypto.h"
#include "audit/leaf.h"
#include "audit/merkle.h"
#include "audit/tlog_proof.h"
#include "base/base64.h"
#include "base/date.h"
#include "base/file.h"
#include "base/hex.h"
#include "base/json_member.h"
#include "base/utf8.h"
#include "clients/cli/flight_command.h"
#include "clients/cli/privacy_command.h"

namespace paxid::cli {
namespace {

using base::ErrorCode;
using nlohmann::json;

constexpr std::size_t kMaxStateBytes = 16 << 20;
constexpr const char* kState = "unfinished.json";
constexpr const char* kRecords = "records.jsonl";
constexpr const char* kCsv = "records.csv";
constexpr const char* kAccess = "access.jsonl";
constexpr std::string_view kCsvHeader =
    "leaf_index,leaf_hash,time,type,decision,request_id,subject_ref,actor,body_state,station,"
    "carrier,flight_number,departure_date,verdict,action,reasons\r\n";

// ECMA-262 section 6.1.6.1.20, Number::toString, which RFC 8785 section 3.2.2.3 prescribes.
std::string number_text(double value) {
  if (value == 0) return "0";
  char text[40];
  const auto end =
      std::to_chars(text, text + sizeof text, std::fabs(value), std::chars_format::scientific).ptr;
  const std::string scientific(text, end);
  const std::size_t e = scientific.find('e');
  std::string digits = scientific.substr(0, e);
  digits.erase(std::remove(digits.begin(), digits.end(), '.'), digits.end());
  const int n = std::stoi(scientific.substr(e + 1)) + 1;
  const int k = static_cast<int>(digits.size());
  std::string out = value < 0 ? "-" : "";
  if (k <= n && n <= 21) {
    out += digits + std::string(static_cast<std::size_t>(n - k), '0');
  } else if (0 < n && n <= 21) {
    out += digits.substr(0, static_cast<std::size_t>(n)) + "." +
           digits.substr(static_cast<std::size_t>(n));
  } else if (-6 < n && n <= 0) {
    out += "0." + std::string(static_cast<std::size_t>(-n), '0') + digits;
  } else {
    out += digits.substr(0, 1);
    if (k > 1) out += "." + digits.substr(1);
    out += std::string("e") + (n > 0 ? "+" : "-") + std::to_string(std::abs(n - 1));
  }
  return out;
}

std::u16string utf16(const std::string& text) {
  std::u16string units;
  for (const char32_t c : base::to_code_points(text).value_or(std::u32string())) {
    if (c < 0x10000) {
      units += static_cast<char16_t>(c);
    } else {
      units += static_cast<char16_t>(0xD800 + ((c - 0x10000) >> 10));
      units += static_cast<char16_t>(0xDC00 + ((c - 0x10000) & 0x3FF));
    }
  }
  return units;
}

base::Result<void> cannot_write(const std::string& path) {
  return base::fail(ErrorCode::kUnavailable, "cannot write " + path);
}

base::Result<void> write_file(const std::string& path, const std::string& text) {
  const std::string unfinished = path + ".tmp";
  {
    std::ofstream out(unfinished, std::ios::binary);
    out << text;
    if (!out.flush()) return cannot_write(path);
  }
  if (std::rename(unfinished.c_str(), path.c_str()) != 0) return cannot_write(path);
  return {};
}

// Of a file of any size.
base::Result<audit::Hash> file_sha256(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return base::fail(ErrorCode::kUnavailable, "cannot read " + path);
  audit::Sha256 hash;
  std::vector<char> buffer(1 << 16);
  while (in.read(buffer.data(), static_cast<std::streamsize>(buffer.size())), in.gcount() > 0) {
    hash.update(audit::bytes_of({buffer.data(), static_cast<std::size_t>(in.gcount())}));
  }
  return hash.finish();
}

std::string record_line(const sdk::ExportedRecord& record, const json& body) {
  json line{{"leaf_index", record.leaf_index},
            {"leaf", base::to_base64(record.leaf_data)},
            {"leaf_hash", base::to_hex(audit::leaf_hash(record.leaf_data))},
            {"body_state", record.body_state}};
  if (body.is_object() && !body.empty()) line["body"] = body;
  if (!record.sealed_body.empty()) line["sealed"] = base::to_base64(record.sealed_body);
  if (!record.body_key.empty()) line["body_key"] = base::to_hex(record.body_key);
  return canonical_json(line) + "\n";
}

std::string reasons_of(const json& body) {
  std::string codes;
  const json reasons = base::member(base::member(body, "answer"), "reasons");
  if (!reasons.is_array()) return codes;
  for (const json& reason : reasons) {
    codes += (codes.empty() ? "" : " ") + base::text_at(reason, "code");
  }
  return codes;
}

std::string csv_line(const sdk::ExportedRecord& record, const audit::Leaf& leaf, const json& body) {
  const json flight = base::member(body, "flight");
  std::string line;
  for (const std::string& cell :
       {std::to_string(record.leaf_index), base::to_hex(audit::leaf_hash(record.leaf_data)),
        base::utc_text(static_cast<std::int64_t>(leaf.time_unix_us / 1'000'000)),
        std::to_string(static_cast<int>(leaf.type)), std::to_string(leaf.decision),
        base::to_hex(leaf.request_id), base::to_hex(leaf.subject_ref), base::to_hex(leaf.actor),
        record.body_state, base::text_at(body, "station"), base::text_at(flight, "carrier"),
        base::text_at(flight, "flight_number"), base::text_at(flight, "departure_date"),
        base::text_at(base::member(body, "answer"), "verdict"), base::text_at(body, "action"),
        reasons_of(body)}) {
    line += (line.empty() ? "" : ",") + csv_cell(cell);
  }
  return line + "\r\n";
}

// A person decided otherwise than the suggestion says.
bool is_override(const json& body) {
  const std::string action = base::text_at(body, "action");
  const std::string verdict = base::text_at(base::member(body, "decided"), "verdict");
  return action == "accept" || (action == "refuse" && verdict == "MATCH");
}

// Who looked: what somebody needs who asks only for that.
std::string access_line(const sdk::ExportedRecord& record, const audit::Leaf& leaf,
                        const json& body) {
  json line{{"leaf_index", record.leaf_index},
            {"time", base::utc_text(static_cast<std::int64_t>(leaf.time_unix_us / 1'000'000))},
            {"actor", base::to_hex(leaf.actor)}};
  if (leaf.subject_ref != audit::Id16{}) line["subject_ref"] = base::to_hex(leaf.subject_ref);
  for (const char* key : {"event", "purpose", "reference", "role", "recipient", "profile", "filter",
                          "question", "searched_by", "export_request_id"}) {
    if (const auto found = body.find(key); found != body.end()) line[key] = *found;
  }
  return canonical_json(line) + "\n";
}

void count(const audit::Leaf& leaf, const json& body, ExportNumbers& numbers) {
  if (leaf.type == audit::RecordType::kDecision) {
    const std::string day =
        base::utc_text(static_cast<std::int64_t>(leaf.time_unix_us / 1'000'000)).substr(0, 10);
    static constexpr std::array<const char*, 4> kVerdicts{"?", "MATCH", "REVIEW", "MISMATCH"};
    ++numbers.verdicts_by_day[day][kVerdicts[leaf.decision <= 3 ? leaf.decision : 0]];
    std::string issuer = base::text_at(body, "issuer");
    if (issuer.empty())
      issuer = base::text_at(base::member(base::member(body, "read"), "identity"), "issuer");
    if (!issuer.empty()) {
      auto& [all, reviews] = numbers.reviews_by_issuer[issuer];
      ++all;
      if (leaf.decision == 2) ++reviews;
    }
  }
  if (leaf.type == audit::RecordType::kManualReview && !body.empty()) {
    auto& [all, overridden] = numbers.overrides_by_station[base::text_at(body, "station")];
    ++all;
    if (is_override(body)) ++overridden;
  }
}

json numbers_json(const ExportNumbers& numbers) {
  return {{"verdicts_by_day", numbers.verdicts_by_day},
          {"overrides_by_station", numbers.overrides_by_station},
          {"reviews_by_issuer", numbers.reviews_by_issuer}};
}

// How many suggestions of each verdict are in it.
json totals_json(const ExportNumbers& numbers) {
  std::map<std::string, std::uint64_t> totals;
  for (const auto& [day, verdicts] : numbers.verdicts_by_day) {
    for (const auto& [verdict, times] : verdicts) totals[verdict] += times;
  }
  return totals;
}

std::uint64_t number_of(const json& value) {
  return value.is_number_unsigned() ? value.get<std::uint64_t>() : 0;
}

void read_numbers(const json& from, ExportNumbers& to) {
  const json days = base::member(from, "verdicts_by_day");
  for (const auto& [day, verdicts] : days.items()) {
    for (const auto& [verdict, times] : verdicts.items()) {
      to.verdicts_by_day[day][verdict] = number_of(times);
    }
  }
  const auto read_pairs = [&](const char* key, auto& pairs) {
    const json object = base::member(from, key);
    for (const auto& [name, pair] : object.items()) {
      if (!pair.is_array() || pair.size() != 2) continue;
      pairs[name] = {number_of(pair[0]), number_of(pair[1])};
    }
  };
  read_pairs("overrides_by_station", to.overrides_by_station);
  read_pairs("reviews_by_issuer", to.reviews_by_issuer);
}

// The number below `key`, 0 where there is none.
std::uint64_t number_at(const json& object, const char* key) {
  return number_of(base::member(object, key));
}

}  // namespace

std::string canonical_json(const json& value) {
  if (value.is_object()) {
    std::vector<std::pair<std::u16string, const std::string*>> keys;
    for (const auto& item : value.get_ref<const json::object_t&>()) {
      keys.emplace_back(utf16(item.first), &item.first);
    }
    std::sort(keys.begin(), keys.end(),
              [](const auto& a, const auto& b) { return a.first < b.first; });
    std::string text = "{";
    for (const auto& [units, key] : keys) {
      text +=
          (text.size() > 1 ? "," : "") + json(*key).dump() + ":" + canonical_json(value.at(*key));
    }
    return text + "}";
  }
  if (value.is_array()) {
    std::string text = "[";
    for (const json& one : value) text += (text.size() > 1 ? "," : "") + canonical_json(one);
    return text + "]";
  }
  if (value.is_number_float()) return number_text(value.get<double>());
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string csv_cell(std::string_view text) {
  std::string cell(text);
  if (!cell.empty() && std::string_view("=+-@\t\r").find(cell[0]) != std::string_view::npos) {
    cell.insert(0, "'");
  }
  if (cell.find_first_of(",\"\r\n") == std::string::npos) return cell;
  std::string quoted = "\"";
  for (const char c : cell) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

json ExportFiles::filter() const {
  json filter = json::object();
  const auto add = [&](const char* key, const std::string& value) {
    if (!value.empty()) filter[key] = value;
  };
  if (selection_.from_unix_seconds) add("from", base::utc_text(*selection_.from_unix_seconds));
  if (selection_.until_unix_seconds) add("until", base::utc_text(*selection_.until_unix_seconds));
  add("carrier", selection_.carrier);
  add("flight_number", selection_.flight_number);
  add("departure_date", selection_.departure_date);
  add("from_airport", selection_.from_airport);
  add("verdict", selection_.verdict);
  add("station", selection_.station);
  if (selection_.subject_ref) add("subject_ref", base::to_hex(*selection_.subject_ref));
  return filter;
}

base::Result<void> ExportFiles::save() const {
  const json state{{"request_id", context_.request_id},
                   {"profile", sdk::name_of(selection_.profile)},
                   {"filter", filter()},
                   {"first_leaf", first_leaf_},
                   {"end_leaf", end_leaf_},
                   {"next_leaf", next_leaf_},
                   {"records_bytes", records_bytes_},
                   {"csv_bytes", csv_bytes_},
                   {"access_bytes", access_bytes_},
                   {"left_subtrees", left_},
                   {"numbers", numbers_json(numbers_)}};
  return write_file(directory_ + "/" + kState, state.dump());
}

base::Result<ExportFiles> ExportFiles::open(const std::string& directory, const Start& start) {
  ExportFiles files;
  files.directory_ = directory;
  files.context_ = start.context;
  files.selection_ = start.selection;
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  std::filesystem::permissions(directory, std::filesystem::perms::owner_all, error);
  if (std::filesystem::exists(directory + "/seal.tlog-proof")) {
    return base::fail(ErrorCode::kAlreadyExists, directory + " holds a finished export");
  }
  const auto text = base::read_file(directory + "/" + kState, kMaxStateBytes);
  if (!text) {
    for (const auto& [name, content] :
         {std::pair{kRecords, std::string()}, std::pair{kAccess, std::string()},
          std::pair{kCsv, std::string(kCsvHeader)}}) {
      if (auto written = write_file(directory + "/" + name, content); !written) {
        return tl::unexpected(written.error());
      }
    }
    files.csv_bytes_ = kCsvHeader.size();
    if (auto saved = files.save(); !saved) return tl::unexpected(saved.error());
    return files;
  }
  const json state = json::parse(*text, nullptr, /*allow_exceptions=*/false);
  if (base::text_at(state, "profile") != sdk::name_of(files.selection_.profile) ||
      base::member(state, "filter") != files.filter()) {
    return base::fail(ErrorCode::kFailedPrecondition,
                      directory + " holds another unfinished export");
  }
  files.context_.request_id = base::text_at(state, "request_id");
  files.first_leaf_ = number_at(state, "first_leaf");
  files.end_leaf_ = number_at(state, "end_leaf");
  files.next_leaf_ = number_at(state, "next_leaf");
  files.records_bytes_ = number_at(state, "records_bytes");
  files.csv_bytes_ = number_at(state, "csv_bytes");
  for (const json& hash : base::member(state, "left_subtrees")) {
    if (hash.is_string()) files.left_.push_back(hash.get<std::string>());
  }
  read_numbers(base::member(state, "numbers"), files.numbers_);
  for (const auto& [name, size] :
       {std::pair{kRecords, files.records_bytes_}, std::pair{kCsv, files.csv_bytes_},
        std::pair{kAccess, files.access_bytes_}}) {
    const std::string file = directory + "/" + name;
    // The machine went down before the pages were on disk.
    if (std::filesystem::file_size(file, error) < size || error) {
      return base::fail(ErrorCode::kFailedPrecondition,
                        file + " lacks what was written: begin anew in another directory");
    }
    // What a page that was cut short has left behind goes.
    std::filesystem::resize_file(file, size, error);
    if (error) return tl::unexpected(cannot_write(file).error());
  }
  return files;
}

base::Result<void> ExportFiles::add(const sdk::ExportPage& page) {
  std::string lines;
  std::string rows;
  std::string looks;
  for (const sdk::ExportedRecord& record : page.records) {
    const auto leaf = audit::decode_leaf(record.leaf_data);
    if (!leaf) return base::fail(ErrorCode::kDataLoss, "the server sent a leaf that is none");
    const json body = record.body_json.empty()
                          ? json::object()
                          : json::parse(record.body_json, nullptr, /*allow_exceptions=*/false);
    lines += record_line(record, body);
    rows += csv_line(record, *leaf, body);
    if (leaf->type == audit::RecordType::kAuditRead && !body.empty()) {
      looks += access_line(record, *leaf, body);
    }
    count(*leaf, body, numbers_);
  }
  for (const auto& [name, text] :
       {std::pair{kRecords, &lines}, std::pair{kCsv, &rows}, std::pair{kAccess, &looks}}) {
    std::ofstream out(directory_ + "/" + name, std::ios::binary | std::ios::app);
    out << *text;
    if (!out.flush()) return cannot_write(directory_ + "/" + name);
  }
  records_bytes_ += lines.size();
  csv_bytes_ += rows.size();
  access_bytes_ += looks.size();
  first_leaf_ = page.first_leaf;
  end_leaf_ = page.end_leaf;
  next_leaf_ = page.next_leaf;
  left_.clear();
  for (const audit::Hash& hash : page.left_subtrees) left_.push_back(base::to_hex(hash));
  return save();
}

base::Result<audit::Hash> ExportFiles::finish(const std::string& log_origin,
                                              messages::Language language) {
  const std::string profile(sdk::name_of(selection_.profile));
  if (auto written = write_file(directory_ + "/README.txt", export_readme(profile, language));
      !written) {
    return tl::unexpected(written.error());
  }
  ExportTitle title{log_origin, first_leaf_, end_leaf_, profile, context_.reference, {}};
  const json chosen = filter();
  for (const auto& [key, value] : chosen.items()) {
    title.filter.emplace_back(key, value.get<std::string>());
  }
  if (auto written =
          write_file(directory_ + "/report.html", export_report(numbers_, title, language));
      !written) {
    return tl::unexpected(written.error());
  }
  json hashes = json::object();
  for (const char* name : {kRecords, kCsv, kAccess, "README.txt", "report.html"}) {
    const auto hash = file_sha256(directory_ + "/" + name);
    if (!hash) return tl::unexpected(hash.error());
    hashes[name] = base::to_hex(*hash);
  }
  const std::string manifest = canonical_json({{"version", 1},
                                               {"log_origin", log_origin},
                                               {"export_request_id", context_.request_id},
                                               {"reference", context_.reference},
                                               {"purpose", sdk::name_of(context_.purpose)},
                                               {"verdicts", totals_json(numbers_)},
                                               {"profile", sdk::name_of(selection_.profile)},
                                               {"filter", filter()},
                                               {"first_leaf", first_leaf_},
                                               {"end_leaf", end_leaf_},
                                               {"left_subtrees", left_},
                                               {"files", hashes}}) +
                               "\n";
  if (auto written = write_file(directory_ + "/manifest.json", manifest); !written) {
    return tl::unexpected(written.error());
  }
  return audit::sha256({audit::bytes_of(manifest)});
}

base::Result<void> replace_export_seal(const std::string& directory,
                                       const sdk::SealedExport& sealed) {
  json hashes = json::array();
  for (const audit::Hash& hash : sealed.consistency) hashes.push_back(base::to_hex(hash));
  auto written = write_file(directory + "/consistency.json", canonical_json(hashes) + "\n");
  if (written) written = write_file(directory + "/seal.tlog-proof", sealed.tlog_proof);
  return written;
}

base::Result<ExportSeal> export_seal_of(const std::string& directory) {
  const auto text = base::read_file(directory + "/seal.tlog-proof", audit::kMaxTlogProofBytes);
  if (!text) return tl::unexpected(text.error());
  const auto proof = audit::parse_tlog_proof(*text);
  if (!proof) return tl::unexpected(proof.error());
  const auto manifest = base::read_file(directory + "/manifest.json", kMaxStateBytes);
  if (!manifest) return tl::unexpected(manifest.error());
  const json object = json::parse(*manifest, nullptr, /*allow_exceptions=*/false);
  return ExportSeal{proof->index, number_at(object, "end_leaf")};
}

base::Result<void> ExportFiles::seal(const sdk::SealedExport& sealed) {
  if (auto written = replace_export_seal(directory_, sealed); !written) return written;
  std::error_code ignored;
  std::filesystem::remove(directory_ + "/" + kState, ignored);
  return {};
}

}  // namespace paxid::cli
