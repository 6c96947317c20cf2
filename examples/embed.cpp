// The whole backend inside a program: no server, no port, no thread.
#include <backend/backend.h>

#include <iostream>

int main(int argc, char** argv) {
  backend::Settings settings;
  settings.data_dir = argc > 1 ? argv[1] : "embed-data";

  try {
    backend::Backend app(settings);
    auto ada = app.auth().register_user({"ada@example.com", "correct horse battery", "Ada", {}});
    auto bob = app.auth().register_user({"bob@example.com", "staple staple staple", "Bob", {}});

    app.messages().send(ada.id, bob.id, "Hello Bob");
    for (const auto& message : app.messages().conversation(bob.id, ada.id))
      std::cout << message.sender_name << ": " << message.content << '\n';
  } catch (const backend::Error& error) {
    std::cerr << to_string(error.code()) << ": " << error.what() << '\n';
    return 1;
  }
}
