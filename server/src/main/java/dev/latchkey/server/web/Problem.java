package dev.latchkey.server.web;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerResponse;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/// An error as a problem document (RFC 9457).
///
/// @param detail for the person who reads the sender's log; no secret, nothing of a payload
record Problem(int status, String title, String detail) {

  private static final JsonMapper JSON = JsonMapper.shared();

  static Problem of(int status, String detail) {
    return new Problem(status, Status.create(status).reasonPhrase(), detail);
  }

  void send(ServerResponse response) {
    response.status(status);
    response.header(HeaderNames.CONTENT_TYPE, "application/problem+json");
    response.send(
        JSON.writeValueAsBytes(Map.of("status", status, "title", title, "detail", detail)));
  }
}
