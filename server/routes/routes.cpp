#include "routes/routes.h"

#include <vector>

namespace backend::server {

std::span<const RouteTable> all_routes() {
  static const std::vector<RouteTable> all = [] {
    std::vector<RouteTable> tables;
    for (const auto& resource :
         {system_tables(), auth_tables(), users_tables(), messages_tables(), notifications_tables(), documents_tables(),
          pdf_tables(), compat_tables(), compat_pdf_tables(), docs_tables()})
      tables.insert(tables.end(), resource.begin(), resource.end());
    return tables;
  }();
  return all;
}

}  // namespace backend::server
