package dev.latchkey.github;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// One request to GitHub, without who sends it.
///
/// @param path from the base URL on, escaped, with its query
/// @param write whether it changes what people see, so that a lost answer leaves a doubt
/// @param form how the answer is wanted
@SuppressWarnings("ArrayRecordComponent") // Never compared, and never leaves this package.
record Request(String method, String path, byte @Nullable [] body, boolean write, Form form) {
  /// Not below the base URL on an Enterprise Server; see [Transport].
  static final String GRAPHQL = "/graphql";

  /// @param accept the media type
  /// @param etag of an answer we have, which GitHub need not give again
  /// @param maxBytes the largest answer wanted; zero for the client's own limit
  record Form(String accept, @Nullable String etag, int maxBytes) {
    static final Form JSON = new Form("application/vnd.github+json", null, 0);

    static Form raw(int maxBytes) {
      if (maxBytes < 1) {
        throw new IllegalArgumentException("maxBytes must be positive: " + maxBytes);
      }
      return new Form("application/vnd.github.raw+json", null, maxBytes);
    }
  }

  static Request get(String path) {
    return new Request("GET", path, null, false, Form.JSON);
  }

  /// A file's bytes as they are.
  static Request raw(String path, int maxBytes) {
    return new Request("GET", path, null, false, Form.raw(maxBytes));
  }

  static Request write(String method, String path, JsonNode body) {
    return new Request(method, path, Json.bytes(body), true, Form.JSON);
  }

  static Request delete(String path) {
    return new Request("DELETE", path, null, true, Form.JSON);
  }

  static Request query(JsonNode body) {
    return new Request("POST", GRAPHQL, Json.bytes(body), false, Form.JSON);
  }

  static Request mutation(JsonNode body) {
    return new Request("POST", GRAPHQL, Json.bytes(body), true, Form.JSON);
  }

  /// The same, answered 304 if nothing changed since the answer with this tag.
  Request unless(String etag) {
    return new Request(method, path, body, write, new Form(form.accept(), etag, form.maxBytes()));
  }

  /// A new token, which nobody else sees: asking twice does no harm.
  static Request token(String path, JsonNode body) {
    return new Request("POST", path, Json.bytes(body), false, Form.JSON);
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
