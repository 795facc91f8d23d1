package dev.latchkey.server.web;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerResponse;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/// Answers for programs: JSON that no browser runs, frames or keeps.
final class Answers {

  static final String JSON_TYPE = "application/json";

  /// What every answer has that isn't a page.
  static final Map<HeaderName, String> HEADERS =
      Map.of(
          HeaderNames.CACHE_CONTROL,
          "no-store",
          HeaderNames.create("Content-Security-Policy"),
          "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
          HeaderNames.create("X-Content-Type-Options"),
          "nosniff",
          HeaderNames.create("Referrer-Policy"),
          "no-referrer");

  private static final JsonMapper JSON = JsonMapper.shared();

  private Answers() {}

  static void json(ServerResponse response, int status, Object value) {
    send(response, status, JSON_TYPE, JSON.writeValueAsBytes(value));
  }

  static void send(ServerResponse response, int status, String type, byte[] body) {
    response.status(status);
    HEADERS.forEach((name, value) -> response.header(name, value));
    response.header(HeaderNames.CONTENT_TYPE, type);
    response.send(body);
  }
}
