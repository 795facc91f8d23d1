package dev.latchkey.github;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// One object of GitHub's answer. What must be there and isn't, or is of another type, makes the
/// answer unreadable.
record Fields(JsonNode node) {

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

  List<Fields> list(String name) {
    return list(node.path(name), name);
  }

  /// The texts of an array; none if it is absent.
  List<String> texts(String name) {
    return node.path(name)
        .valueStream()
        .filter(JsonNode::isString)
        .map(JsonNode::stringValue)
        .toList();
  }

  /// An object's members that are texts; none if it is absent.
  Map<String, String> words(String name) {
    Map<String, String> words = new HashMap<>();
    node.path(name)
        .properties()
        .forEach(member -> {
          if (member.getValue().isString()) {
            words.put(member.getKey(), member.getValue().stringValue());
          }
        });
    return words;
  }

  /// Zero if it is absent or null.
  long numberOrZero(String name) {
    return node.path(name).isIntegralNumber() ? number(name) : 0;
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
