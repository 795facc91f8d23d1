package dev.latchkey.server;

import dev.latchkey.github.Deadline;
import dev.latchkey.github.GitHub;
import dev.latchkey.github.GitHubException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// Whether GitHub takes us for the App we say we are.
final class AppIdentity {

  private static final Logger LOG = System.getLogger(AppIdentity.class.getName());

  /// Short, since deliveries wait for the start.
  private static final Duration CALL = Duration.ofSeconds(5);

  private AppIdentity() {}

  /// Asks once. A GitHub that can't be reached is no reason not to start.
  ///
  /// @throws SettingsException if GitHub refuses us for good
  static void require(Settings settings, InstantSource clock) {
    try (GitHub github = GitHub.of(App.gitHub(settings, clock))) {
      var _ = github.app(Deadline.after(CALL));
    } catch (GitHubException e) {
      Optional<String> refusal = refusal(e, settings.app());
      if (refusal.isPresent()) {
        throw new SettingsException(refusal.get(), e);
      }
      LOG.log(Level.WARNING, "event=github.not-asked reason=\"" + e.getMessage() + "\"");
    }
  }

  /// Returns why GitHub refuses us and what to do; empty if it doesn't, or may not tomorrow.
  static Optional<String> refusal(GitHubException e, Settings.App app) {
    String words = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
    String id = app.credentials().appId();
    if (e instanceof GitHubException.NotFound && words.contains("integration not found")) {
      return Optional.of(
          "APP_ID: there is no App %s at %s; set it to the number or the client id of your App"
              .formatted(id, app.api()));
    }
    if (!(e instanceof GitHubException.BadCredentials)) {
      return Optional.empty();
    }
    if (words.contains("could not be decoded")) {
      return Optional.of(
          "APP_ID, PRIVATE_KEY: GitHub knows no App %s with this private key; check both on the"
                  .formatted(id)
              + " App's page");
    }
    if (Stream.of("'exp'", "'iat'", "issued at", "expiration").anyMatch(words::contains)) {
      return Optional.of(
          "the clock: GitHub says that this machine's clock is wrong; set it, best by NTP");
    }
    return Optional.of(
        "APP_ID, PRIVATE_KEY: GitHub refuses App %s; check its id, its private key, and this"
                .formatted(id)
            + " machine's clock");
  }
}
