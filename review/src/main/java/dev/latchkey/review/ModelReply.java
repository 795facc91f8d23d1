package dev.latchkey.review;

import java.util.Locale;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What a model said, unread.
public record ModelReply(String text, Usage usage, FinishReason finishReason) {
  private static final JsonMapper JSON = new JsonMapper();

  /// A stable form to keep a reply in: `{"text", "inputTokens", "outputTokens", "finishReason"}`.
  public String toJson() {
    ObjectNode node = JSON.createObjectNode();
    node.put("text", text);
    node.put("inputTokens", usage.inputTokens());
    node.put("outputTokens", usage.outputTokens());
    node.put("finishReason", finishReason.name().toLowerCase(Locale.ROOT));
    return node.toString();
  }

  /// Reads what [#toJson] wrote; fields it does not know are passed over, so that a later version's
  /// reply can be read.
  ///
  /// @throws IllegalArgumentException if it is anything else
  public static ModelReply fromJson(String json) {
    try {
      JsonNode node = JSON.readTree(json);
      return new ModelReply(
          node.required("text").stringValue(),
          new Usage(
              node.required("inputTokens").longValue(), node.required("outputTokens").longValue()),
          FinishReason.valueOf(
              node.required("finishReason").stringValue().toUpperCase(Locale.ROOT)));
    } catch (JacksonException | IllegalArgumentException e) {
      throw new IllegalArgumentException("not a kept model reply", e);
    }
  }
}
