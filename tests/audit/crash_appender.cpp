// A process that records until it is killed: crash_appender ROOT FIRST. It appends the records
// FIRST, FIRST + 1, … and prints one line for each answer, after the answer only:
//   ack NUMBER INDEX LEAF_HASH        head SIZE ROOT
#include <unistd.h>

#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <string>

#include "base/clock.h"
#include "tests/audit/store_fixture.h"

namespace paxid::audit {
namespace {

// One write per line: a line is printed whole or not at all.
void print(const std::string& line) {
  if (::write(STDOUT_FILENO, line.data(), line.size()) < 0) std::_Exit(4);
}

int run(const std::string& root, std::uint32_t number) {
  const base::SystemClock clock;
  SqliteStoreOptions options = store_options(root);
  options.checkpoint_leaves = 8;
  options.write_back_pages = 24;  // so that it dies in the middle of this too
  auto store = open_sqlite_store(options, clock);
  if (!store) {
    print("refused " + store.error().message + "\n");
    return 3;
  }
  std::mutex mutex;
  std::condition_variable room;
  int in_flight = 0;
  for (;; ++number) {
    {
      std::unique_lock lock(mutex);
      room.wait(lock, [&] { return in_flight < 16; });
      ++in_flight;
    }
    (*store)->append(record(number), [&, number](base::Result<Receipt> receipt) {
      if (!receipt) std::_Exit(5);
      print("ack " + std::to_string(number) + " " + std::to_string(receipt->index) + " " +
            base::to_hex(receipt->leaf_hash) + "\n");
      const std::lock_guard lock(mutex);
      --in_flight;
      room.notify_one();
    });
    if (number % 5 == 0) {
      const auto note = (*store)->checkpoint("qf");
      if (!note) continue;  // the log begins with its first record
      const auto head = parse_checkpoint(parse_note(*note)->text);
      print("head " + std::to_string(head->size) + " " + base::to_hex(head->root) + "\n");
    }
  }
}

}  // namespace
}  // namespace paxid::audit

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  return paxid::audit::run(argv[1], static_cast<std::uint32_t>(std::strtoul(argv[2], nullptr, 10)));
}
