#include "http/request_input.h"

#include <nlohmann/json.hpp>

#include "http/multipart.h"
#include "http/schema.h"
#include "http/utf8.h"

namespace backend::server {
namespace {

constexpr auto form_type = "application/x-www-form-urlencoded";

bool is_json(std::string_view type) {
  return type == "application/json" || (type.starts_with("application/") && type.ends_with("+json"));
}

std::string read_all(const HttpRequest& request, std::uint64_t max_bytes) {
  std::string bytes;
  request.body->read(max_bytes, [&](std::string_view block) { bytes += block; });
  return bytes;
}

/// FastAPI hands a body that is not JSON to the model as it is.
std::shared_ptr<const Json> as_text(const std::string& bytes) {
  return std::make_shared<const Json>(utf8_repaired(bytes));
}

void read_json(const Context& context, const std::string& bytes, bool declared, RawBody& body) {
  const bool v1 = context.face == Face::v1;
  JsonResult result = parse_json(bytes, v1 ? DuplicateKeys::refused : DuplicateKeys::last_wins);
  body.present = true;
  if (result.value) {
    body.json = std::move(result.value);
    return;
  }
  if (!v1 && !declared) {
    body.json = as_text(bytes);
    return;
  }
  if (result.unreadable) throw HttpError(400, "There was an error parsing the body");
  Fault fault{"json_invalid", {}, "JSON decode error", "{}", "{\"error\":" + json_quoted(result.fault.message) + "}"};
  fault.loc = {std::string("body"), static_cast<std::int64_t>(result.fault.position)};
  throw InvalidRequest{{std::move(fault)}};
}

void check_path(Context& context, const std::vector<std::pair<std::string_view, std::string>>& path,
                const Settings& settings, Faults& faults) {
  const Rule rule = identifier();
  for (const auto& [name, text] : path) {
    Fault fault;
    if (const auto value = rule.check(std::string_view(text), settings, fault)) {
      context.path.emplace_back(name, std::get<std::int64_t>(*value));
    } else if (fault.type == "int_parsing_size") {
      context.path.emplace_back(name, INT64_MAX);  // a number like any other, of which there is no row
    } else {
      fault.loc = {std::string("path"), std::string(name)};
      fault.input = json_quoted(text);
      faults.push_back(std::move(fault));
    }
  }
}

void check_body(Context& context, const RawBody& body, const Settings& settings, Faults& faults) {
  const Inputs& in = context.route.in;
  const bool v1 = context.face == Face::v1;
  if (body.form && in.form) {
    context.form_input = {in.form->from_parameters(*body.form, "body", settings, faults), &in.form->type()};
  } else if (in.body && body.present && !(in.body_optional && body.json->is_null())) {
    context.body_input = {
        in.body->from_json(*body.json, settings, v1 ? UnknownFields::refused : UnknownFields::ignored, faults),
        &in.body->type()};
  } else if (in.body && !in.body_optional) {
    faults.push_back({"missing", {std::string("body")}, "Field required", "null", {}});
  }
}

}  // namespace

std::string media_type(std::string_view content_type) {
  std::string type(content_type.substr(0, content_type.find(';')));
  while (!type.empty() && (type.back() == ' ' || type.back() == '\t')) type.pop_back();
  for (char& c : type)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return type;
}

void check_multipart_boundary(const HttpRequest& request) {
  const std::string_view content_type = request.headers.get("Content-Type");
  if (media_type(content_type) != "multipart/form-data") return;
  const auto boundary = header_parameter(content_type, "boundary");
  if (!boundary || boundary->empty() || boundary->size() > 256) throw HttpError(400, "Missing boundary in multipart.");
}

RawBody read_body(const Context& context, const Settings& settings) {
  RawBody body;
  const Inputs& in = context.route.in;
  if (!in.body && !in.form) return body;
  const std::string encoding = media_type(context.request.headers.get("Content-Encoding"));
  if (!encoding.empty() && encoding != "identity") throw HttpError(415, "Unsupported content encoding");
  const std::string bytes = read_all(context.request, static_cast<std::uint64_t>(settings.json_max_bytes));
  if (bytes.empty()) return body;
  const std::string type = media_type(context.request.headers.get("Content-Type"));
  if (in.form && type == form_type) {
    body.form = Parameters::parse(bytes);
    return body;
  }
  if (context.face == Face::v1 && !is_json(type)) throw HttpError(415, "Unsupported media type");
  read_json(context, bytes, is_json(type), body);
  return body;
}

void check_input(Context& context, const std::vector<std::pair<std::string_view, std::string>>& path,
                 const RawBody& body, const Settings& settings) {
  Faults faults;
  check_path(context, path, settings, faults);
  if (const ObjectSchema* query = context.route.in.query)
    context.query_input = {
        query->from_parameters(Parameters::parse(context.request.query), "query", settings, faults), &query->type()};
  check_body(context, body, settings, faults);
  if (!faults.empty()) throw InvalidRequest{std::move(faults)};
}

}  // namespace backend::server
