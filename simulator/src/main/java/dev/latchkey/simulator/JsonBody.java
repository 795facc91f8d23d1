package dev.latchkey.simulator;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The JSON object of a request, read as strictly as GitHub's schemas ask for; a null counts as
/// absent.
final class JsonBody {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private final JsonNode object;

  private JsonBody(JsonNode object) {
    this.object = object;
  }

  /// @throws ApiError 400 if the text is no JSON object
  static JsonBody of(String text) {
    JsonNode node;
    try {
      node = JSON.readTree(text);
    } catch (JacksonException e) {
      throw ApiError.badRequest("Problems parsing JSON");
    }
    if (!node.isObject()) {
      throw ApiError.badRequest("Body should be a JSON object");
    }
    return new JsonBody(node);
  }

  Optional<String> text(String name) {
    var value = value(name);
    if (value == null) {
      return Optional.empty();
    }
    if (!value.isString()) {
      throw mistyped(name, value, "a string");
    }
    return Optional.of(value.stringValue());
  }

  String requiredText(String name) {
    return text(name).orElseThrow(() -> missing(name));
  }

  OptionalInt number(String name) {
    var value = value(name);
    if (value == null) {
      return OptionalInt.empty();
    }
    if (!value.isIntegralNumber() || !value.canConvertToInt()) {
      throw mistyped(name, value, "an integer");
    }
    return OptionalInt.of(value.intValue());
  }

  /// A text that is one of those allowed.
  Optional<String> choice(String name, List<String> allowed) {
    var value = text(name);
    value.ifPresent(text -> {
      if (!allowed.contains(text)) {
        throw ApiError.schema(
            "For 'properties/%s', \"%s\" is not a member of %s.".formatted(name, text, allowed));
      }
    });
    return value;
  }

  Optional<JsonBody> object(String name) {
    var value = value(name);
    if (value == null) {
      return Optional.empty();
    }
    if (!value.isObject()) {
      throw mistyped(name, value, "an object");
    }
    return Optional.of(new JsonBody(value));
  }

  List<JsonBody> objects(String name) {
    var result = new ArrayList<JsonBody>();
    for (var item : array(name)) {
      if (!item.isObject()) {
        throw mistyped(name, item, "an object");
      }
      result.add(new JsonBody(item));
    }
    return result;
  }

  /// The items of an array, whatever they are; empty if it is absent.
  List<JsonNode> array(String name) {
    var value = value(name);
    if (value == null) {
      return List.of();
    }
    if (!value.isArray()) {
      throw mistyped(name, value, "an array");
    }
    return List.copyOf(value.values());
  }

  /// Whatever is there, or a missing node.
  JsonNode node(String name) {
    return object.path(name);
  }

  /// Whether a boolean is there and true.
  boolean flag(String name) {
    var value = value(name);
    if (value != null && !value.isBoolean()) {
      throw mistyped(name, value, "a boolean");
    }
    return value != null && value.booleanValue();
  }

  boolean isArray(String name) {
    var value = value(name);
    return value != null && value.isArray();
  }

  boolean has(String name) {
    return value(name) != null;
  }

  List<String> names() {
    return List.copyOf(object.propertyNames());
  }

  static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  static ApiError missing(String name) {
    return ApiError.schema("\"" + name + "\" wasn't supplied.");
  }

  private @Nullable JsonNode value(String name) {
    var value = object.get(name);
    return value == null || value.isNull() ? null : value;
  }

  private static ApiError mistyped(String name, JsonNode value, String wanted) {
    return ApiError.schema("For 'properties/" + name + "', " + value + " is not " + wanted + ".");
  }
}
