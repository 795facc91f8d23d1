package dev.latchkey.server.web;

import io.helidon.http.Status;
import io.helidon.webserver.http.ServerResponse;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/// An error as a problem document (RFC 9457).
///
/// @param detail for the person who reads the sender's log; no secret, nothing of a payload
record Problem(int status, String title, String detail) {

  static final String TYPE = "application/problem+json";

  private static final JsonMapper JSON = JsonMapper.shared();

  static Problem of(int status, String detail) {
    return new Problem(status, Status.create(status).reasonPhrase(), detail);
  }

  byte[] json() {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("status", status);
    members.put("title", title);
    members.put("detail", detail);
    return JSON.writeValueAsBytes(members);
  }

  void send(ServerResponse response) {
    Answers.send(response, status, TYPE, json());
  }
}
