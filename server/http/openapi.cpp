#include "http/openapi.h"

#include <nlohmann/json.hpp>

#include "http/answer_schemas.h"
#include "http/schema.h"

namespace backend::server {
namespace {

Json reference(std::string_view component) {
  return {{"$ref", "#/components/schemas/" + std::string(component)}};
}

/// Two tables may have a handler of the same summary: face, method and path tell operations apart.
std::string operation_id(std::string_view method, std::string_view path) {
  std::string id(method);
  for (const char c : path) {
    const bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (word)
      id += c;
    else if (id.back() != '_')
      id += '_';
  }
  while (id.back() == '_') id.pop_back();
  return id;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return out;
}

class Document {
 public:
  Document(const Router& router, const Settings& settings) : router_(router), settings_(settings) {
    json_["openapi"] = "3.1.0";
    json_["info"] = {{"title", settings.project_name}, {"description", "Backend API"}, {"version", settings.version}};
    json_["paths"] = Json::object();
    json_["components"] = {{"schemas", Json::parse(answer_schemas())}, {"securitySchemes", security_schemes()}};
  }

  std::string build() {
    for (const RouteTable& table : router_.tables()) {
      if (!table.documented) continue;
      for (const Route& route : table.routes) {
        const std::string path = router_.full_path(table, route);
        json_["paths"][path][lower(to_string(route.method))] = operation(table, route, path);
      }
    }
    return json_.dump();
  }

 private:
  Json security_schemes() const {
    const Json flow = {{"scopes", Json::object()}, {"tokenUrl", settings_.api_prefix.substr(1) + "/auth/token"}};
    return {{"OAuth2PasswordBearer", {{"type", "oauth2"}, {"flows", {{"password", flow}}}}},
            {"HTTPBearer", {{"type", "http"}, {"scheme", "bearer"}, {"bearerFormat", "JWT"}}}};
  }

  Json operation(const RouteTable& table, const Route& route, const std::string& path) {
    Json out = Json::object();
    out["tags"] = Json::array({table.face == Face::compat ? std::string(table.tag) + " (compat)" : std::string(table.tag)});
    out["summary"] = std::string(route.summary);
    out["operationId"] = operation_id(lower(to_string(route.method)), path);
    Json parameters = parameters_of(route);
    Json body = request_body(table.face, route);
    const bool has_input = !parameters.empty() || !body.is_null();
    if (!parameters.empty()) out["parameters"] = std::move(parameters);
    if (!body.is_null()) out["requestBody"] = std::move(body);
    out["responses"] = responses(route, has_input);
    if (route.access != Access::none)
      out["security"] = Json::array({{{"OAuth2PasswordBearer", Json::array()}}, {{"HTTPBearer", Json::array()}}});
    return out;
  }

  Json parameters_of(const Route& route) const {
    Json out = Json::array();
    for (std::size_t at = route.path.find('{'); at != std::string_view::npos; at = route.path.find('{', at + 1)) {
      const std::string name(route.path.substr(at + 1, route.path.find('}', at) - at - 1));
      out.push_back({{"name", name}, {"in", "path"}, {"required", true}, {"schema", {{"type", "integer"}}}});
    }
    if (!route.in.query) return out;
    for (const FieldSpec& field : route.in.query->fields()) {
      Json schema = field.rule.schema(settings_);
      if (!field.default_json.empty()) schema["default"] = Json::parse(field.default_json);
      out.push_back({{"name", std::string(field.name)}, {"in", "query"}, {"required", field.required}, {"schema", schema}});
    }
    return out;
  }

  Json request_body(Face face, const Route& route) {
    Json content = Json::object();
    if (route.in.body) content["application/json"]["schema"] = component(face, *route.in.body);
    if (route.in.form) content["application/x-www-form-urlencoded"]["schema"] = component(face, *route.in.form);
    if (route.in.files != Files::none) content["multipart/form-data"]["schema"] = upload_schema(route.in.files);
    if (content.empty()) return nullptr;
    return {{"required", !route.in.body_optional}, {"content", std::move(content)}};
  }

  static Json upload_schema(Files files) {
    const Json file = {{"type", "string"}, {"contentMediaType", "application/octet-stream"}, {"format", "binary"}};
    const bool many = files == Files::many;
    const std::string name = many ? "files" : "file";
    const Json value = many ? Json{{"type", "array"}, {"items", file}} : file;
    return {{"type", "object"}, {"properties", {{name, value}}}, {"required", Json::array({name})}};
  }

  Json component(Face face, const ObjectSchema& schema) {
    const auto unknown = face == Face::v1 ? UnknownFields::refused : UnknownFields::ignored;
    Json& schemas = json_["components"]["schemas"];
    const std::string name(schema.name());
    if (!schemas.contains(name)) schemas[name] = schema.schema(settings_, unknown);
    return reference(name);
  }

  Json responses(const Route& route, bool has_input) const {
    Json out = Json::object();
    Json& success = out[std::to_string(route.status)] = {{"description", "Successful Response"}};
    if (route.answer.find('/') != std::string_view::npos)
      success["content"][std::string(route.answer)]["schema"] = Json::object();
    else if (route.status != NoContent)
      success["content"]["application/json"]["schema"] = route.answer.empty() ? Json::object() : reference(route.answer);
    const auto error = [&](const char* status, const char* description, const char* schema) {
      out[status] = {{"description", description}, {"content", {{"application/json", {{"schema", reference(schema)}}}}}};
    };
    if (route.access != Access::none) error("401", "Not authenticated", "Error");
    if (has_input) error("422", "Validation Error", "HTTPValidationError");
    return out;
  }

  const Router& router_;
  const Settings& settings_;
  Json json_ = Json::object();
};

}  // namespace

std::string openapi_document(const Router& router, const Settings& settings) { return Document(router, settings).build(); }

}  // namespace backend::server
