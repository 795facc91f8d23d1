package dev.latchkey.simulator;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A request taken apart.
///
/// @param segments of the path, decoded, without the leading empty one
/// @param query the last value of each parameter, decoded
/// @param accept the `Accept` header; empty if there is none
record ApiCall(
    String method, List<String> segments, Map<String, String> query, String accept, String body) {

  static ApiCall of(Loopback.Incoming request) {
    var query = new HashMap<String, String>();
    for (var pair : request.query().split("&", -1)) {
      var equals = pair.indexOf('=');
      if (equals > 0) {
        query.put(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
      }
    }
    var segments = Arrays.stream(request.path().split("/", -1)).skip(1).map(ApiCall::decoded);
    return new ApiCall(
        request.method(),
        segments.toList(),
        Map.copyOf(query),
        request.header("accept").orElse(""),
        request.body());
  }

  /// The same call with the first segments of its path left off.
  ApiCall below(int count) {
    return new ApiCall(method, segments.subList(count, segments.size()), query, accept, body);
  }

  /// Whether it makes something that people are told of, at any place below a repository.
  boolean createsContent() {
    return method.equals("POST") && (segments.contains("pulls") || segments.contains("issues"));
  }

  /// A word of the query that has to be one of those known, where GitHub silently takes another.
  Optional<String> choice(String name, List<String> allowed) {
    var word = Optional.ofNullable(query.get(name));
    word.ifPresent(text -> {
      if (!allowed.contains(text)) {
        throw ApiError.schema("\"" + name + "\" is one of " + allowed + ": " + text);
      }
    });
    return word;
  }

  boolean accepts(String form) {
    return accept.contains(form);
  }

  JsonBody json() {
    return JsonBody.of(body);
  }

  /// A number of the path.
  ///
  /// @throws ApiError 404 if it is none
  long id(int segment) {
    var text = segments.get(segment);
    if (!text.matches("[1-9][0-9]{0,17}")) {
      throw ApiError.notFound();
    }
    return Long.parseLong(text);
  }

  /// The path as a pattern: each number or commit id is `#`.
  String shape() {
    var shape = new StringBuilder(method).append(' ');
    for (var segment : segments) {
      shape.append('/').append(segment.matches("[0-9]+|[0-9a-f]{40}") ? "#" : segment);
    }
    return shape.toString();
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      // GitHub answers a path it can't decode as one it does not know.
      throw ApiError.notFound();
    }
  }
}
