package dev.latchkey.simulator;

import java.util.List;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A refusal by the simulated GitHub, in the shape of GitHub's error bodies.
final class ApiError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final transient List<String> errors;

  private ApiError(int status, String message, List<String> errors) {
    super(message);
    this.status = status;
    this.errors = errors;
  }

  static ApiError badRequest(String message) {
    return new ApiError(400, message, List.of());
  }

  static ApiError badCredentials() {
    return new ApiError(401, "Bad credentials", List.of());
  }

  static ApiError unauthorized(String message) {
    return new ApiError(401, message, List.of());
  }

  static ApiError notAccessible() {
    return new ApiError(403, "Resource not accessible by integration", List.of());
  }

  static ApiError notFound() {
    return new ApiError(404, "Not Found", List.of());
  }

  /// A body that does not fit the documented schema.
  static ApiError schema(String what) {
    return new ApiError(422, "Invalid request.\n\n" + what, List.of());
  }

  /// A request that is well-formed and can't be done.
  static ApiError unprocessable(String... errors) {
    return new ApiError(422, "Unprocessable Entity", List.of(errors));
  }

  /// As [#unprocessable], where GitHub says it in the message alone.
  static ApiError refused(String message) {
    return new ApiError(422, message, List.of());
  }

  int status() {
    return status;
  }

  ObjectNode json() {
    var json = JsonNodeFactory.instance.objectNode();
    json.put("message", getMessage());
    if (!errors.isEmpty()) {
      var list = json.putArray("errors");
      errors.forEach(list::add);
    }
    json.put("documentation_url", "https://docs.github.com/rest");
    json.put("status", Integer.toString(status));
    return json;
  }
}
