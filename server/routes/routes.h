#pragma once
#include <span>

#include "http/route.h"

namespace backend::server {

/// Every table of every resource: what the server serves.
std::span<const RouteTable> all_routes();

std::span<const RouteTable> system_tables();
std::span<const RouteTable> docs_tables();
std::span<const RouteTable> auth_tables();
std::span<const RouteTable> users_tables();
std::span<const RouteTable> messages_tables();
std::span<const RouteTable> notifications_tables();
std::span<const RouteTable> documents_tables();
std::span<const RouteTable> pdf_tables();
std::span<const RouteTable> compat_tables();
std::span<const RouteTable> compat_pdf_tables();

}  // namespace backend::server
