package dev.latchkey.simulator;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.StringNode;

/// What GitHub answers to a call it did.
///
/// @param json a text is the bytes of a file, a character each
/// @param link the `Link` header, empty if there is none
record ApiReply(int status, JsonNode json, String link) {

  static ApiReply ok(JsonNode json) {
    return new ApiReply(200, json, "");
  }

  static ApiReply created(JsonNode json) {
    return new ApiReply(201, json, "");
  }

  static ApiReply nothing() {
    return new ApiReply(204, JsonNodeFactory.instance.missingNode(), "");
  }

  /// The bytes of a file as they are.
  static ApiReply raw(byte[] bytes) {
    return ok(StringNode.valueOf(new String(bytes, StandardCharsets.ISO_8859_1)));
  }

  /// What is sent, and as what.
  String body() {
    return json.isMissingNode() ? "" : json.isString() ? json.stringValue() : json.toString();
  }

  Charset charset() {
    return json.isString() ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8;
  }

  String contentType() {
    return json.isString()
        ? "application/vnd.github.raw+json; charset=utf-8"
        : "application/json; charset=utf-8";
  }
}
