#include "audit/submission.h"

#include <utility>

namespace paxid::audit {

void Answers::give(std::vector<Waiting>& waiting, std::vector<base::Result<Receipt>> results) {
  for (std::size_t i = 0; i < waiting.size(); ++i) {
    if (results[i]) {
      replayed_ += results[i]->replayed ? 1 : 0;
    } else if (results[i].error().code == base::ErrorCode::kAlreadyExists) {
      ++conflicts_;
    } else {
      ++refused_;
    }
    waiting[i].done(std::move(results[i]));
  }
}

void Answers::refuse(std::vector<Waiting>& waiting, const base::Error& error) {
  for (Waiting& one : waiting) refuse(std::move(one.done), error);
}

void Answers::refuse(Completion done, base::Error error) {
  ++refused_;
  done(tl::unexpected(std::move(error)));
}

void Answers::count(StoreStatistics& numbers) const {
  numbers.replayed = replayed_;
  numbers.conflicts = conflicts_;
  numbers.refused = refused_;
}

}  // namespace paxid::audit
