package dev.latchkey.server.cli;

import dev.latchkey.review.Severity;
import dev.latchkey.review.Visible;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Option values that are words, in any case.
final class Words {
  private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)");

  private Words() {}

  /// How a review is printed.
  enum Format {
    TEXT,
    JSON,
    SARIF,
    MARKDOWN
  }

  static final class ToSeverity implements ITypeConverter<Severity> {
    @Override
    public Severity convert(String word) {
      return oneOf(Severity.class, word);
    }
  }

  static final class ToFormat implements ITypeConverter<Format> {
    @Override
    public Format convert(String word) {
      return oneOf(Format.class, word);
    }
  }

  /// A time such as `500ms`, `10s`, `5m`, `1h` or `1d`.
  static final class ToDuration implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String word) {
      Matcher matcher = DURATION.matcher(word.toLowerCase(Locale.ROOT));
      long amount = matcher.matches() ? Long.parseLong(matcher.group(1)) : 0;
      if (amount == 0) {
        throw new TypeConversionException("must be a number with ms, s, m, h or d, as in 10s");
      }
      return switch (matcher.group(2)) {
        case "ms" -> Duration.ofMillis(amount);
        case "s" -> Duration.ofSeconds(amount);
        case "m" -> Duration.ofMinutes(amount);
        case "h" -> Duration.ofHours(amount);
        default -> Duration.ofDays(amount);
      };
    }
  }

  /// How many, at least 1.
  static final class ToNumber implements ITypeConverter<Long> {
    @Override
    public Long convert(String word) {
      if (!word.matches("0*[1-9][0-9]{0,17}")) {
        throw new TypeConversionException("must be a whole number of 1 or more");
      }
      return Long.valueOf(word);
    }
  }

  static final class ToFile implements ITypeConverter<Path> {
    @Override
    public Path convert(String word) {
      try {
        return Path.of(word);
      } catch (InvalidPathException e) {
        throw new TypeConversionException(
            "can't be the name of a file here; is the locale one for UTF-8, as LC_ALL=C.UTF-8 is?");
      }
    }
  }

  private static <E extends Enum<E>> E oneOf(Class<E> type, String word) {
    StringBuilder known = new StringBuilder();
    for (E value : type.getEnumConstants()) {
      if (value.name().equalsIgnoreCase(word)) {
        return value;
      }
      known.append(known.isEmpty() ? "" : ", ").append(value.name().toLowerCase(Locale.ROOT));
    }
    throw new TypeConversionException("must be one of " + known);
  }

  /// A word of the user's, as a message shows it.
  static String quoted(String word) {
    return '"' + Visible.path(word) + '"';
  }
}
