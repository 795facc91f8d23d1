package dev.latchkey.review;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// One object of an answer's findings, read without belief in any type: what has the wrong one is
/// as good as missing.
final class AnswerItem {
  private static final int MAX_TEXT = 4_000;
  private static final int MAX_NUMBER = 24;

  private final Set<String> keys = new HashSet<>();
  private final Map<String, String> texts = new HashMap<>();
  private final Map<String, Double> numbers = new HashMap<>();
  private boolean twice;

  private AnswerItem() {}

  /// Reads the object whose first token the parser stands on, up to and with its last.
  static AnswerItem read(JsonParser parser) {
    AnswerItem item = new AnswerItem();
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String key = parser.currentName();
      item.value(key, parser, parser.nextToken());
    }
    return item;
  }

  private void value(String key, JsonParser parser, JsonToken token) {
    twice |= !keys.add(key);
    switch (token) {
      case VALUE_STRING -> texts.put(key, parser.getString());
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
        String digits = parser.getString();
        if (digits.length() <= MAX_NUMBER) {
          numbers.put(key, Double.valueOf(digits));
        }
      }
      default -> parser.skipChildren();
    }
  }

  /// The finding, or nothing if it makes no claim, or gives one key twice so that it can mean two
  /// things. A missing or unknown severity is MINOR, category bug, confidence 0.5, side RIGHT.
  Optional<RawFinding> finding() {
    String claim = texts.getOrDefault("claim", "").strip();
    if (twice || claim.isEmpty()) {
      return Optional.empty();
    }
    String replacement = texts.get("replacement");
    boolean fits = replacement != null && replacement.length() <= MAX_TEXT;
    return Optional.of(
        new RawFinding(
            texts.getOrDefault("file", "").strip(),
            word("side").startsWith("L") ? Side.LEFT : Side.RIGHT,
            line(),
            Description.cut(texts.getOrDefault("quote", ""), MAX_TEXT),
            named(Severity.class, "severity", Severity.MINOR),
            Math.clamp(numbers.getOrDefault("confidence", 0.5), 0, 1),
            named(Category.class, "category", Category.BUG),
            Description.cut(Secrets.masked(claim), MAX_TEXT),
            fits ? replacement : null));
  }

  private String word(String key) {
    return texts.getOrDefault(key, "").strip().toUpperCase(Locale.ROOT).replace('-', '_');
  }

  private <E extends Enum<E>> E named(Class<E> type, String key, E otherwise) {
    String word = word(key);
    for (E value : type.getEnumConstants()) {
      if (value.name().equals(word)) {
        return value;
      }
    }
    return otherwise;
  }

  /// A whole number from 1, also as text and as the prompt writes it (`R12`); 0 for anything else.
  private int line() {
    Double number = numbers.get("line");
    if (number == null) {
      String word = word("line");
      String digits = word.startsWith("R") || word.startsWith("L") ? word.substring(1) : word;
      boolean plain =
          !digits.isEmpty()
              && digits.length() <= 9
              && digits.chars().allMatch(c -> c >= '0' && c <= '9');
      return plain ? Integer.parseInt(digits) : 0;
    }
    return number == Math.rint(number) && number >= 1 && number <= Integer.MAX_VALUE
        ? number.intValue()
        : 0;
  }
}
