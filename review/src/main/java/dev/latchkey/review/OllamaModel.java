package dev.latchkey.review;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.ollama.OllamaChatModel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/// A model behind Ollama's own API, which, unlike its OpenAI-compatible one, can be told how much
/// the model is to read. It cuts a longer prompt without a word; that is found out from the tokens
/// it counts back.
final class OllamaModel implements Model, Dialect {
  private static final int BYTES_PER_TOKEN = 3;

  /// What a model's template puts around the messages, generously.
  private static final int AROUND_MESSAGES = 256;

  static final int MIN_CONTEXT = 4 * 1024;

  /// What the larger local models were trained for. More is not asked for, whatever the prompt: the
  /// memory for it is taken before the first token is read.
  static final int MAX_CONTEXT = 128 * 1024;

  private final Endpoint endpoint;
  private final Inquiry inquiry;

  OllamaModel(Endpoint endpoint) {
    this.endpoint = endpoint;
    this.inquiry = new Inquiry(endpoint, this);
  }

  @Override
  public ModelReply complete(ModelRequest request, Duration timeout) {
    ModelReply reply = inquiry.complete(request, timeout);
    int context = context(request);
    if (reply.usage().inputTokens() >= context) {
      throw new ModelException.TooLong(
          "the model at "
              + endpoint.url().getAuthority()
              + " read only the "
              + context
              + " tokens of its context: the prompt was cut");
    }
    return reply;
  }

  @Override
  public ChatModel model(ModelRequest request, Exchange exchange, boolean all) {
    String key = endpoint.key();
    return OllamaChatModel.builder()
        .httpClientBuilder(exchange)
        .baseUrl(endpoint.url().toString())
        .customHeaders(key == null ? Map.of() : Map.of("Authorization", "Bearer " + key))
        .modelName(endpoint.model())
        .numCtx(context(request))
        .numPredict(request.maxOutputTokens())
        .temperature(0.0)
        .maxRetries(0)
        .build();
  }

  @Override
  public String hint() {
    return "without /v1";
  }

  /// Room for the prompt, guessed from its bytes, and the answer: a power of two, because Ollama
  /// loads the model anew for every other value, from [#MIN_CONTEXT] to [#MAX_CONTEXT].
  static int context(ModelRequest request) {
    long bytes = bytes(request.system()) + bytes(request.user());
    long needed = bytes / BYTES_PER_TOKEN + AROUND_MESSAGES + request.maxOutputTokens();
    int context = MIN_CONTEXT;
    while (context < needed && context < MAX_CONTEXT) {
      context *= 2;
    }
    return context;
  }

  private static long bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
