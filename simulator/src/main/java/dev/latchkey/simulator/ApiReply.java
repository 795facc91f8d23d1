package dev.latchkey.simulator;

import tools.jackson.databind.JsonNode;

/// What GitHub answers to a call it did.
///
/// @param link the `Link` header, empty if there is none
record ApiReply(int status, JsonNode json, String link) {

  static ApiReply ok(JsonNode json) {
    return new ApiReply(200, json, "");
  }

  static ApiReply created(JsonNode json) {
    return new ApiReply(201, json, "");
  }
}
