package dev.latchkey.simulator;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;

/// What GitHub answers to a call it did.
///
/// @param link the `Link` header, empty if there is none
record ApiReply(int status, JsonNode json, String link) {

  /// The bytes of a file, kept as text.
  static ApiReply raw(String text) {
    return new ApiReply(200, StringNode.valueOf(text), "");
  }

  /// What is sent, and as what.
  String body() {
    return json.isMissingNode() ? "" : json.isString() ? json.stringValue() : json.toString();
  }

  String contentType() {
    return json.isString()
        ? "application/vnd.github.raw+json; charset=utf-8"
        : "application/json; charset=utf-8";
  }

  static ApiReply ok(JsonNode json) {
    return new ApiReply(200, json, "");
  }

  static ApiReply created(JsonNode json) {
    return new ApiReply(201, json, "");
  }
}
