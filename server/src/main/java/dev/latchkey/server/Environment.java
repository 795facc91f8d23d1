package dev.latchkey.server;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Settings as text, by the names of environment variables. An empty value counts as absent, as is
/// usual where a service file clears a variable.
record Environment(Map<String, String> variables) {

  private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)");

  Environment {
    variables = Map.copyOf(variables);
  }

  Optional<String> text(String name) {
    return Optional.ofNullable(variables.get(name)).filter(value -> !value.isBlank());
  }

  /// @param allowed what may stand there, told to the person who left it out
  String required(String name, String allowed) {
    return text(name).orElseThrow(() -> wrong(name, "is not set; set it to " + allowed));
  }

  /// Returns a number from 0 to 65535; 0 asks the system for a free port.
  int port(String name, int otherwise) {
    Optional<String> text = text(name);
    if (text.isEmpty()) {
      return otherwise;
    }
    if (!text.get().matches("[0-9]{1,5}") || Integer.parseInt(text.get()) > 65_535) {
      throw wrong(name, "is not a port; allowed is a number from 0 to 65535 (0: any free one)");
    }
    return Integer.parseInt(text.get());
  }

  boolean flag(String name) {
    return switch (text(name).orElse("false").toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw wrong(name, "is neither true nor false");
    };
  }

  /// Returns a time such as `500ms`, `10s`, `5m`, `1h` or `1d`.
  Duration duration(String name, Duration otherwise) {
    return text(name).map(text -> parseDuration(name, text)).orElse(otherwise);
  }

  static Duration parseDuration(String name, String text) {
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      throw wrong(name, "has no such time; allowed is a number with ms, s, m, h or d, as in 10s");
    }
    long amount = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      default -> Duration.ofDays(amount);
    };
  }

  /// Returns an absolute http or https address without a user, a query or a fragment.
  Optional<URI> address(String name) {
    return text(name).map(text -> parseAddress(name, text));
  }

  private static URI parseAddress(String name, String text) {
    String allowed = "; allowed is an address such as https://host/path";
    try {
      URI uri = new URI(text);
      boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      if (!http || uri.getHost() == null) {
        throw wrong(name, "is not an http or https address" + allowed);
      }
      if (uri.getUserInfo() != null || uri.getQuery() != null || uri.getFragment() != null) {
        throw wrong(name, "has a user, a query or a fragment" + allowed);
      }
      return uri;
    } catch (URISyntaxException e) {
      // The cause would repeat the value, which may hold a key.
      throw wrong(name, "is not an address" + allowed);
    }
  }

  static SettingsException wrong(String name, String what) {
    return new SettingsException(name + " " + what);
  }
}
