package dev.latchkey.review;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.openai.OpenAiChatModel;
import java.time.Duration;

/// A model behind an OpenAI-compatible endpoint. An endpoint that refuses the answer's schema and a
/// temperature of 0 is asked without both.
final class OpenAiModel implements Model, Dialect {
  private static final String OPEN_AI_HOST = "api.openai.com";

  private final Endpoint endpoint;
  private final Inquiry inquiry;

  OpenAiModel(Endpoint endpoint) {
    this.endpoint = endpoint;
    this.inquiry = new Inquiry(endpoint, this);
  }

  @Override
  public ModelReply complete(ModelRequest request, Duration timeout) {
    return inquiry.complete(request, timeout);
  }

  @Override
  public ChatModel model(ModelRequest request, Exchange exchange, boolean all) {
    OpenAiChatModel.OpenAiChatModelBuilder builder =
        OpenAiChatModel.builder()
            .httpClientBuilder(exchange)
            .baseUrl(endpoint.url().toString())
            .apiKey(endpoint.key())
            .modelName(endpoint.model())
            .strictJsonSchema(true)
            .maxRetries(0);
    // OpenAI's own newer models take neither a temperature nor the older name of the limit, which
    // is the one that others know.
    if (OPEN_AI_HOST.equalsIgnoreCase(endpoint.host())) {
      return builder.maxCompletionTokens(request.maxOutputTokens()).build();
    }
    return builder.maxTokens(request.maxOutputTokens()).temperature(all ? 0.0 : null).build();
  }

  @Override
  public String hint() {
    return "up to /v1";
  }
}
