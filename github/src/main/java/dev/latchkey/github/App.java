package dev.latchkey.github;

import java.util.List;
import java.util.Map;

/// The App as which we are registered.
///
/// @param id GitHub's number for it
/// @param slug its name in addresses
/// @param permissions what it asks of those who install it, such as `checks` to `write`
/// @param events which webhooks it is sent
public record App(long id, String slug, Map<String, String> permissions, List<String> events) {
  public App {
    permissions = Map.copyOf(permissions);
    events = List.copyOf(events);
  }

  /// The login of the user in whose name the App comments.
  public String botLogin() {
    return slug + "[bot]";
  }
}
