package dev.latchkey.simulator;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.IntNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.StringNode;

/// Reads one operation of GraphQL (GraphQL specification, October 2021, section 2): fields with
/// arguments, aliases and variables. Fragments, directives and subscriptions are refused.
final class GraphQlParser {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Pattern TOKEN =
      Pattern.compile(
          "(?:[\\s,\\uFEFF]|#[^\\n\\r]*)*+"
              + "([_A-Za-z]\\w*+|-?\\d++|\"(?:[^\"\\\\\\n]|\\\\.)*+\"|\\.\\.\\.|[!$():=@\\[\\]{}|])?+");
  private static final int DEEPEST = 20;

  /// What is asked for.
  record Operation(boolean mutation, List<GraphQlField> fields) {}

  private final String text;
  private final JsonNode given;
  private final Map<String, String> declared = new LinkedHashMap<>();
  private final Set<String> used = new HashSet<>();
  private final Matcher matcher;
  private String token = "";

  private GraphQlParser(String text, JsonNode given) {
    this.text = text;
    this.given = given;
    this.matcher = TOKEN.matcher(text);
    next();
  }

  /// @param variables an object, or missing
  /// @throws GraphQlError if GitHub would refuse it
  static Operation parse(String query, JsonNode variables) {
    return new GraphQlParser(query, variables).operation();
  }

  private Operation operation() {
    var mutation = token.equals("mutation");
    if (mutation || token.equals("query")) {
      next();
      if (isName()) {
        next();
      }
      if (token.equals("(")) {
        variables();
      }
    }
    var fields = fields(1);
    if (!token.isEmpty()) {
      throw unexpected();
    }
    for (var name : declared.keySet()) {
      if (!used.contains(name)) {
        throw GraphQlError.invalid(
            "variableNotUsed",
            "Variable $" + name + " is declared by anonymous operation but not used");
      }
    }
    return new Operation(mutation, fields);
  }

  private void variables() {
    next();
    while (!token.equals(")")) {
      take("$");
      var name = name();
      take(":");
      var type = name();
      if (token.equals("!")) {
        type += "!";
        next();
      }
      requireFit(name, type);
      declared.put(name, type);
    }
    next();
  }

  private void requireFit(String name, String type) {
    var value = given.path(name);
    var absent = value.isMissingNode() || value.isNull();
    var fits =
        switch (type.replace("!", "")) {
          case "Int" -> value.isInt();
          case "Boolean" -> value.isBoolean();
          case "ID" -> value.isString() || value.isInt();
          case "String" -> value.isString();
          default -> true;
        };
    if (absent ? type.endsWith("!") : !fits) {
      throw GraphQlError.invalid(
          "INVALID_VARIABLE",
          "Variable $" + name + " of type " + type + " was provided invalid value");
    }
  }

  private List<GraphQlField> fields(int depth) {
    if (depth > DEEPEST) {
      throw GraphQlError.invalid("", "Query has depth of more than " + DEEPEST);
    }
    take("{");
    var fields = new ArrayList<GraphQlField>();
    while (!token.equals("}")) {
      fields.add(field(depth));
    }
    if (fields.isEmpty()) {
      throw unexpected();
    }
    next();
    return fields;
  }

  private GraphQlField field(int depth) {
    var alias = name();
    var name = alias;
    if (token.equals(":")) {
      next();
      name = name();
    }
    var arguments = new LinkedHashMap<String, JsonNode>();
    if (token.equals("(")) {
      next();
      while (!token.equals(")")) {
        pair(arguments);
      }
      next();
    }
    return new GraphQlField(
        alias, name, arguments, token.equals("{") ? fields(depth + 1) : List.of());
  }

  private void pair(Map<String, JsonNode> into) {
    var name = name();
    take(":");
    var value = value();
    if (value != null) {
      into.put(name, value);
    }
  }

  private @Nullable JsonNode value() {
    if (token.equals("$")) {
      next();
      return variable(name());
    }
    if (token.equals("{")) {
      next();
      var pairs = new LinkedHashMap<String, JsonNode>();
      while (!token.equals("}")) {
        pair(pairs);
      }
      next();
      var object = JsonNodeFactory.instance.objectNode();
      pairs.forEach(object::set);
      return object;
    }
    var text = token;
    if (text.startsWith("\"")) {
      next();
      return JSON.readTree(text);
    }
    if (text.matches("-?\\d{1,9}")) {
      next();
      return IntNode.valueOf(Integer.parseInt(text));
    }
    // The words of an enumeration, and true and false.
    var word = name();
    return word.equals("null") ? null : StringNode.valueOf(word);
  }

  private @Nullable JsonNode variable(String name) {
    if (!declared.containsKey(name)) {
      throw GraphQlError.invalid(
          "variableNotDefined",
          "Variable $" + name + " is used by anonymous operation but not declared");
    }
    used.add(name);
    var value = given.get(name);
    return value == null || value.isNull() ? null : value;
  }

  private String name() {
    if (!isName()) {
      throw unexpected();
    }
    var name = token;
    next();
    return name;
  }

  private boolean isName() {
    return !token.isEmpty() && (Character.isLetter(token.charAt(0)) || token.startsWith("_"));
  }

  private void take(String expected) {
    if (!token.equals(expected)) {
      throw unexpected();
    }
    next();
  }

  private void next() {
    if (!matcher.find()) {
      token = "";
      return;
    }
    var group = matcher.group(1);
    if (group == null && matcher.end() < text.length()) {
      throw GraphQlError.invalid("", "Parse error at character " + (matcher.end() + 1));
    }
    token = group == null ? "" : group;
  }

  private GraphQlError unexpected() {
    var what = token.isEmpty() ? "end of document" : "\"" + token + "\"";
    return GraphQlError.invalid("", "Parse error: unexpected " + what);
  }
}
