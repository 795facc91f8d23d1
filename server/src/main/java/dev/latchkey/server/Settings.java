package dev.latchkey.server;

import dev.latchkey.github.AppCredentials;
import dev.latchkey.github.CheckState;
import dev.latchkey.github.Secret;
import dev.latchkey.inbox.Limit;
import dev.latchkey.review.ModelChoice;
import dev.latchkey.review.Severity;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What the server runs with.
///
/// @param webhooks where GitHub's deliveries arrive, beside /health
/// @param prices by a model's full name, such as `openai:qwen3`
record Settings(
    App app,
    Listener webhooks,
    Admin admin,
    Path database,
    ModelChoice model,
    Limits limits,
    Reviews reviews,
    Upkeep upkeep,
    Map<String, Price> prices) {

  /// The GitHub App.
  ///
  /// @param webhookSecrets the one in force, then the former one while it is being replaced
  /// @param owners lower-case logins whose repositories are reviewed; empty for anyone's
  record App(URI api, AppCredentials credentials, List<Secret> webhookSecrets, Set<String> owners) {

    boolean serves(String owner) {
      return owners.isEmpty() || owners.contains(owner.toLowerCase(Locale.ROOT));
    }

    /// Whether it is us. Where we only know our client id, it is believed.
    ///
    /// @param id 0 if the sender doesn't say
    boolean is(long id) {
      String own = credentials.appId();
      return id == 0 || !own.matches("[0-9]+") || own.equals(Long.toString(id));
    }

    /// Returns the name under which its deliveries' ids are unique.
    String source() {
      return "app:" + credentials.appId();
    }
  }

  /// An address to listen at; port 0 is any free one.
  record Listener(String name, String host, int port) {}

  /// Where the operator looks.
  ///
  /// @param token which every request needs; needed unless the address is this machine's own
  record Admin(Listener listener, Optional<Secret> token) {}

  /// How much is reviewed.
  record Limits(
      Allowance perPullRequest,
      Allowance perRepository,
      Allowance perOwner,
      Allowance tokensPerDay) {}

  /// A limit as it is written, such as `30/1h`.
  ///
  /// @param zone of the calendar, for those by the day
  record Allowance(String text, ZoneId zone) {

    Limit limit(String bucket) {
      return Limit.parse(bucket, text, zone);
    }
  }

  /// What is reviewed, and when.
  ///
  /// @param quiet how long a pull request must be quiet before a push is reviewed
  /// @param quietMax the longest wait for that
  /// @param inline how many findings are posted at their lines
  /// @param unreviewed what a check run concludes with whose head is not, or only partly, reviewed
  record Reviews(
      Duration quiet,
      Duration quietMax,
      boolean onPush,
      boolean drafts,
      boolean bots,
      boolean forks,
      int inline,
      Severity inlineFrom,
      boolean verify,
      CheckState.Conclusion unreviewed) {}

  /// How what was missed is found.
  ///
  /// @param poll how often to look for pull requests and comments where there is no webhook
  /// @param resync how often to look for open pull requests without a review
  /// @param settleWindow how long after an interrupted write GitHub may still be busy with it, so
  ///   that looking for it sooner could miss it
  record Upkeep(Optional<Duration> poll, Duration resync, Duration settleWindow) {}

  /// Of a million tokens, in any currency.
  record Price(BigDecimal in, BigDecimal out) {}

  /// Reads the settings from environment variables alone.
  ///
  /// @throws SettingsException at the first one which is missing or can't be used
  static Settings read(Map<String, String> variables) {
    return read(Configuration.of(variables));
  }

  /// Reads the settings; see the README's table.
  ///
  /// @throws SettingsException at the first one which is missing or can't be used
  static Settings read(Configuration configuration) {
    return new SettingsReading(configuration).settings();
  }

  /// Whether GitHub's API is on this machine, as a simulated one is.
  boolean apiIsLocal() {
    return Set.of("127.0.0.1", "[::1]", "localhost").contains(app.api().getHost());
  }
}
