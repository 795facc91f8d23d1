package dev.latchkey.server;

import dev.latchkey.github.Deadline;
import dev.latchkey.github.GitHub;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// The name of the user as whom our App comments. It is asked of GitHub when it is needed first,
/// not at the start, so that deliveries are taken while GitHub is out of reach.
final class BotLogin {

  private static final Duration CALL = Duration.ofSeconds(60);

  private final GitHub github;
  private volatile @Nullable String known;

  BotLogin(GitHub github) {
    this.github = github;
  }

  String login() {
    String login = known;
    if (login == null) {
      login = github.app(Deadline.after(CALL)).botLogin();
      known = login;
    }
    return login;
  }
}
