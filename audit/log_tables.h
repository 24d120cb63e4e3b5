#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/bytes.h"
#include "audit/leaf.h"
#include "audit/sqlite.h"
#include "audit/tile.h"
#include "base/error.h"

// The tables of log.db (docs/record_format.md section 9). Every key begins with the log, so
// that no tenant's row can be reached through another's.
namespace paxid::audit {

// Whether the file is new or was emptied: no program has made its tables there.
base::Result<bool> has_no_schema(Database& database);
// Makes the tables of a new file; refuses one of another version or program.
base::Result<void> prepare_log_schema(Database& database);

struct LogRow {
  std::int64_t id = 0;
  std::string tenant;
  std::string origin;
};

struct RequestRow {
  std::uint64_t index = 0;
  Hash digest{};
};

struct BodyRow {
  std::optional<Bytes> sealed;    // nothing: the leaf has no body, or it was erased
  std::optional<Bytes> response;  // nothing: erased
};

// What a connection reads. Belongs to one thread at a time, as its connection does.
class ReadTables {
 public:
  static base::Result<ReadTables> prepare(Database& database);

  base::Result<std::vector<LogRow>> logs();
  base::Result<std::optional<LeafData>> leaf(std::int64_t log, std::uint64_t index);
  base::Result<BodyRow> body(std::int64_t log, std::uint64_t index);
  base::Result<std::optional<RequestRow>> request(std::int64_t log, const Id16& request_id);
  base::Result<std::optional<Id16>> subject(std::int64_t log, std::uint8_t kind,
                                            const Id16& blind_index);
  base::Result<std::vector<Id16>> subjects(std::int64_t log);
  // DATA_LOSS when there is no such tile.
  base::Result<std::vector<Hash>> tile(std::int64_t log, TileId tile);
  base::Result<bool> has_checkpoint(std::int64_t log);

  // Calls `visit` with every leaf in order; DATA_LOSS when an index is left out.
  base::Result<void> for_each_leaf(
      std::int64_t log, const std::function<base::Result<void>(std::uint64_t, ByteView)>& visit);

 private:
  Statement logs_, leaf_, leaves_, body_, request_, subject_, subjects_, tile_, checkpoint_;
};

// What the committer writes, inside its transaction.
class WriteTables {
 public:
  static base::Result<WriteTables> prepare(Database& database);

  // The new log's id.
  base::Result<std::int64_t> insert_log(std::string_view tenant, std::string_view origin);
  base::Result<void> insert_leaf(std::int64_t log, std::uint64_t index, const LeafData& data);
  base::Result<void> insert_body(std::int64_t log, std::uint64_t index, const BodyRow& body);
  base::Result<void> insert_request(std::int64_t log, const Id16& request_id,
                                    const RequestRow& request);
  base::Result<void> insert_subject(std::int64_t log, std::uint8_t kind, const Id16& blind_index,
                                    const Id16& subject_ref);
  base::Result<void> insert_tile(std::int64_t log, TileId tile, const std::vector<Hash>& hashes);
  base::Result<void> insert_checkpoint(std::int64_t log, std::uint64_t size, std::string_view note);

 private:
  Statement log_, leaf_, body_, request_, subject_, tile_, checkpoint_;
};

}  // namespace paxid::audit
