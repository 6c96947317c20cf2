#include "http/answer_schemas.h"

namespace backend::server {

// What routes/render.cpp and routes/compat.cpp write. tests/http compares the members of the two.
std::string_view answer_schemas() noexcept {
  return R"json({
"Error": {"type": "object", "title": "Error", "properties": {"detail": {"type": "string"}}, "required": ["detail"]},
"ValidationError": {"type": "object", "title": "ValidationError", "properties": {
  "type": {"type": "string"}, "loc": {"type": "array", "items": {"anyOf": [{"type": "string"}, {"type": "integer"}]}},
  "msg": {"type": "string"}, "input": {}, "ctx": {"type": "object"}}, "required": ["type", "loc", "msg", "input"]},
"HTTPValidationError": {"type": "object", "title": "HTTPValidationError", "properties": {"detail": {"anyOf": [
  {"type": "array", "items": {"$ref": "#/components/schemas/ValidationError"}}, {"type": "string"}]}}},
"Notice": {"type": "object", "properties": {"message": {"type": "string"}}, "required": ["message"]},
"Token": {"type": "object", "properties": {"access_token": {"type": "string"}, "token_type": {"type": "string"},
  "expires_in": {"type": "integer"}}, "required": ["access_token", "token_type", "expires_in"]},
"TokenPair": {"type": "object", "properties": {"access_token": {"type": "string"}, "refresh_token": {"type": "string"},
  "token_type": {"type": "string"}, "expires_in": {"type": "integer"}},
  "required": ["access_token", "refresh_token", "token_type", "expires_in"]},
"User": {"type": "object", "properties": {"id": {"type": "integer"}, "email": {"type": "string"},
  "username": {"type": ["string", "null"]}, "full_name": {"type": "string"}, "is_active": {"type": "boolean"},
  "is_verified": {"type": "boolean"}, "role": {"type": "string"}, "created_at": {"type": "string", "format": "date-time"},
  "updated_at": {"type": "string", "format": "date-time"}},
  "required": ["id", "email", "username", "full_name", "is_active", "is_verified", "role", "created_at", "updated_at"]},
"UserList": {"type": "object", "properties": {"users": {"type": "array", "items": {"$ref": "#/components/schemas/User"}},
  "next": {"type": ["integer", "null"]}}, "required": ["users", "next"]},
"CompatUser": {"type": "object", "properties": {"id": {"type": "integer"}, "email": {"type": "string"},
  "name": {"type": "string"}, "created_at": {"type": "string"}}, "required": ["id", "email", "name", "created_at"]},
"CompatUsers": {"type": "array", "items": {"$ref": "#/components/schemas/CompatUser"}},
"Message": {"type": "object", "properties": {"id": {"type": "integer"}, "sender_id": {"type": "integer"},
  "recipient_id": {"type": "integer"}, "content": {"type": "string"}, "client_id": {"type": ["string", "null"]},
  "created_at": {"type": "string", "format": "date-time"}, "edited_at": {"type": ["string", "null"], "format": "date-time"},
  "read_at": {"type": ["string", "null"], "format": "date-time"}},
  "required": ["id", "sender_id", "recipient_id", "content", "client_id", "created_at", "edited_at", "read_at"]},
"MessageList": {"type": "object", "properties": {"messages": {"type": "array",
  "items": {"$ref": "#/components/schemas/Message"}}, "next": {"type": ["integer", "null"]}}, "required": ["messages", "next"]},
"Document": {"type": "object", "properties": {"id": {"type": ["integer", "null"]}, "filename": {"type": "string"},
  "page_count": {"type": "integer"}, "file_size": {"type": "integer"},
  "status": {"type": "string", "enum": ["processing", "ready", "failed"]}, "error": {"type": ["string", "null"]},
  "created_at": {"type": ["string", "null"], "format": "date-time"}},
  "required": ["id", "filename", "page_count", "file_size", "status", "error", "created_at"]},
"DocumentList": {"type": "object", "properties": {"documents": {"type": "array",
  "items": {"$ref": "#/components/schemas/Document"}}, "next": {"type": ["integer", "null"]}}, "required": ["documents", "next"]},
"Uploaded": {"type": "object", "properties": {"documents": {"type": "array",
  "items": {"$ref": "#/components/schemas/Document"}}}, "required": ["documents"]},
"DocumentText": {"type": "object", "properties": {"document_id": {"type": "integer"}, "text": {"type": "string"}},
  "required": ["document_id", "text"]},
"Table": {"type": "object", "properties": {"page": {"type": "integer"}, "table_index": {"type": "integer"},
  "bbox": {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 4},
  "headers": {"type": "array", "items": {"type": ["string", "null"]}},
  "rows": {"type": "array", "items": {"type": "array", "items": {"type": ["string", "null"]}}},
  "total_rows": {"type": "integer"}}, "required": ["page", "table_index", "bbox", "headers", "rows", "total_rows"]},
"TableList": {"type": "object", "properties": {"tables": {"type": "array",
  "items": {"$ref": "#/components/schemas/Table"}}, "next": {"type": ["integer", "null"]}}, "required": ["tables", "next"]},
"Page": {"type": "object", "properties": {"page_number": {"type": "integer"}, "text": {"type": "string"},
  "tables": {"type": "array", "items": {"$ref": "#/components/schemas/Table"}}, "images": {"type": "integer"},
  "width": {"type": "number"}, "height": {"type": "number"}, "char_count": {"type": "integer"}},
  "required": ["page_number", "text", "tables", "images", "width", "height", "char_count"]},
"Hit": {"type": "object", "properties": {"page": {"type": "integer"}, "x0": {"type": "number"}, "top": {"type": "number"},
  "x1": {"type": "number"}, "bottom": {"type": "number"}, "match": {"type": "string"}, "snippet": {"type": "string"},
  "position": {"type": "integer"}}, "required": ["page", "x0", "top", "x1", "bottom", "match", "snippet", "position"]},
"HitList": {"type": "object", "properties": {"hits": {"type": "array", "items": {"$ref": "#/components/schemas/Hit"}},
  "next": {"type": ["integer", "null"]}}, "required": ["hits", "next"]},
"PdfInfo": {"type": "object", "properties": {"filename": {"type": "string"}, "page_count": {"type": "integer"},
  "metadata": {"type": "object"}, "file_size": {"type": "integer"}, "has_text": {"type": "boolean"},
  "has_tables": {"type": "boolean"}},
  "required": ["filename", "page_count", "metadata", "file_size", "has_text", "has_tables"]},
"PdfText": {"type": "object", "properties": {"filename": {"type": "string"}, "page_count": {"type": "integer"},
  "text": {"type": "string"}, "pages": {"type": "array", "items": {"type": "object", "properties": {
  "page_number": {"type": "integer"}, "text": {"type": "string"}, "char_count": {"type": "integer"}},
  "required": ["page_number", "text", "char_count"]}}}, "required": ["filename", "page_count", "text", "pages"]},
"WordList": {"type": "object", "properties": {"words": {"type": "array", "items": {"type": "object", "properties": {
  "page": {"type": "integer"}, "text": {"type": "string"}, "x0": {"type": "number"}, "top": {"type": "number"},
  "x1": {"type": "number"}, "bottom": {"type": "number"}}, "required": ["page", "text", "x0", "top", "x1", "bottom"]}},
  "next": {"type": ["integer", "null"]}}, "required": ["words", "next"]},
"Queued": {"type": "object", "properties": {"id": {"type": "integer"}, "message": {"type": "string"}},
  "required": ["id", "message"]},
"Health": {"type": "object", "properties": {"status": {"type": "string"}}, "required": ["status"]},
"ApiInfo": {"type": "object", "properties": {"message": {"type": "string"}, "version": {"type": "string"},
  "docs": {"type": "string"}}, "required": ["message", "version", "docs"]}
})json";
}

}  // namespace backend::server
