package dev.latchkey.review;

import dev.langchain4j.model.anthropic.AnthropicChatModel;
import dev.langchain4j.model.anthropic.AnthropicChatResponseMetadata;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.response.ChatResponse;
import java.time.Duration;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// A model behind Anthropic's Messages API. No temperature is sent: its newer models refuse one,
/// and then the schema would be lost with it.
final class AnthropicModel implements Model, Dialect {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String VERSION = "2023-06-01";

  private final Endpoint endpoint;
  private final Inquiry inquiry;

  /// @param endpoint has a key, for the API has no use without one
  AnthropicModel(Endpoint endpoint) {
    this.endpoint = endpoint;
    this.inquiry = new Inquiry(endpoint, this);
  }

  @Override
  public ModelReply complete(ModelRequest request, Duration timeout) {
    return inquiry.complete(request, timeout);
  }

  @Override
  public ChatModel model(ModelRequest request, Exchange exchange, boolean all) {
    return AnthropicChatModel.builder()
        .httpClientBuilder(exchange)
        .baseUrl(endpoint.url().toString())
        .apiKey(endpoint.key())
        .version(VERSION)
        .modelName(endpoint.model())
        .maxTokens(request.maxOutputTokens())
        .maxRetries(0)
        .build();
  }

  @Override
  public String hint() {
    return "up to /v1";
  }

  /// LangChain4j knows not all of the stop reasons, so the rest are looked up in the body.
  @Override
  public FinishReason reason(ChatResponse response) {
    FinishReason known = Dialect.super.reason(response);
    if (known != FinishReason.OTHER) {
      return known;
    }
    return switch (stopReason(response)) {
      case "refusal" -> FinishReason.FILTERED;
      case "model_context_window_exceeded" -> FinishReason.LENGTH;
      default -> FinishReason.OTHER;
    };
  }

  private static String stopReason(ChatResponse response) {
    if (!(response.metadata() instanceof AnthropicChatResponseMetadata metadata)) {
      return "";
    }
    try {
      return JSON.readTree(metadata.rawHttpResponse().body()).path("stop_reason").asString("");
    } catch (JacksonException e) {
      // LangChain4j's parser, which has read it, is the more lenient one.
      return "";
    }
  }
}
