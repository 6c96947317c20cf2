#pragma once
#include <backend/settings.h>

#include <string>

#include "http/router.h"

namespace backend::server {

/// The OpenAPI 3.1 document of every route, made of the rows and schemas that serve the requests.
std::string openapi_document(const Router& router, const Settings& settings);

}  // namespace backend::server
