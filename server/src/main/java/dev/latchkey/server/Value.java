package dev.latchkey.server;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// What one setting was set to, and by whom. Each reading of it says what is allowed where that
/// isn't met, and never repeats the value, which may be a secret in the wrong place.
///
/// @param subject what a message begins with: a variable, or a file's line and key
/// @param source where it comes from, for people: `PORT`, `latchkey.yml line 3`, `default`
record Value(String text, String subject, String source) {

  private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)");
  private static final int MAX_PORT = 65_535;

  static Value ofVariable(Setting setting, String text) {
    return new Value(text, setting.variable(), setting.variable());
  }

  static Value byDefault(Setting setting, String text) {
    return new Value(text, setting.variable(), "default");
  }

  /// Returns a number from 0 to 65535; 0 asks the system for a free port.
  int port() {
    if (!text.matches("[0-9]{1,5}") || Integer.parseInt(text) > MAX_PORT) {
      throw wrong("is not a port; allowed is a number from 0 to 65535 (0: any free one)");
    }
    return Integer.parseInt(text);
  }

  int number(int least, int most) {
    int number = text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : -1;
    if (number < least || number > most) {
      throw wrong(
          "is out of bounds; allowed is a whole number from %d to %d".formatted(least, most));
    }
    return number;
  }

  boolean flag() {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw wrong("is neither true nor false; allowed are these");
    };
  }

  /// Returns a time such as `500ms`, `10s`, `5m`, `1h` or `1d`.
  ///
  /// @param least written in the same way
  /// @param most written in the same way
  Duration duration(String least, String most) {
    Duration duration = duration(text);
    if (duration.compareTo(duration(least)) < 0 || duration.compareTo(duration(most)) > 0) {
      throw wrong("is out of bounds; allowed is a time from %s to %s".formatted(least, most));
    }
    return duration;
  }

  private Duration duration(String words) {
    Matcher matcher = DURATION.matcher(words);
    if (!matcher.matches()) {
      throw wrong("has no such time; allowed is a number with ms, s, m, h or d, as in 10s");
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
  URI address() {
    String allowed = "; allowed is an address such as https://host/path";
    try {
      URI uri = new URI(text);
      boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      if (!http || uri.getHost() == null || uri.getPort() > MAX_PORT) {
        throw wrong("is not an http or https address" + allowed);
      }
      if (uri.getUserInfo() != null || uri.getQuery() != null || uri.getFragment() != null) {
        throw wrong("has a user, a query or a fragment" + allowed);
      }
      return uri;
    } catch (URISyntaxException e) {
      // The cause would repeat the value, which may hold a key.
      throw wrong("is not an address" + allowed);
    }
  }

  Path path() {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      // The cause would repeat the value.
      throw wrong("is not a path; allowed is the path of a file");
    }
  }

  /// Returns the constant of that name, however it is written.
  <E extends Enum<E>> E oneOf(List<E> allowed) {
    for (E constant : allowed) {
      if (constant.name().equalsIgnoreCase(text)) {
        return constant;
      }
    }
    String words =
        allowed.stream()
            .map(constant -> constant.name().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(", "));
    throw wrong("is none of these; allowed are " + words);
  }

  /// @param what is wrong, and what is allowed
  SettingsException wrong(String what) {
    return new SettingsException(subject + " " + what);
  }

  /// Says what somebody else found wrong with it, who knows what is allowed.
  SettingsException refused(IllegalArgumentException reason) {
    return new SettingsException(subject + ": " + reason.getMessage(), reason);
  }

  /// Never the text, which may be a secret.
  @Override
  public String toString() {
    return "Value[" + subject + "]";
  }
}
