package dev.latchkey.server;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What can be set: the only list of keys, variables and defaults there is. What each may be is
/// said where it is read, in [SettingsReading].
enum Setting {
  APP_ID("github.app-id", "APP_ID", null),
  PRIVATE_KEY("github.private-key", "PRIVATE_KEY", null, true),
  PRIVATE_KEY_PATH("github.private-key-path", "PRIVATE_KEY_PATH", null),
  WEBHOOK_SECRET("github.webhook-secret", "WEBHOOK_SECRET", null, true),
  WEBHOOK_SECRET_PREVIOUS("github.webhook-secret-previous", "WEBHOOK_SECRET_PREVIOUS", null, true),
  API_URL("github.api-url", "GITHUB_API_URL", "https://api.github.com"),
  OWNERS("github.owners", "LATCHKEY_OWNERS", null),
  POLL("github.poll", "LATCHKEY_POLL", null),
  RESYNC("github.resync", "LATCHKEY_RESYNC", "10m"),
  SETTLE_WINDOW("github.settle-window", "LATCHKEY_SETTLE_WINDOW", "30s"),
  HOST("server.host", "HOST", "0.0.0.0"),
  PORT("server.port", "PORT", "3000"),
  ADMIN_HOST("admin.host", "ADMIN_HOST", "127.0.0.1"),
  ADMIN_PORT("admin.port", "ADMIN_PORT", "3001"),
  ADMIN_TOKEN("admin.token", "ADMIN_TOKEN", null, true),
  DATABASE("database", "LATCHKEY_DATABASE", "data/latchkey.db"),
  MODEL_PROVIDER("model.provider", "LATCHKEY_MODEL", "ollama"),
  MODEL_NAME("model.name", "LATCHKEY_MODEL", null),
  MODEL_URL("model.url", "LATCHKEY_MODEL_URL", null),
  MODEL_KEY("model.key", "LATCHKEY_MODEL_KEY", null, true),
  MODEL_ALLOW_REMOTE("model.allow-remote", "LATCHKEY_MODEL_ALLOW_REMOTE", "false"),
  PER_PULL_REQUEST("limits.per-pull-request", "LATCHKEY_LIMIT_PER_PULL_REQUEST", "1/5m"),
  PER_REPOSITORY("limits.per-repository", "LATCHKEY_LIMIT_PER_REPOSITORY", "30/1h"),
  PER_OWNER("limits.per-owner", "LATCHKEY_LIMIT_PER_OWNER", "200/day"),
  TOKENS_PER_DAY("limits.tokens-per-day", "LATCHKEY_LIMIT_TOKENS_PER_DAY", "2000000"),
  ZONE("limits.zone", "LATCHKEY_LIMIT_ZONE", "UTC"),
  QUIET("review.quiet", "LATCHKEY_REVIEW_QUIET", "60s"),
  QUIET_MAX("review.quiet-max", "LATCHKEY_REVIEW_QUIET_MAX", "10m"),
  ON_PUSH("review.on-push", "LATCHKEY_REVIEW_ON_PUSH", "true"),
  DRAFTS("review.drafts", "LATCHKEY_REVIEW_DRAFTS", "false"),
  BOTS("review.bots", "LATCHKEY_REVIEW_BOTS", "false"),
  FORKS("review.forks", "LATCHKEY_REVIEW_FORKS", "true"),
  INLINE("review.inline", "LATCHKEY_REVIEW_INLINE", "10"),
  INLINE_FROM("review.inline-from", "LATCHKEY_REVIEW_INLINE_FROM", "minor"),
  VERIFY("review.verify", "LATCHKEY_REVIEW_VERIFY", "false"),
  UNREVIEWED("review.unreviewed-conclusion", "LATCHKEY_REVIEW_UNREVIEWED_CONCLUSION", "neutral");

  private static final Map<String, Setting> BY_KEY =
      Arrays.stream(values()).collect(Collectors.toMap(Setting::key, Function.identity()));

  private final String key;
  private final String variable;
  private final @Nullable String otherwise;
  private final boolean secret;

  Setting(String key, String variable, @Nullable String otherwise) {
    this(key, variable, otherwise, false);
  }

  Setting(String key, String variable, @Nullable String otherwise, boolean secret) {
    this.key = key;
    this.variable = variable;
    this.otherwise = otherwise;
    this.secret = secret;
  }

  /// Its name in the file, with that of its section.
  String key() {
    return key;
  }

  /// The environment variable, which wins over the file.
  String variable() {
    return variable;
  }

  /// What counts if nobody sets it; empty where there is nothing.
  Optional<String> otherwise() {
    return Optional.ofNullable(otherwise);
  }

  /// Whether its value is shown to nobody.
  boolean secret() {
    return secret;
  }

  static Optional<Setting> ofKey(String key) {
    return Optional.ofNullable(BY_KEY.get(key));
  }
}
