package dev.latchkey.server.cli;

import dev.latchkey.review.Severity;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Option values that are words, in any case.
final class Words {
  private Words() {}

  /// How a review is printed.
  enum Format {
    TEXT,
    JSON
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
}
