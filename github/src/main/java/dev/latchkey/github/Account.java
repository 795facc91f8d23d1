package dev.latchkey.github;

/// Who did something: a user, a bot, an organisation.
///
/// @param id zero for an account that is gone
/// @param login an App's own user is its slug and `[bot]`; `ghost` for an account that is gone
/// @param type GitHub's word: `User`, `Bot`, `Organization`, …
public record Account(long id, String login, String type) {
  /// GitHub's own stand-in for an account that was deleted.
  static final Account GHOST = new Account(0, "ghost", "User");

  public boolean isBot() {
    return type.equals("Bot");
  }
}
