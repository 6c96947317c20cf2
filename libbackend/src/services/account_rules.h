#pragma once
#include <backend/auth.h>

#include <string_view>

namespace backend::services {

/// Each throws Error invalid, naming the field.
void check_password(std::string_view password, PasswordPolicy policy, const Settings& settings);
/// 3..50 code points, none of them a space, a control or '@': a username never looks like somebody's address.
void check_username(std::string_view username);
void check_full_name(std::string_view name);

}  // namespace backend::services
