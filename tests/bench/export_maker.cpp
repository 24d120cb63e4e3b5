// export_maker DIRECTORY RECORDS internal|border: an export of invented records as docs/export.md
// describes it, without a server, and DIRECTORY.vkey. For tests/bench/export.py.
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "audit/checkpoint.h"
#include "audit/crypto.h"
#include "audit/leaf.h"
#include "audit/merkle.h"
#include "audit/sealed_body.h"
#include "audit/signer.h"
#include "audit/tlog_proof.h"
#include "base/base64.h"
#include "base/hex.h"

namespace {

using namespace paxid;
using nlohmann::json;

constexpr const char* kOrigin = "bench.example/demo";
constexpr std::uint64_t kNoon = 1'795'348'800'000'000;

audit::ByteView bytes_of(const std::string& text) { return audit::bytes_of(text); }

// What a gate's suggestion says, with names or without.
std::string body_of(std::uint64_t number, bool names) {
  const std::string id = std::to_string(number);
  json body{
      {"version", 2},
      {"request_id", std::string(32 - id.size(), '0') + id},
      {"station", "FRA"},
      {"channel", "gate"},
      {"purpose", "boarding_check"},
      {"station_date", "2026-11-22"},
      {"engine", "0.1.0+0123abcd"},
      {"flight",
       {{"carrier", "LH"},
        {"flight_number", "400"},
        {"departure_date", "2026-11-22"},
        {"from", "FRA"},
        {"to", "JFK"}}},
      {"policy", {{"id", "default 2026-07-01"}, {"sha256", std::string(64, 'a')}}},
      {"answer",
       {{"verdict", "MATCH"},
        {"confidence", 0.9921875},
        {"log_odds", 7.25},
        {"reasons",
         {{{"code", "DOCUMENTED_FORM"}, {"bits", 5.5}}, {{"code", "SEX_EQUAL"}, {"bits", 1.75}}}},
        {"findings", json::array()},
        {"counterfactuals", json::array()}}}};
  if (names) {
    body["claims"] = {{{"source", "booking"},
                       {"capture_method", "received"},
                       {"assurance", "asserted"},
                       {"booking_name", "MUELLER" + id + "/HANS MR"}},
                      {{"source", "mrz"},
                       {"capture_method", "scanned"},
                       {"assurance", "inspected"},
                       {"full", "MUELLER" + id + "<<HANS<PETER"}},
                      {{"source", "mrz"},
                       {"capture_method", "scanned"},
                       {"assurance", "inspected"},
                       {"birth_date", "1964-08-12"}}};
    body["read"] = {{"travel",
                     {{"booking_names", {{{"surname", "MUELLER" + id}, {"given", "HANS"}}}},
                      {"pass_names", json::array()}}},
                    {"identity",
                     {{"names",
                       {{{"full", ""},
                         {"surname", "MUELLER" + id},
                         {"given", "HANS PETER"},
                         {"source", "mrz"}}}},
                      {"birth_date", "1964-08-12"},
                      {"issuer", "D"},
                      {"nationality", "D"},
                      {"expiry_date", "2031-02-28"}}}};
    body["answer"]["sentence"] = "The same name in a form that ICAO and airlines allow.";
  } else {
    body["issuer"] = "D";
  }
  return body.dump();
}

// The root of a perfect subtree, from the leaves.
audit::Hash node_of(const std::vector<audit::Hash>& leaves, audit::NodeId id) {
  audit::Frontier tree;
  const std::uint64_t first = id.index << id.level;
  for (std::uint64_t i = first; i < first + (std::uint64_t{1} << id.level); ++i) {
    tree.append(leaves[i]);
  }
  return tree.root();
}

class Maker {
 public:
  Maker(std::string directory, std::uint64_t records, bool names)
      : directory_(std::move(directory)), records_(records), names_(names) {}

  void make() {
    std::filesystem::create_directories(directory_);
    write_records();
    for (const char* name : {"records.csv", "access.jsonl", "README.txt", "report.html"}) {
      write(name, "");
      files_[name] = base::to_hex(audit::sha256({}));
    }
    const json manifest{{"version", 1},
                        {"log_origin", kOrigin},
                        {"profile", names_ ? "border" : "internal"},
                        {"filter", json::object()},
                        {"first_leaf", 0},
                        {"end_leaf", records_},
                        {"left_subtrees", json::array()},
                        {"files", files_}};
    write("manifest.json", manifest.dump() + "\n");
    seal(audit::sha256({bytes_of(manifest.dump() + "\n")}));
  }

