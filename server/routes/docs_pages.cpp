// The documentation pages, with everything they load: no other host is asked for anything.
#include "assets/assets.h"
#include "http/context.h"
#include "http/file_response.h"
#include "routes/routes.h"

namespace backend::server {
namespace {

HttpResponse swagger_page(Context&);
HttpResponse redoc_page(Context&);
HttpResponse swagger_start(Context&);
HttpResponse redoc_start(Context&);
HttpResponse asset(Context&);

constexpr Route page_routes[] = {
    {Get, "/docs", Access::none, swagger_page, "Swagger UI", 200, {}, "text/html"},
    {Get, "/redoc", Access::none, redoc_page, "ReDoc", 200, {}, "text/html"},
};
constexpr Route asset_routes[] = {
    {Get, "/docs/swagger-start.js", Access::none, swagger_start, "Starts Swagger UI"},
    {Get, "/docs/redoc-start.js", Access::none, redoc_start, "Starts ReDoc"},
    {Get, "/docs/swagger-ui-bundle.js", Access::none, asset, "Asset"},
    {Get, "/docs/swagger-ui.css", Access::none, asset, "Asset"},
    {Get, "/docs/favicon-32x32.png", Access::none, asset, "Asset"},
    {Get, "/docs/swagger-ui.LICENSE.txt", Access::none, asset, "Asset"},
    {Get, "/docs/redoc.standalone.js", Access::none, asset, "Asset"},
    {Get, "/docs/redoc.LICENSE.txt", Access::none, asset, "Asset"},
    {Get, "/docs/redoc.standalone.js.LICENSE.txt", Access::none, asset, "Asset"},
};
constexpr RouteTable tables[] = {{Face::compat, "docs", page_routes, false},
                                 {Face::v1, "docs", page_routes, false},
                                 {Face::compat, "docs", asset_routes, false}};

std::string html_escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      default: out += c;
    }
  }
  return out;
}

/// Both viewers set styles from script; ReDoc searches in a worker made of a blob. Scripts come from here only.
HttpResponse html(std::string body) {
  HttpResponse response;
  response.headers.set("Content-Type", "text/html; charset=utf-8");
  response.headers.set("Content-Security-Policy",
                       "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
                       "font-src 'self' data:; connect-src 'self'; worker-src blob:; form-action 'self'; "
                       "base-uri 'none'; frame-ancestors 'none'");
  response.body = std::move(body);
  return response;
}

HttpResponse script(std::string_view body) {
  HttpResponse response;
  response.headers.set("Content-Type", "text/javascript; charset=utf-8");
  response.headers.set("Cache-Control", "no-cache");
  response.body = body;
  return response;
}

std::string head(const Context& c, std::string_view viewer) {
  return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
         "<link rel=\"shortcut icon\" href=\"/docs/favicon-32x32.png\">\n<title>" +
         html_escaped(c.backend.settings().project_name) + " - " + std::string(viewer) + "</title>\n";
}

HttpResponse swagger_page(Context& c) {
  return html(head(c, "Swagger UI") +
              "<link rel=\"stylesheet\" href=\"/docs/swagger-ui.css\">\n</head>\n<body>\n<div id=\"swagger-ui\"></div>\n"
              "<script src=\"/docs/swagger-ui-bundle.js\"></script>\n<script src=\"/docs/swagger-start.js\"></script>\n"
              "</body>\n</html>\n");
}

HttpResponse redoc_page(Context& c) {
  return html(head(c, "ReDoc") +
              "</head>\n<body>\n<div id=\"redoc\"></div>\n<script src=\"/docs/redoc.standalone.js\"></script>\n"
              "<script src=\"/docs/redoc-start.js\"></script>\n</body>\n</html>\n");
}

HttpResponse swagger_start(Context&) {
  return script(
      "SwaggerUIBundle({url: '/openapi.json', dom_id: '#swagger-ui', deepLinking: true, layout: 'BaseLayout',\n"
      "                 presets: [SwaggerUIBundle.presets.apis], persistAuthorization: false, validatorUrl: null});\n");
}

HttpResponse redoc_start(Context&) {
  return script("Redoc.init('/openapi.json', {hideLoading: true}, document.getElementById('redoc'));\n");
}

bool accepts_gzip(std::string_view header) {
  const std::size_t at = header.find("gzip");
  if (at == std::string_view::npos) return false;
  const std::string_view rest = header.substr(at, header.find(',', at) - at);
  return rest.find("q=0") == std::string_view::npos || rest.find("q=0.") != std::string_view::npos;
}

HttpResponse asset(Context& c) {
  const Asset* found = find_asset(c.route.path.substr(c.route.path.rfind('/') + 1));
  if (!found) throw HttpError(404, "Not Found");
  HttpResponse response;
  response.headers.set("ETag", std::string(found->etag));
  response.headers.set("Cache-Control", "public, max-age=86400");
  response.headers.set("Vary", "Accept-Encoding");
  if (etag_matches(c.request.headers.get("If-None-Match"), found->etag)) {
    response.status = 304;
    return response;
  }
  response.headers.set("Content-Type", std::string(found->media_type));
  if (accepts_gzip(c.request.headers.get("Accept-Encoding"))) {
    response.headers.set("Content-Encoding", "gzip");
    response.body = found->gzip;
  } else {
    response.body = inflated(*found);
  }
  return response;
}

}  // namespace

std::span<const RouteTable> docs_tables() { return tables; }

}  // namespace backend::server
