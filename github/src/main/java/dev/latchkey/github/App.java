package dev.latchkey.github;

/// The App as which we are registered.
///
/// @param id GitHub's number for it
/// @param slug its name in addresses
public record App(long id, String slug) {
  /// The login of the user in whose name the App comments.
  public String botLogin() {
    return slug + "[bot]";
  }
}
