package dev.latchkey.server;

import dev.latchkey.github.AppCredentials;
import dev.latchkey.github.CheckState.Conclusion;
import dev.latchkey.github.GitHubOptions;
import dev.latchkey.github.Secret;
import dev.latchkey.review.ModelChoice;
import dev.latchkey.review.Severity;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Makes settings of texts, or says which of them can't be used, and what is allowed.
final class SettingsReading {

  private static final int MIN_SECRET_LENGTH = 16;
  private static final int MOST_INLINE = 100;
  private static final Pattern LOGIN = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,99}");
  private static final Pattern HEADER_TEXT = Pattern.compile("[\\x21-\\x7e]+");
  private static final Pattern DIGITS = Pattern.compile("[0-9]+");
  private static final Set<String> PROVIDERS = Set.of("ollama", "openai", "anthropic", "scripted");

  /// None of those by which a head passes for reviewed.
  private static final List<Conclusion> UNREVIEWED =
      List.of(
          Conclusion.NEUTRAL, Conclusion.SKIPPED, Conclusion.FAILURE, Conclusion.ACTION_REQUIRED);

  private final Configuration configuration;

  SettingsReading(Configuration configuration) {
    this.configuration = configuration;
  }

  Settings settings() {
    return new Settings(
        app(),
        webhooks(),
        admin(),
        database(),
        model(),
        limits(),
        reviews(),
        upkeep(),
        configuration.prices());
  }

  private Settings.Listener webhooks() {
    Value host = value(Setting.HOST);
    if (address(host).isEmpty()) {
      throw host.wrong("is not an address; allowed is one of this machine, or 0.0.0.0 for all");
    }
    return new Settings.Listener("PORT", host.text(), value(Setting.PORT).port());
  }

  /// Reads what is needed to talk to a running server, and no more.
  Settings.Admin admin() {
    Value host = value(Setting.ADMIN_HOST);
    Optional<Secret> token = configuration.given(Setting.ADMIN_TOKEN).map(this::secret);
    if (token.isEmpty() && !isLoopback(host)) {
      throw host.wrong(
          "is not an address of this machine alone, and ADMIN_TOKEN is not set; allowed without one"
              + " is 127.0.0.1");
    }
    int port = value(Setting.ADMIN_PORT).port();
    return new Settings.Admin(new Settings.Listener("ADMIN_PORT", host.text(), port), token);
  }

  private static boolean isLoopback(Value host) {
    return address(host)
        .orElseThrow(
            () -> host.wrong("is not an address; allowed is 127.0.0.1, or another with a token"))
        .isLoopbackAddress();
  }

  private static Optional<InetAddress> address(Value host) {
    try {
      return Optional.of(InetAddress.getByName(host.text()));
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }

  private Settings.App app() {
    AppCredentials credentials = credentials();
    Value api = value(Setting.API_URL);
    URI address = api.address();
    try {
      var _ = GitHubOptions.of(address, credentials, InstantSource.system());
    } catch (IllegalArgumentException e) {
      throw api.refused(e);
    }
    List<Secret> secrets = new ArrayList<>();
    secrets.add(
        secret(
            configuration.required(
                Setting.WEBHOOK_SECRET,
                "the webhook secret of your GitHub App, 16 characters or more")));
    configuration
        .given(Setting.WEBHOOK_SECRET_PREVIOUS)
        .ifPresent(former -> secrets.add(secret(former)));
    return new Settings.App(address, credentials, List.copyOf(secrets), owners());
  }

  private AppCredentials credentials() {
    Value id =
        configuration.required(Setting.APP_ID, "the number or the client id of your GitHub App");
    Optional<Value> pem = configuration.given(Setting.PRIVATE_KEY);
    Optional<Value> path = configuration.given(Setting.PRIVATE_KEY_PATH);
    if (pem.isPresent() && path.isPresent()) {
      throw new SettingsException(
          "%s and %s are both set; set one of them"
              .formatted(pem.get().subject(), path.get().subject()));
    }
    Value key =
        pem.orElseGet(() ->
            configuration.required(
                Setting.PRIVATE_KEY_PATH,
                "the file with your GitHub App's private key (or PRIVATE_KEY to the key"
                    + " itself)"));
    try {
      return pem.isPresent()
          ? AppCredentials.of(id.text(), key.text())
          : AppCredentials.read(id.text(), key.path());
    } catch (IllegalArgumentException e) {
      boolean ofId = String.valueOf(e.getMessage()).startsWith("the App id");
      throw (ofId ? id : key).refused(e);
    }
  }

  private Secret secret(Value value) {
    int length = value.text().length();
    if (length < MIN_SECRET_LENGTH) {
      throw value.wrong(
          "has %d characters; allowed are %d or more, as `openssl rand -hex 32` makes them"
              .formatted(length, MIN_SECRET_LENGTH));
    }
    boolean word = value.text().toLowerCase(Locale.ROOT).contains("development");
    if (word || value.text().chars().distinct().count() == 1) {
      throw value.wrong(
          "is easily guessed; allowed is what nobody knows, as `openssl rand -hex 32` makes it");
    }
    return Secret.of(value.text());
  }

  private Set<String> owners() {
    Value value =
        configuration.required(
            Setting.OWNERS,
            "the users and organisations whose repositories are reviewed, separated by commas"
                + " (* for anyone who installs the App)");
    if (value.text().strip().equals("*")) {
      return Set.of();
    }
    Set<String> owners =
        Stream.of(value.text().split(",", -1))
            .map(String::strip)
            .map(owner -> owner.toLowerCase(Locale.ROOT))
            .collect(Collectors.toUnmodifiableSet());
    if (!owners.stream().allMatch(owner -> LOGIN.matcher(owner).matches())) {
      throw value.wrong(
          "has a name which no owner can have; allowed is a list such as acme,octocat, or * alone");
    }
    return owners;
  }

  private Path database() {
    Value value = value(Setting.DATABASE);
    if (value.text().startsWith("jdbc:")) {
      throw value.wrong("names a database server; allowed is the path of a file");
    }
    Path path = value.path();
    if (Files.isDirectory(path)) {
      throw value.wrong("is a folder; allowed is the path of a file");
    }
    return path;
  }

  private ModelChoice model() {
    Value name =
        configuration.required(
            Setting.MODEL_NAME,
            "the model which reviews, as in ollama:NAME, openai:NAME for an OpenAI-compatible"
                + " endpoint, or anthropic:NAME");
    if (name.text().isBlank()) {
      throw name.wrong("names no model; allowed are such as ollama:NAME");
    }
    Value provider = value(Setting.MODEL_PROVIDER);
    if (!PROVIDERS.contains(provider.text())) {
      throw provider.wrong("is no provider; allowed are ollama, openai, anthropic and scripted");
    }
    ModelChoice choice =
        ModelChoice.of(provider.text() + ":" + name.text())
            .withAllowRemote(value(Setting.MODEL_ALLOW_REMOTE).flag());
    Optional<Value> url = configuration.given(Setting.MODEL_URL);
    choice = url.isPresent() ? choice.withUrl(url.get().address()) : choice;
    Optional<Value> key = configuration.given(Setting.MODEL_KEY);
    choice = key.isPresent() ? choice.withKey(headerText(key.get())) : choice;
    try {
      var _ = choice.open();
    } catch (IllegalArgumentException e) {
      throw url.orElse(name).refused(e);
    }
    return choice;
  }

  private static String headerText(Value key) {
    if (!HEADER_TEXT.matcher(key.text()).matches()) {
      throw key.wrong(
          "has characters which no header can carry; allowed are letters, digits and signs without"
              + " spaces");
    }
    return key.text();
  }

  private Settings.Limits limits() {
    Value zone = value(Setting.ZONE);
    ZoneId calendar;
    try {
      calendar = ZoneId.of(zone.text());
    } catch (DateTimeException e) {
      throw zone.wrong("is no time zone; allowed are such as UTC and Europe/Berlin");
    }
    return new Settings.Limits(
        allowance(Setting.PER_PULL_REQUEST, calendar),
        allowance(Setting.PER_REPOSITORY, calendar),
        allowance(Setting.PER_OWNER, calendar),
        allowance(Setting.TOKENS_PER_DAY, calendar));
  }

  private Settings.Allowance allowance(Setting setting, ZoneId zone) {
    Value value = value(setting);
    boolean plain = setting == Setting.TOKENS_PER_DAY && DIGITS.matcher(value.text()).matches();
    Settings.Allowance allowance =
        new Settings.Allowance(plain ? value.text() + "/day" : value.text(), zone);
    try {
      var _ = allowance.limit(setting.key());
      return allowance;
    } catch (IllegalArgumentException e) {
      throw value.refused(e);
    }
  }

  private Settings.Reviews reviews() {
    Duration quiet = value(Setting.QUIET).duration("0s", "1d");
    Duration quietMax = value(Setting.QUIET_MAX).duration("0s", "7d");
    if (quiet.compareTo(quietMax) > 0) {
      boolean set = configuration.given(Setting.QUIET).isPresent();
      Value longer = value(set ? Setting.QUIET : Setting.QUIET_MAX);
      throw longer.wrong("doesn't fit; allowed is a review.quiet of at most review.quiet-max");
    }
    return new Settings.Reviews(
        quiet,
        quietMax,
        value(Setting.ON_PUSH).flag(),
        value(Setting.DRAFTS).flag(),
        value(Setting.BOTS).flag(),
        value(Setting.FORKS).flag(),
        value(Setting.INLINE).number(0, MOST_INLINE),
        value(Setting.INLINE_FROM).oneOf(List.of(Severity.values())),
        value(Setting.VERIFY).flag(),
        value(Setting.UNREVIEWED).oneOf(UNREVIEWED));
  }

  private Settings.Upkeep upkeep() {
    return new Settings.Upkeep(
        configuration.given(Setting.POLL).map(poll -> poll.duration("1s", "7d")),
        value(Setting.RESYNC).duration("1s", "7d"),
        value(Setting.SETTLE_WINDOW).duration("0s", "1h"));
  }

  private Value value(Setting setting) {
    return configuration.value(setting);
  }
}
