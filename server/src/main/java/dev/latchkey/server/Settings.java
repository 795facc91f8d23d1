package dev.latchkey.server;

import static dev.latchkey.server.Environment.wrong;

import dev.latchkey.github.AppCredentials;
import dev.latchkey.github.CheckState;
import dev.latchkey.github.GitHubOptions;
import dev.latchkey.github.Secret;
import dev.latchkey.inbox.Limit;
import dev.latchkey.review.ModelChoice;
import dev.latchkey.review.Severity;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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

  private static final int MIN_SECRET_LENGTH = 16;
  private static final Pattern LOGIN = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,99}");
  private static final Duration LONGEST_SETTLE = Duration.ofHours(1);

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

  /// Reads the settings. Each is an environment variable; see the README's table.
  ///
  /// @throws SettingsException at the first one which is missing or can't be used
  static Settings read(Map<String, String> variables) {
    Environment environment = new Environment(variables);
    return new Settings(
        app(environment),
        new Listener(
            "PORT", environment.text("HOST").orElse("0.0.0.0"), environment.port("PORT", 3000)),
        new Admin(admin(environment), Optional.empty()),
        database(environment),
        model(environment),
        new Limits(
            allowance(environment, "LATCHKEY_LIMIT_PER_PULL_REQUEST", "1/5m"),
            allowance(environment, "LATCHKEY_LIMIT_PER_REPOSITORY", "30/1h"),
            allowance(environment, "LATCHKEY_LIMIT_PER_OWNER", "200/day"),
            allowance(environment, "LATCHKEY_LIMIT_TOKENS_PER_DAY", "2000000/day")),
        new Reviews(
            environment.duration("LATCHKEY_REVIEW_QUIET", Duration.ofSeconds(60)),
            environment.duration("LATCHKEY_REVIEW_QUIET_MAX", Duration.ofMinutes(10)),
            true,
            false,
            false,
            true,
            10,
            Severity.MINOR,
            false,
            CheckState.Conclusion.NEUTRAL),
        new Upkeep(
            environment
                .text("LATCHKEY_POLL")
                .map(t -> Environment.parseDuration("LATCHKEY_POLL", t)),
            environment.duration("LATCHKEY_RESYNC", Duration.ofMinutes(10)),
            settleWindow(environment)),
        Map.of());
  }

  /// Whether GitHub's API is on this machine, as a simulated one is.
  boolean apiIsLocal() {
    return Set.of("127.0.0.1", "[::1]", "localhost").contains(app.api().getHost());
  }

  private static App app(Environment environment) {
    URI api = environment.address("GITHUB_API_URL").orElse(GitHubOptions.GITHUB_COM);
    AppCredentials credentials = credentials(environment);
    List<Secret> secrets = new ArrayList<>();
    secrets.add(
        webhookSecret(
            "WEBHOOK_SECRET",
            environment.required(
                "WEBHOOK_SECRET", "the webhook secret of your GitHub App, 16 characters or more")));
    environment
        .text("WEBHOOK_SECRET_PREVIOUS")
        .ifPresent(text -> secrets.add(webhookSecret("WEBHOOK_SECRET_PREVIOUS", text)));
    return new App(api, credentials, List.copyOf(secrets), owners(environment));
  }

  private static AppCredentials credentials(Environment environment) {
    String appId = environment.required("APP_ID", "the number or the client id of your GitHub App");
    Optional<String> pem = environment.text("PRIVATE_KEY");
    Optional<String> path = environment.text("PRIVATE_KEY_PATH");
    if (pem.isPresent() == path.isPresent()) {
      throw new SettingsException(
          pem.isPresent()
              ? "PRIVATE_KEY and PRIVATE_KEY_PATH are both set; set one of them"
              : "PRIVATE_KEY_PATH is not set; set it to the file with your GitHub App's private key"
                  + " (or PRIVATE_KEY to the key itself)");
    }
    try {
      return pem.isPresent()
          ? AppCredentials.of(appId, pem.get())
          : AppCredentials.read(appId, path("PRIVATE_KEY_PATH", path.get()));
    } catch (IllegalArgumentException e) {
      String name = pem.isPresent() ? "PRIVATE_KEY" : "PRIVATE_KEY_PATH";
      throw new SettingsException(name + ": " + e.getMessage(), e);
    }
  }

  private static Secret webhookSecret(String name, String text) {
    if (text.length() < MIN_SECRET_LENGTH) {
      throw wrong(
          name,
          "has %d characters; allowed are %d or more, as `openssl rand -hex 32` makes them"
              .formatted(text.length(), MIN_SECRET_LENGTH));
    }
    return Secret.of(text);
  }

  private static Set<String> owners(Environment environment) {
    String name = "LATCHKEY_OWNERS";
    String text =
        environment.required(
            name,
            "the users and organisations whose repositories are reviewed, separated by commas"
                + " (* for anyone who installs the App)");
    if (text.strip().equals("*")) {
      return Set.of();
    }
    Set<String> owners =
        Stream.of(text.split(",", -1))
            .map(String::strip)
            .map(owner -> owner.toLowerCase(Locale.ROOT))
            .collect(Collectors.toUnmodifiableSet());
    if (!owners.stream().allMatch(owner -> LOGIN.matcher(owner).matches())) {
      throw wrong(
          name, "has a name which no owner can have; allowed is a list such as acme,octocat");
    }
    return owners;
  }

  private static Listener admin(Environment environment) {
    String host = environment.text("ADMIN_HOST").orElse("127.0.0.1");
    try {
      if (!InetAddress.getByName(host).isLoopbackAddress()) {
        throw wrong("ADMIN_HOST", "is not an address of this machine alone; allowed is 127.0.0.1");
      }
    } catch (UnknownHostException e) {
      throw new SettingsException("ADMIN_HOST is not an address; allowed is 127.0.0.1", e);
    }
    return new Listener("ADMIN_PORT", host, environment.port("ADMIN_PORT", 3001));
  }

  private static ModelChoice model(Environment environment) {
    String name =
        environment.required(
            "LATCHKEY_MODEL",
            "the model which reviews, as in openai:NAME for an OpenAI-compatible endpoint");
    ModelChoice choice =
        ModelChoice.of(name).withAllowRemote(environment.flag("LATCHKEY_MODEL_ALLOW_REMOTE"));
    Optional<URI> url = environment.address("LATCHKEY_MODEL_URL");
    choice = url.isPresent() ? choice.withUrl(url.get()) : choice;
    Optional<String> key = environment.text("LATCHKEY_MODEL_KEY");
    return key.isPresent() ? choice.withKey(key.get()) : choice;
  }

  private static Path database(Environment environment) {
    String text = environment.text("LATCHKEY_DATABASE").orElse("data/latchkey.db");
    if (text.startsWith("jdbc:")) {
      throw wrong("LATCHKEY_DATABASE", "names a database server; allowed is the path of a file");
    }
    return path("LATCHKEY_DATABASE", text);
  }

  private static Path path(String name, String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new SettingsException(name + " is not a path", e);
    }
  }

  private static Allowance allowance(Environment environment, String name, String otherwise) {
    Allowance allowance = new Allowance(environment.text(name).orElse(otherwise), ZoneOffset.UTC);
    try {
      var _ = allowance.limit(name);
      return allowance;
    } catch (IllegalArgumentException e) {
      throw new SettingsException(name + ": " + e.getMessage(), e);
    }
  }

  private static Duration settleWindow(Environment environment) {
    String name = "LATCHKEY_SETTLE_WINDOW";
    Duration window = environment.duration(name, Duration.ofSeconds(30));
    if (window.compareTo(LONGEST_SETTLE) > 0) {
      throw wrong(name, "is out of bounds; allowed is a time from 0s to 1h");
    }
    return window;
  }
}
