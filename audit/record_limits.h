#pragma once

#include "audit/store.h"
#include "base/error.h"

namespace paxid::audit {

// Whether a record is one that append takes (audit/store.h): INVALID_ARGUMENT with the field
// otherwise. Its tenant is not looked at.
base::Result<void> in_limits(const Record& record);

}  // namespace paxid::audit
