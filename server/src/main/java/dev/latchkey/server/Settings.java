package dev.latchkey.server;

import static dev.latchkey.server.Environment.wrong;

import dev.latchkey.github.AppCredentials;
import dev.latchkey.github.GitHubOptions;
import dev.latchkey.github.Secret;
import dev.latchkey.review.ModelChoice;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What the server runs with.
///
/// @param webhooks where GitHub's deliveries arrive, beside /health
/// @param admin where the overview page stands; on this machine only
/// @param perRepository how many reviews a repository gets
/// @param settleWindow how long after an interrupted publication GitHub may still be busy with it,
///   so that looking for it sooner could miss it
record Settings(
    App app,
    Listener webhooks,
    Listener admin,
    Path database,
    ModelChoice model,
    Allowance perRepository,
    Duration settleWindow) {

  private static final int MIN_SECRET_LENGTH = 16;
  private static final Pattern ALLOWANCE =
      Pattern.compile("([0-9]{1,6})/([0-9]{1,9}(?:ms|s|m|h|d))");
  private static final Pattern LOGIN = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,99}");
  private static final Duration LONGEST_WINDOW = Duration.ofDays(366);
  private static final Duration LONGEST_SETTLE = Duration.ofHours(1);

  /// The GitHub App.
  ///
  /// @param webhookSecrets the one in force, then the former one while it is being replaced
  /// @param owners lower-case logins whose repositories are reviewed; empty for anyone's
  record App(URI api, AppCredentials credentials, List<Secret> webhookSecrets, Set<String> owners) {

    boolean serves(String owner) {
      return owners.isEmpty() || owners.contains(owner.toLowerCase(Locale.ROOT));
    }
  }

  /// An address to listen at; port 0 is any free one.
  record Listener(String name, String host, int port) {}

  /// @param units how many within any `window`
  record Allowance(int units, Duration window) {}

  /// Reads the settings. Each is an environment variable; see the README's table.
  ///
  /// @throws SettingsException at the first one which is missing or can't be used
  static Settings read(Map<String, String> variables) {
    Environment environment = new Environment(variables);
    return new Settings(
        app(environment),
        new Listener(
            "PORT", environment.text("HOST").orElse("0.0.0.0"), environment.port("PORT", 3000)),
        admin(environment),
        database(environment),
        model(environment),
        allowance(environment),
        settleWindow(environment));
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

  private static Allowance allowance(Environment environment) {
    String name = "LATCHKEY_LIMIT_PER_REPOSITORY";
    Matcher matcher = ALLOWANCE.matcher(environment.text(name).orElse("30/1h"));
    if (!matcher.matches()) {
      throw wrong(name, "is not a limit; allowed is a number and a time, as in 30/1h");
    }
    int units = Integer.parseInt(matcher.group(1));
    Duration window = Environment.parseDuration(name, matcher.group(2));
    boolean usable = units > 0 && window.isPositive() && window.compareTo(LONGEST_WINDOW) <= 0;
    if (!usable) {
      throw wrong(name, "is out of bounds; allowed is 1 or more, in a time from 1ms to 366d");
    }
    return new Allowance(units, window);
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
