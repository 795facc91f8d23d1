package dev.latchkey.review;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The rules of a [ScriptedModel]. What is unknown or of the wrong type is refused by name, for a
/// rule that is silently not applied looks like code without faults.
record ScriptedRules(Manner manner, List<Rule> rules) {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
  private static final Set<String> MANNER_KEYS =
      Set.of("misnumber", "paraphrase", "truncate", "refuse", "stall");
  private static final Set<String> TOP_KEYS = with(MANNER_KEYS, "rules");
  private static final Set<String> RULE_KEYS =
      with(
          MANNER_KEYS,
          "refute",
          "pattern",
          "severity",
          "category",
          "confidence",
          "claim",
          "replacement");
  private static final Set<String> SEVERITIES = Set.of("critical", "major", "minor", "nit");
  private static final Set<String> CATEGORIES =
      Set.of(
          "bug",
          "security",
          "concurrency",
          "performance",
          "error-handling",
          "api",
          "test",
          "docs",
          "style");

  private static Set<String> with(Set<String> keys, String... more) {
    return Stream.concat(keys.stream(), Stream.of(more)).collect(Collectors.toUnmodifiableSet());
  }

  /// How a model misbehaves.
  ///
  /// @param misnumber what is added to a finding's line number
  /// @param paraphrase whether the line is quoted in other words
  /// @param truncate after how many characters the answer ends, or -1
  /// @param refuse whether it says that it won't, in place of an answer
  /// @param stall whether it says nothing until the time is over
  record Manner(int misnumber, boolean paraphrase, int truncate, boolean refuse, boolean stall) {
    static final Manner GOOD = new Manner(0, false, -1, false, false);
  }

  /// @param manner of an answer to which the rule has added something
  /// @param refute whether it takes its finding back when asked again
  record Rule(
      Manner manner,
      boolean refute,
      List<String> pieces,
      String severity,
      String category,
      double confidence,
      String claim,
      @Nullable String replacement) {
    /// Whether the pieces of the pattern stand in the text one after the other.
    boolean matches(String text) {
      int at = 0;
      for (String piece : pieces) {
        int found = text.indexOf(piece, at);
        if (found < 0) {
          return false;
        }
        at = found + piece.length();
      }
      return true;
    }
  }

  static ScriptedRules parse(String text, String source) {
    JsonNode root;
    try {
      root = JSON.readTree(text);
    } catch (JacksonException e) {
      TokenStreamLocation where = e.getLocation();
      throw new IllegalArgumentException(
          source + " is not JSON" + (where == null ? "" : ", line " + where.getLineNr()), e);
    }
    if (!root.isObject() || !root.path("rules").isArray()) {
      throw new IllegalArgumentException(source + " must be an object with a list \"rules\"");
    }
    known(root, TOP_KEYS, source);
    Manner manner = new Fields(root, source).manner(Manner.GOOD);
    List<Rule> rules = new ArrayList<>();
    for (JsonNode rule : root.path("rules")) {
      rules.add(rule(rule, manner, source + ", rule " + (rules.size() + 1)));
    }
    return new ScriptedRules(manner, List.copyOf(rules));
  }

  private static Rule rule(JsonNode node, Manner manner, String where) {
    if (!node.isObject()) {
      throw new IllegalArgumentException(where + " must be an object");
    }
    known(node, RULE_KEYS, where);
    Fields fields = new Fields(node, where);
    List<String> pieces =
        Stream.of(fields.text("pattern").split("\\*", -1))
            .filter(piece -> !piece.isEmpty())
            .toList();
    if (pieces.isEmpty()) {
      throw new IllegalArgumentException(where + ": \"pattern\" must hold more than *");
    }
    return new Rule(
        fields.manner(manner),
        fields.flag("refute", false),
        pieces,
        fields.oneOf("severity", "minor", SEVERITIES),
        fields.oneOf("category", "bug", CATEGORIES),
        fields.confidence(),
        fields.text("claim"),
        node.has("replacement") ? fields.text("replacement") : null);
  }

  private static void known(JsonNode node, Set<String> keys, String where) {
    for (String key : node.propertyNames()) {
      if (!keys.contains(key)) {
        throw new IllegalArgumentException(
            where + ": unknown key \"" + Visible.path(key) + "\", known are " + sorted(keys));
      }
    }
  }

  private static String sorted(Set<String> words) {
    return String.join(", ", words.stream().sorted().toList());
  }

  /// The fields of one rule.
  private record Fields(JsonNode node, String where) {
    String text(String key) {
      JsonNode value = node.path(key);
      if (!value.isString()) {
        throw new IllegalArgumentException(where + ": \"" + key + "\" must be a text");
      }
      return value.stringValue();
    }

    String oneOf(String key, String otherwise, Set<String> words) {
      String word = node.has(key) ? text(key).toLowerCase(Locale.ROOT) : otherwise;
      if (!words.contains(word)) {
        throw new IllegalArgumentException(
            where + ": \"" + key + "\" must be one of " + sorted(words));
      }
      return word;
    }

    Manner manner(Manner otherwise) {
      return new Manner(
          number("misnumber", otherwise.misnumber(), Integer.MIN_VALUE),
          flag("paraphrase", otherwise.paraphrase()),
          number("truncate", otherwise.truncate(), 0),
          flag("refuse", otherwise.refuse()),
          flag("stall", otherwise.stall()));
    }

    private int number(String key, int otherwise, int least) {
      JsonNode value = node.path(key);
      if (value.isMissingNode()) {
        return otherwise;
      }
      if (!value.canConvertToInt() || !value.isIntegralNumber() || value.intValue() < least) {
        throw new IllegalArgumentException(
            where + ": \"" + key + "\" must be a whole number" + (least == 0 ? " from 0" : ""));
      }
      return value.intValue();
    }

    boolean flag(String key, boolean otherwise) {
      JsonNode value = node.path(key);
      if (value.isMissingNode()) {
        return otherwise;
      }
      if (!value.isBoolean()) {
        throw new IllegalArgumentException(where + ": \"" + key + "\" must be true or false");
      }
      return value.booleanValue();
    }

    double confidence() {
      JsonNode value = node.path("confidence");
      double number = value.asDouble(-1);
      if (value.isMissingNode()) {
        return 0.9;
      }
      if (!value.isNumber() || number < 0 || number > 1) {
        throw new IllegalArgumentException(where + ": \"confidence\" must be a number from 0 to 1");
      }
      return number;
    }
  }
}
