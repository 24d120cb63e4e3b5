// Makes a log and writes what docs/record_format.md speaks of, for a reader in another
// language: export_log DIRECTORY. One text file of name=value lines and one proof a leaf.
#include <cstdlib>
#include <fstream>
#include <iostream>

#include "audit/crypto.h"
#include "audit/promise.h"
#include "audit/sealed_body.h"
#include "audit/tile_files.h"
#include "tests/audit/store_fixture.h"

namespace paxid::audit {
namespace {

int run(const std::string& root) {
  base::ManualClock clock(kTestTime);
  const SqliteStoreOptions options = store_options(root);
  auto opened = open_sqlite_store(options, clock);
  if (!opened) {
    std::cerr << opened.error().message << "\n";
    return 1;
  }
  Store& store = **opened;
  std::ofstream out(root + "/log.txt");
  const auto write = [&out](const std::string& name, ByteView value) {
    out << name << "=" << base::to_hex(value) << "\n";
  };
  constexpr std::uint32_t kRecords = 300;
  for (std::uint32_t i = 0; i < kRecords; ++i) {
    Record asked = record(i);
    if (i % 10 == 9) asked.body.clear();
    if (i % 11 == 10) asked.subject.reset();
    clock.set(kTestTime + i);
    const auto receipt = append(store, asked);
    if (!receipt) return 1;
    write("leaf_hash", receipt->leaf_hash);
    if (i == 6 || i == 255 || i == 299) {
      write("checkpoint", bytes_of(*store.checkpoint("qf")));
    }
  }
  write("vkey", bytes_of(*store.vkey("qf")));
  for (std::uint64_t i = 0; i < kRecords; ++i) {
    const auto stored = store.leaf("qf", i);
    write("leaf", stored->leaf_data);
    write("sealed", stored->sealed_body.value_or(Bytes{}));
    const auto key = store.body_key("qf", i);
    write("body_key", key ? key->reveal() : ByteView{});
    const auto body = store.open_body("qf", i);
    write("body", body ? ByteView(*body) : ByteView{});
    write("proof", bytes_of(*store.tlog_proof("qf", i)));
  }
  for (const auto& [first, second] : {std::pair{7u, 256u}, {256u, 300u}, {7u, 300u}}) {
    Bytes hashes;
    const auto proof = store.consistency_proof("qf", first, second);
    for (const Hash& hash : *proof) hashes.insert(hashes.end(), hash.begin(), hash.end());
    write("consistency", hashes);
  }
  const auto key = SigningKey::load(options.signing_key_file);
  const auto tiles =
      write_tile_files(options.directory, "qf", key->public_key(), root + "/tiles", {});
  if (!tiles) {
    std::cerr << tiles.error().message << "\n";
    return 1;
  }
  write("promise", bytes_of(*sign_promise({*store.origin("qf"), filled_hash(5), kTestTime}, *key)));
  // Bodies of class 1 below leaf 100 end, and so does the person of leaf 0.
  clock.set(kTestTime + kRecords);
  Record prune;
  prune.tenant = "qf";
  prune.request_id = request_id(kRecords);
  prune.type = RecordType::kRetentionPrune;
  prune.effect = RecordEffect::kPrune;
  prune.decision = static_cast<std::uint16_t>(RetentionClass::kMatch);
  prune.reason_bits = 100;
  Record erasure;
  erasure.tenant = "qf";
  erasure.request_id = request_id(kRecords + 1);
  erasure.type = RecordType::kErasure;
  erasure.effect = RecordEffect::kErase;
  erasure.decision = 1;
  erasure.subject_ref = decode_leaf(store.leaf("qf", 101)->leaf_data)->subject_ref;
  if (!append(store, prune) || !append(store, erasure)) return 1;
  for (std::uint64_t i = 0; i < kRecords + 2; ++i) {
    const auto stored = store.leaf("qf", i);
    write("later_leaf", stored->leaf_data);
    write("later_sealed", stored->sealed_body.value_or(Bytes{}));
  }
  return out.good() ? 0 : 1;
}

}  // namespace
}  // namespace paxid::audit

int main(int argc, char** argv) { return argc == 2 ? paxid::audit::run(argv[1]) : 2; }
