package dev.latchkey.server.web;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Reads the bodies of orders to the server: small JSON objects of texts, or nothing at all.
///
/// A body of another type is refused even if it would read as JSON, because that is what a form on
/// somebody else's page can send.
final class Orders {

  private static final int MAX_BYTES = 64 << 10;
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private final Bodies bodies = new Bodies(MAX_BYTES, 16L * MAX_BYTES);

  /// Returns the members of the body, none if there is no body.
  ///
  /// @throws Refusal if it is something else, or has other members than the known ones
  Map<String, String> read(ServerRequest request, String... known) {
    requireJson(request.headers().all(HeaderNames.CONTENT_TYPE, List::of));
    try (Bodies.Body body = bodies.read(request)) {
      return body.bytes().length == 0 ? Map.of() : members(body.bytes(), Set.of(known));
    } catch (Bodies.Refused e) {
      throw new Refusal(e.problem().status(), e.problem().detail());
    }
  }

  private static void requireJson(List<String> types) {
    for (String type : types) {
      String plain = type.toLowerCase(Locale.ROOT).split(";", 2)[0].strip();
      if (types.size() > 1 || !plain.equals(Answers.JSON_TYPE)) {
        throw new Refusal(415, "A body must be application/json.");
      }
    }
  }

  private static Map<String, String> members(byte[] body, Set<String> known) {
    JsonNode tree;
    try {
      tree = JSON.readTree(body);
    } catch (JacksonException e) {
      throw Parameters.bad("The body is no JSON.");
    }
    if (!tree.isObject()) {
      throw Parameters.bad("The body is no JSON object.");
    }
    Map<String, String> members = new HashMap<>();
    for (Map.Entry<String, JsonNode> member : tree.properties()) {
      if (!known.contains(member.getKey())) {
        throw Parameters.bad(
            "There is no such member; known are "
                + (known.isEmpty() ? "none" : String.join(", ", new TreeSet<>(known)))
                + ".");
      }
      if (!member.getValue().isString()) {
        throw Parameters.bad(member.getKey() + " must be a text.");
      }
      members.put(member.getKey(), member.getValue().stringValue());
    }
    return members;
  }
}
