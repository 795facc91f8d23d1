package dev.latchkey.github;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// One request to GitHub, without who sends it.
///
/// @param path from the base URL on, escaped, with its query
/// @param write whether it changes what people see, so that a lost answer leaves a doubt
/// @param headers beside those of every request, or instead of them
@SuppressWarnings("ArrayRecordComponent") // Never compared, and never leaves this package.
record Request(
    String method,
    String path,
    byte @Nullable [] body,
    boolean write,
    Map<String, String> headers) {

  /// As api.github.com has it; see [Transport].
  static final String GRAPHQL = "/graphql";

  private static final String RAW = "application/vnd.github.raw+json";

  static Request get(String path) {
    return new Request("GET", path, null, false, Map.of());
  }

  /// The bytes of a file.
  static Request raw(String path) {
    return new Request("GET", path, null, false, Map.of("Accept", RAW));
  }

  /// The same, but only if it has changed since.
  Request unless(String etag) {
    return new Request(method, path, body, write, Map.of("If-None-Match", etag));
  }

  boolean conditional() {
    return headers.containsKey("If-None-Match");
  }

  /// A query of GraphQL, which changes nothing.
  static Request query(JsonNode body) {
    return new Request("POST", GRAPHQL, Json.bytes(body), false, Map.of());
  }

  static Request mutation(JsonNode body) {
    return new Request("POST", GRAPHQL, Json.bytes(body), true, Map.of());
  }

  static Request write(String method, String path, JsonNode body) {
    return new Request(method, path, Json.bytes(body), true, Map.of());
  }

  static Request delete(String path) {
    return new Request("DELETE", path, null, true, Map.of());
  }

  /// A new token, which nobody else sees: asking twice does no harm.
  static Request token(String path, JsonNode body) {
    return new Request("POST", path, Json.bytes(body), false, Map.of());
  }

  /// `/a/b/c`, each segment escaped (RFC 3986).
  ///
  /// @throws IllegalArgumentException for an empty segment, `.` or `..`, which would name another
  ///   path
  static String path(Object... segments) {
    StringBuilder path = new StringBuilder();
    for (Object segment : segments) {
      String text = segment.toString();
      if (text.isEmpty() || text.equals(".") || text.equals("..")) {
        throw new IllegalArgumentException("a name in GitHub's address must not be '" + text + "'");
      }
      path.append('/').append(escape(text));
    }
    return path.toString();
  }

  static String escape(String text) {
    StringBuilder escaped = new StringBuilder();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      boolean unreserved =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || "-._~".indexOf(c) >= 0;
      if (unreserved) {
        escaped.append(c);
      } else {
        escaped.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
      }
    }
    return escaped.toString();
  }

  /// For messages: the method and the path.
  @Override
  public String toString() {
    return method + " " + path;
  }
}
