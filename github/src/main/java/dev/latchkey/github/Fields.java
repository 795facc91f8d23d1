package dev.latchkey.github;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// One object of GitHub's answer. What must be there and isn't, or is of another type, makes the
/// answer unreadable.
record Fields(JsonNode node) {
  private static final Pattern SEGMENT = Pattern.compile("[1-9][0-9]{0,8}");

  /// An answer that does not say what it should. Never leaves this package.
  static final class Unreadable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unreadable(String message) {
      super(message);
    }
  }

  /// @throws Unreadable if the body is no JSON object
  static Fields of(byte[] body) {
    return object(tree(body), "the answer");
  }

  /// @throws Unreadable if the body is no JSON array of objects
  static List<Fields> listOf(byte[] body) {
    return list(tree(body), "the answer");
  }

  String text(String name) {
    return optionalText(name).orElseThrow(() -> new Unreadable(name + " is missing or no text"));
  }

  String textOr(String name, String instead) {
    return optionalText(name).orElse(instead);
  }

  /// Empty if it is absent or null.
  Optional<String> optionalText(String name) {
    JsonNode value = node.path(name);
    return value.isString() ? Optional.of(value.stringValue()) : Optional.empty();
  }

  long number(String name) {
    JsonNode value = node.path(name);
    if (!value.isIntegralNumber() || !value.canConvertToLong()) {
      throw new Unreadable(name + " is missing or no whole number");
    }
    return value.longValue();
  }

  /// Zero if it is absent or null.
  long numberOrZero(String name) {
    return node.path(name).isMissingNode() || node.path(name).isNull() ? 0 : number(name);
  }

  int countOrZero(String name) {
    return node.path(name).isMissingNode() || node.path(name).isNull() ? 0 : count(name);
  }

  /// The number that ends an address, as `.../issues/7`.
  int lastSegment(String name) {
    String address = text(name);
    String segment = address.substring(address.lastIndexOf('/') + 1);
    if (!SEGMENT.matcher(segment).matches()) {
      throw new Unreadable(name + " does not end in a number");
    }
    return Integer.parseInt(segment);
  }

  /// The texts of an array; none if it is absent or null.
  List<String> texts(String name) {
    return node.path(name)
        .valueStream()
        .filter(JsonNode::isString)
        .map(JsonNode::stringValue)
        .toList();
  }

  /// The texts of an object by their names; none if it is absent or null.
  Map<String, String> textsByName(String name) {
    Map<String, String> texts = new TreeMap<>();
    for (Map.Entry<String, JsonNode> property : node.path(name).properties()) {
      if (property.getValue().isString()) {
        texts.put(property.getKey(), property.getValue().stringValue());
      }
    }
    return texts;
  }

  int count(String name) {
    long value = number(name);
    if (value < 0 || value > Integer.MAX_VALUE) {
      throw new Unreadable(name + " is out of range");
    }
    return (int) value;
  }

  /// False if it is absent or null, as GitHub leaves it on older servers.
  boolean flag(String name) {
    return node.path(name).isBoolean() && node.path(name).booleanValue();
  }

  Instant instant(String name) {
    return optionalInstant(name).orElseThrow(() -> new Unreadable(name + " is missing"));
  }

  Optional<Instant> optionalInstant(String name) {
    try {
      return optionalText(name).map(Instant::parse);
    } catch (DateTimeException e) {
      throw new Unreadable(name + " is no time");
    }
  }

  /// The word itself, to be looked up by the caller, who answers empty for one that is not known.
  <T> T word(String name, Function<String, Optional<T>> known) {
    return known.apply(text(name)).orElseThrow(() -> new Unreadable(name + " is not a known word"));
  }

  Fields object(String name) {
    return object(node.path(name), name);
  }

  /// Empty if it is absent or null.
  Optional<Fields> optionalObject(String name) {
    return node.path(name).isObject() ? Optional.of(object(name)) : Optional.empty();
  }

  /// None if it is absent or null.
  List<Fields> listOrNone(String name) {
    return node.path(name).isArray() ? list(name) : List.of();
  }

  List<Fields> list(String name) {
    return list(node.path(name), name);
  }

  private static JsonNode tree(byte[] body) {
    try {
      return Json.tree(body);
    } catch (JacksonException e) {
      // Without the cause, whose text quotes the answer, which may hold a token.
      throw new Unreadable("the answer " + Json.complaint(e));
    }
  }

  private static Fields object(JsonNode node, String what) {
    if (!node.isObject()) {
      throw new Unreadable(what + " is missing or no object");
    }
    return new Fields(node);
  }

  private static List<Fields> list(JsonNode node, String what) {
    if (!node.isArray()) {
      throw new Unreadable(what + " is missing or no array");
    }
    return node.valueStream().map(element -> object(element, "an element of " + what)).toList();
  }
}
