package dev.latchkey.simulator;

import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A refusal by the simulated GitHub, in the shape of GitHub's error bodies.
final class ApiError extends RuntimeException {
  static final String SECONDARY_LIMIT =
      "You have exceeded a secondary rate limit and have been temporarily blocked from content"
          + " creation. Please retry your request again later.";
  static final String PRIMARY_LIMIT = "API rate limit exceeded for installation.";

  private static final long serialVersionUID = 1L;

  private final int status;
  private final transient List<String> errors;
  private final transient Map<String, String> headers;

  private ApiError(int status, String message, List<String> errors, Map<String, String> headers) {
    super(message);
    this.status = status;
    this.errors = errors;
    this.headers = headers;
  }

  private ApiError(int status, String message) {
    this(status, message, List.of(), Map.of());
  }

  static ApiError badRequest(String message) {
    return new ApiError(400, message);
  }

  static ApiError badCredentials() {
    return new ApiError(401, "Bad credentials");
  }

  static ApiError unauthorized(String message) {
    return new ApiError(401, message);
  }

  static ApiError notAccessible() {
    return forbidden("Resource not accessible by integration");
  }

  static ApiError forbidden(String message) {
    return new ApiError(403, message);
  }

  /// A limit that is used up.
  static ApiError limited(String message, Map<String, String> headers) {
    return new ApiError(403, message, List.of(), headers);
  }

  static ApiError notFound() {
    return new ApiError(404, "Not Found");
  }

  /// As [#notFound], where GitHub says what is missing.
  static ApiError notFound(String message) {
    return new ApiError(404, message);
  }

  /// A body that does not fit the documented schema.
  static ApiError schema(String what) {
    return new ApiError(422, "Invalid request.\n\n" + what);
  }

  /// A request that is well-formed and can't be done.
  static ApiError unprocessable(String... errors) {
    return new ApiError(422, "Unprocessable Entity", List.of(errors), Map.of());
  }

  /// As [#unprocessable], where GitHub says it in the message alone.
  static ApiError refused(String message) {
    return new ApiError(422, message);
  }

  int status() {
    return status;
  }

  Map<String, String> headers() {
    return headers;
  }

  ObjectNode json() {
    return json(status, String.valueOf(getMessage()), errors);
  }

  /// An error's body.
  static String text(int status, String message) {
    return json(status, message, List.of()).toString();
  }

  private static ObjectNode json(int status, String message, List<String> errors) {
    var json = JsonNodeFactory.instance.objectNode();
    json.put("message", message);
    if (!errors.isEmpty()) {
      var list = json.putArray("errors");
      errors.forEach(list::add);
    }
    json.put("documentation_url", "https://docs.github.com/rest");
    json.put("status", Integer.toString(status));
    return json;
  }
}
