#include <backend/messages.h>

#include <backend/error.h>
#include <backend/ports.h>
#include <backend/settings.h>

#include "services/checks.h"
#include "store/messages.h"

#include <limits>

namespace backend {
namespace {

constexpr auto largest = std::numeric_limits<std::int64_t>::max();
constexpr std::size_t max_client_id_bytes = 64;

void check_client_id(std::string_view client_id) {
  if (client_id.size() > max_client_id_bytes) services::refuse("client_id should have at most 64 bytes", "client_id");
  services::check_text(client_id, 1, max_client_id_bytes, "client_id");
}

}  // namespace

Message Messages::send(UserId sender, UserId recipient, std::string_view content, std::string_view client_id) {
  services::check_text(content, 1, static_cast<std::size_t>(settings_.message_max_length), "content");
  std::optional<std::string_view> key;
  if (!client_id.empty()) {
    check_client_id(client_id);
    key = client_id;
  }
  const auto now = clock_.now();
  if (const auto id = store::insert_message(database_, sender, recipient, content, key, now)) {
    Message sent{*id, sender, recipient, std::string(content), {}, now, {}, {}, {}};
    if (key) sent.client_id = *key;
    return sent;
  }
  if (key)
    if (auto first = store::find_message(database_, sender, *key)) return std::move(*first);
  throw Error(ErrorCode::not_found, "Recipient not found", "recipient_id");
}

std::vector<Message> Messages::conversation(UserId user, UserId peer) const {
  return store::conversation(database_, user, peer);
}

std::vector<Message> Messages::page(UserId user, std::int64_t page, std::int64_t limit) const {
  services::check_range(page, 1, largest, "page");
  services::check_range(limit, 0, largest, "limit");
  if (limit == 0 || page - 1 > (largest - limit) / limit) return {};
  return store::messages_at(database_, user, (page - 1) * limit, limit);
}

MessagePage Messages::list(UserId user, const MessageQuery& query) const {
  services::check_range(query.limit, 1, 100, "limit");
  if (query.before) services::check_range(*query.before, 1, largest, "before");
  if (query.after) services::check_range(*query.after, 0, largest, "after");
  if (query.before && query.after) services::refuse("before and after exclude each other", "before");
  MessagePage page;
  page.messages = query.after ? store::messages_after(database_, user, query.with, *query.after, query.limit + 1)
                              : store::messages_before(database_, user, query.with, query.before.value_or(largest), query.limit + 1);
  if (page.messages.size() > static_cast<std::size_t>(query.limit)) {
    page.messages.pop_back();
    page.next = page.messages.back().id;
  }
  return page;
}

}  // namespace backend