 private:
  void write(const std::string& name, const std::string& text) const {
    std::ofstream(directory_ + "/" + name, std::ios::binary) << text;
  }

  void write_records() {
    std::ofstream out(directory_ + "/records.jsonl", std::ios::binary);
    audit::Sha256 hash;
    for (std::uint64_t i = 0; i < records_; ++i) {
      const std::string line = line_of(i);
      hash.update(bytes_of(line));
      out << line;
    }
    files_["records.jsonl"] = base::to_hex(hash.finish());
  }

  std::string line_of(std::uint64_t number) {
    audit::Leaf leaf;
    leaf.flags = audit::kFlagHasBody;
    leaf.time_unix_us = kNoon + number * 1000;
    for (int i = 0; i < 8; ++i) {
      leaf.request_id[static_cast<std::size_t>(15 - i)] =
          static_cast<std::uint8_t>(number >> 8 * i);
      leaf.subject_ref[static_cast<std::size_t>(15 - i)] =
          leaf.request_id[static_cast<std::size_t>(15 - i)];
    }
    leaf.actor.fill(1);
    leaf.decision = 1;
    const std::string text = body_of(number, names_);
    leaf.body_commit.fill(1);
    audit::Bytes sealed;
    base::SecretBytes key(audit::kKeyBytes);
    if (names_) {
      (void)audit::fill_random(key.fill());
      sealed = *audit::seal(key, leaf.subject_ref, audit::body_context(audit::encode(leaf)),
                            bytes_of(text));
      leaf.body_commit = audit::body_commit(sealed);
    }
    const audit::LeafData data = audit::encode(leaf);
    const audit::Hash hash = audit::leaf_hash(data);
    leaves_.push_back(hash);
    std::string line = "{\"body\":" + text + ",";
    if (names_) line += "\"body_key\":\"" + base::to_hex(key.reveal()) + "\",";
    line += std::string("\"body_state\":\"") + (names_ ? "open" : "pseudonymous") +
            "\",\"leaf\":\"" + base::to_base64(data) + "\",\"leaf_hash\":\"" + base::to_hex(hash) +
            "\",\"leaf_index\":" + std::to_string(number);
    if (names_) line += ",\"sealed\":\"" + base::to_base64(sealed) + "\"";
    return line + "}\n";
  }

  void seal(const audit::Hash& manifest) {
    audit::Leaf leaf;
    leaf.type = audit::RecordType::kAuditRead;
    leaf.time_unix_us = kNoon + records_ * 1000;
    leaf.request_id.fill(9);
    leaf.ruleset = manifest;
    const audit::LeafData data = audit::encode(leaf);
    leaves_.push_back(audit::leaf_hash(data));
    const audit::NodeReader reader = [this](audit::NodeId id) -> base::Result<audit::Hash> {
      return node_of(leaves_, id);
    };
    const std::uint64_t size = leaves_.size();
    const auto key = *audit::SigningKey::generate();
    const std::string note =
        *audit::sign_checkpoint({kOrigin, size, *audit::tree_root(size, reader), {}}, key);
    write("seal.tlog-proof",
          audit::to_text({audit::Bytes(data.begin(), data.end()), records_,
                          *audit::inclusion_proof(records_, size, reader), note}));
    json hashes = json::array();
    const auto proof = audit::consistency_proof(records_, size, reader);
    for (const audit::Hash& hash : *proof) hashes.push_back(base::to_hex(hash));
    write("consistency.json", hashes.dump() + "\n");
    std::ofstream(directory_ + ".vkey")
        << audit::to_vkey(audit::verifier_key(kOrigin, key.public_key())) << "\n";
  }

  const std::string directory_;
  const std::uint64_t records_;
  const bool names_;
  std::vector<audit::Hash> leaves_;
  json files_ = json::object();
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "usage: export_maker DIRECTORY RECORDS internal|border\n";
    return 2;
  }
  Maker(argv[1], std::strtoull(argv[2], nullptr, 10), std::string(argv[3]) == "border").make();
  return 0;
}
