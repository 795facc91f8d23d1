package dev.latchkey.github;

import java.util.List;
import java.util.Map;

/// The App as which we are registered.
///
/// @param id GitHub's number for it
/// @param slug its name in addresses
/// @param permissions what it asks for, such as `pull_requests` to `write`
/// @param events the webhooks it is sent
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
