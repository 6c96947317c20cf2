#include "http/schema.h"

#include <nlohmann/json.hpp>

#include <algorithm>

#include "http/json_writer.h"

namespace backend::server {
namespace {

void add(Faults& faults, Fault fault, std::string_view where, std::string_view name, std::string input) {
  fault.loc = {std::string(where), std::string(name)};
  fault.input = std::move(input);
  faults.push_back(std::move(fault));
}

const Fault missing{"missing", {}, "Field required", "null", {}};

}  // namespace

std::shared_ptr<void> ObjectSchema::from_json(const Json& input, const Settings& settings, UnknownFields unknown,
                                              Faults& faults) const {
  auto object = make_();
  if (!input.is_object()) {
    faults.push_back({"model_attributes_type", {std::string("body")},
                      "Input should be a valid dictionary or object to extract fields from", shown_json(input), {}});
    return object;
  }
  for (const FieldSpec& field : fields_) {
    const auto found = input.find(std::string(field.name));
    if (found == input.end()) {
      if (field.required) add(faults, missing, "body", field.name, shown_json(input));
      continue;
    }
    if (field.nullable && found->is_null()) continue;
    Fault fault;
    if (auto value = field.rule.check(*found, settings, fault))
      field.assign(object.get(), std::move(*value));
    else
      add(faults, std::move(fault), "body", field.name, shown_json(*found));
  }
  if (unknown == UnknownFields::ignored) return object;
  for (const auto& [key, value] : input.items()) {
    const bool known = std::any_of(fields_.begin(), fields_.end(), [&](const FieldSpec& f) { return f.name == key; });
    if (!known) add(faults, {"extra_forbidden", {}, "Extra inputs are not permitted", {}, {}}, "body", key, shown_json(value));
  }
  return object;
}

std::shared_ptr<void> ObjectSchema::from_parameters(const Parameters& input, std::string_view where,
                                                    const Settings& settings, Faults& faults) const {
  auto object = make_();
  for (const FieldSpec& field : fields_) {
    const std::string* text = input.find(field.name);
    if (!text) {
      if (field.required) add(faults, missing, where, field.name, "null");
      continue;
    }
    Fault fault;
    if (auto value = field.rule.check(std::string_view(*text), settings, fault))
      field.assign(object.get(), std::move(*value));
    else
      add(faults, std::move(fault), where, field.name, json_quoted(*text));
  }
  return object;
}

Json ObjectSchema::schema(const Settings& settings, UnknownFields unknown) const {
  Json out = Json::object();
  out["type"] = "object";
  out["title"] = std::string(name_);
  Json& properties = out["properties"] = Json::object();
  Json required = Json::array();
  for (const FieldSpec& field : fields_) {
    Json property = field.rule.schema(settings);
    if (field.nullable) property["type"] = Json::array({property["type"], "null"});
    if (!field.default_json.empty()) property["default"] = Json::parse(field.default_json);
    properties[std::string(field.name)] = std::move(property);
    if (field.required) required.push_back(std::string(field.name));
  }
  if (!required.empty()) out["required"] = std::move(required);
  if (unknown == UnknownFields::refused) out["additionalProperties"] = false;
  return out;
}

}  // namespace backend::server
