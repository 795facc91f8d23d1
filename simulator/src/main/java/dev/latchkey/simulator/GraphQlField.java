package dev.latchkey.simulator;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import tools.jackson.databind.JsonNode;

/// A field of a query with what is asked for of it.
///
/// @param alias its name in the answer
/// @param arguments with the values of variables put in; a null is left out
record GraphQlField(
    String alias, String name, Map<String, JsonNode> arguments, List<GraphQlField> fields) {

  Optional<String> text(String argument) {
    return Optional.ofNullable(arguments.get(argument)).map(value -> value.asString(""));
  }

  OptionalInt number(String argument) {
    var value = arguments.get(argument);
    return value == null ? OptionalInt.empty() : OptionalInt.of(value.asInt(-1));
  }
}
