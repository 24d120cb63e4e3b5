#pragma once

#include <paxid/v1/privacy_service.pb.h>

#include "clients/sdk/privacy.h"

namespace paxid::sdk {

void write_context(const PrivacyContext& from, v1::PrivacyContext* to);

}  // namespace paxid::sdk
