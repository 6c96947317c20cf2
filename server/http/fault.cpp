#include "http/fault.h"

#include "http/json_writer.h"

namespace backend::server {

std::string faults_json(const Faults& faults) {
  std::string out;
  JsonWriter json(out);
  json.object([&] {
    json.key("detail").array_of(faults, [&](const Fault& fault) {
      json.object([&] {
        json.member("type", fault.type);
        json.key("loc").array_of(fault.loc, [&](const Fault::Step& step) {
          std::visit([&](const auto& part) { json.value(part); }, step);
        });
        json.member("msg", fault.msg);
        json.key("input").raw(fault.input);
        if (!fault.ctx.empty()) json.key("ctx").raw(fault.ctx);
      });
    });
  });
  return out;
}

}  // namespace backend::server
