#pragma once
#include "http/context.h"
#include "http/schema.h"

namespace backend::server {

struct Registration {
  std::string email, password;
  std::optional<std::string> username, full_name, name;
};
extern const Schema<Registration> registration_schema;

/// POST /auth/register and POST /users/.
HttpResponse register_user(Context& c);

}  // namespace backend::server
