package dev.latchkey.review;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The rules of a [ScriptedModel]. What is unknown or of the wrong type is refused by name, for a
/// rule that is silently not applied looks like code without faults.
record ScriptedRules(int misnumber, List<Rule> rules) {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
  private static final Set<String> TOP_KEYS = Set.of("misnumber", "rules");
  private static final Set<String> RULE_KEYS =
      Set.of("pattern", "severity", "category", "confidence", "claim", "replacement");
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

  record Rule(
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
      throw new IllegalArgumentException(
          source + " is not JSON, line " + e.getLocation().getLineNr(), e);
    }
    if (!root.isObject() || !root.path("rules").isArray()) {
      throw new IllegalArgumentException(source + " must be an object with a list \"rules\"");
    }
    known(root, TOP_KEYS, source);
    JsonNode misnumber = root.path("misnumber");
    if (!misnumber.isMissingNode() && !misnumber.canConvertToInt()) {
      throw new IllegalArgumentException(source + ": \"misnumber\" must be a whole number");
    }
    List<Rule> rules = new ArrayList<>();
    for (JsonNode rule : root.path("rules")) {
      rules.add(rule(rule, source + ", rule " + (rules.size() + 1)));
    }
    return new ScriptedRules(misnumber.asInt(0), List.copyOf(rules));
  }

  private static Rule rule(JsonNode node, String where) {
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
