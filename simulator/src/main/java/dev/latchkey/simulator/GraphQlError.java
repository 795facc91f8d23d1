package dev.latchkey.simulator;

import tools.jackson.databind.node.ObjectNode;

/// Why a query is not answered, or not in full.
final class GraphQlError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String type;
  private final String code;

  private GraphQlError(String type, String code, String message) {
    super(message);
    this.type = type;
    this.code = code;
  }

  /// The query itself is wrong, so nothing of it is answered.
  ///
  /// @param code such as `undefinedField`
  static GraphQlError invalid(String code, String message) {
    return new GraphQlError("", code, message);
  }

  static GraphQlError notFound(String message) {
    return new GraphQlError("NOT_FOUND", "", message);
  }

  static GraphQlError forbidden() {
    return new GraphQlError("FORBIDDEN", "", "Resource not accessible by integration");
  }

  boolean isOfQuery() {
    return type.isEmpty();
  }

  /// @param field where in the answer it was met
  ObjectNode json(String field) {
    var json = GitHubJson.object();
    if (!type.isEmpty()) {
      json.put("type", type).putArray("path").add(field);
    }
    if (!code.isEmpty()) {
      json.putObject("extensions").put("code", code);
    }
    json.putArray("locations").addObject().put("line", 1).put("column", 1);
    return json.put("message", getMessage());
  }
}
