// A host's own table and a message, committed together or not at all.
#include <backend/backend.h>
#include <backend/ports.h>

#include <iostream>

int main(int argc, char** argv) {
  backend::Settings settings;
  settings.data_dir = argc > 1 ? argv[1] : "transaction-data";
  backend::Backend app(settings);
  app.database().exec_script("CREATE TABLE IF NOT EXISTS orders (id BIGINT PRIMARY KEY, buyer BIGINT NOT NULL)");

  auto shop = app.auth().register_user({"shop@example.com", "correct horse battery", "Shop", {}});
  auto buyer = app.auth().register_user({"buyer@example.com", "staple staple staple", "Buyer", {}});

  try {
    auto work = app.begin();
    work.database().exec("INSERT INTO orders (id, buyer) VALUES ($1, $2)", {1, buyer.id});
    work.messages().send(shop.id, buyer.id, "Order 1 received");
    work.messages().send(shop.id, 999, "This one has no recipient");  // throws: the order is undone as well
    work.commit();
  } catch (const backend::Error& error) {
    std::cout << "rolled back: " << error.what() << '\n';
  }
  auto orders = app.database().query("SELECT count(*) FROM orders")[0].integer(0);
  auto messages = app.messages().conversation(shop.id, buyer.id).size();
  std::cout << orders << " orders, " << messages << " messages\n";
}
