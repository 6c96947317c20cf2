#include "http/openapi.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <set>

#include "routes/render.h"
#include "routes/routes.h"

using namespace backend;
using namespace backend::server;
using nlohmann::json;

namespace {

const Router& router() {
  static const Router all(all_routes(), Settings().api_prefix);
  return all;
}
const json& document() {
  static const json parsed = json::parse(openapi_document(router(), {}));
  return parsed;
}

void check_references(const json& node) {
  if (node.is_object() && node.contains("$ref") && node["$ref"].is_string()) {
    EXPECT_TRUE(document().contains(json::json_pointer(node["$ref"].get<std::string>().substr(1)))) << node["$ref"];
  }
  if (node.is_structured())
    for (const json& child : node) check_references(child);
}

template <class T>
void check_members(const char* schema, const T& value) {
  std::string text;
  JsonWriter writer(text);
  render(writer, value);
  std::set<std::string> rendered, declared;
  for (const auto& [key, unused] : json::parse(text).items()) rendered.insert(key);
  for (const auto& [key, unused] : document()["components"]["schemas"][schema]["properties"].items()) declared.insert(key);
  EXPECT_EQ(rendered, declared) << schema;
}

}  // namespace

TEST(OpenApi, HasEveryDocumentedRouteOnce) {
  std::set<std::string> ids;
  for (const RouteTable& table : router().tables()) {
    if (!table.documented) continue;
    for (const Route& route : table.routes) {
      std::string method(to_string(route.method));
      for (char& c : method) c = static_cast<char>(c + 32);
      const json& operation = document()["paths"][router().full_path(table, route)][method];
      ASSERT_TRUE(operation.is_object()) << route.path;
      EXPECT_TRUE(ids.insert(operation["operationId"]).second) << operation["operationId"];
      EXPECT_TRUE(operation["responses"].contains(std::to_string(route.status)));
      EXPECT_EQ(operation.contains("security"), route.access != Access::none) << route.path;
    }
  }
}

TEST(OpenApi, ResolvesItsReferences) { check_references(document()); }

TEST(OpenApi, LetsSwaggerUiAuthorize) {
  EXPECT_EQ(document()["components"]["securitySchemes"]["OAuth2PasswordBearer"]["flows"]["password"]["tokenUrl"], "api/v1/auth/token");
}

TEST(OpenApi, DescribesWhatIsRendered) {
  check_members("User", User{});
  check_members("Message", Message{});
  check_members("Document", Document{});
  check_members("Page", PdfPageReport{});
  check_members("Hit", SearchHit{});
}
