package dev.latchkey.review;

import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.ContentFilteredException;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.json.JsonRawSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.output.TokenUsage;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A model behind an OpenAI-compatible endpoint, asked through LangChain4j: once, without its
/// retries, each of which would be paid for.
///
/// The answer's schema and a temperature of 0 are sent along. An endpoint that refuses such a
/// request, as some do, is asked once more without them, and if that helps, from then on; what was
/// refused as malformed is not paid for.
final class OpenAiModel implements Model {
  private static final String OPEN_AI_HOST = "api.openai.com";

  private final URI endpoint;
  private final String name;
  private final @Nullable String key;
  private final java.net.http.HttpClient http = Exchange.client();
  private volatile boolean takesAll = true;

  OpenAiModel(URI endpoint, String name, @Nullable String key) {
    this.endpoint = endpoint;
    this.name = name;
    this.key = key;
  }

  @Override
  public ModelReply complete(ModelRequest request, Duration timeout) {
    long end = System.nanoTime() + timeout.toNanos();
    boolean all = takesAll;
    Exchange first = new Exchange(http, end);
    ModelReply reply = ask(request, first, all);
    if (reply != null) {
      return reply;
    }
    if (all && first.mayTakeLess()) {
      Exchange second = new Exchange(http, end);
      ModelReply plain = ask(request, second, false);
      if (plain != null) {
        takesAll = false;
        return plain;
      }
      throw second.failure(endpoint, key);
    }
    throw first.failure(endpoint, key);
  }

  /// The reply, or null if the exchange knows why there is none.
  private @Nullable ModelReply ask(ModelRequest request, Exchange exchange, boolean all) {
    ChatRequest.Builder chat =
        ChatRequest.builder()
            .messages(SystemMessage.from(request.system()), UserMessage.from(request.user()));
    if (all) {
      chat.responseFormat(format(request.schema()));
    }
    try {
      return reply(model(request, exchange, all).chat(chat.build()));
    } catch (ContentFilteredException e) {
      throw new ModelException.Refused("the model's content filter stopped the answer", e);
    } catch (RuntimeException e) {
      // LangChain4j wraps what happened, and its messages hold the endpoint's text, which can hold
      // anything: the exchange has seen the status itself and tells it in words of ours.
      if (exchange.failed()) {
        return null;
      }
      throw new ModelException.Refused(
          "the endpoint "
              + endpoint.getHost()
              + " answered something that is no chat completion: is its address right, up to /v1?");
    }
  }

  private OpenAiChatModel model(ModelRequest request, Exchange exchange, boolean all) {
    OpenAiChatModel.OpenAiChatModelBuilder builder =
        OpenAiChatModel.builder()
            .httpClientBuilder(exchange)
            .baseUrl(endpoint.toString())
            .apiKey(key)
            .modelName(name)
            .strictJsonSchema(true)
            .maxRetries(0);
    // OpenAI's own newer models take neither a temperature nor the older name of the limit, which
    // is
    // the one that others know.
    if (OPEN_AI_HOST.equalsIgnoreCase(endpoint.getHost())) {
      return builder.maxCompletionTokens(request.maxOutputTokens()).build();
    }
    return builder.maxTokens(request.maxOutputTokens()).temperature(all ? 0.0 : null).build();
  }

  private static ResponseFormat format(String schema) {
    return ResponseFormat.builder()
        .type(ResponseFormatType.JSON)
        .jsonSchema(
            JsonSchema.builder().name("review").rootElement(JsonRawSchema.from(schema)).build())
        .build();
  }

  private static ModelReply reply(ChatResponse response) {
    String text = response.aiMessage().text();
    return new ModelReply(
        text == null ? "" : text, usage(response.tokenUsage()), reason(response.finishReason()));
  }

  private static Usage usage(@Nullable TokenUsage usage) {
    return usage == null
        ? Usage.NONE
        : new Usage(count(usage.inputTokenCount()), count(usage.outputTokenCount()));
  }

  private static long count(@Nullable Integer tokens) {
    return tokens == null ? 0 : Math.max(0, tokens);
  }

  private static FinishReason reason(dev.langchain4j.model.output.@Nullable FinishReason reason) {
    return switch (reason) {
      case STOP -> FinishReason.STOP;
      case LENGTH -> FinishReason.LENGTH;
      case CONTENT_FILTER -> FinishReason.FILTERED;
      case TOOL_EXECUTION, OTHER -> FinishReason.OTHER;
      case null -> FinishReason.OTHER;
    };
  }
}
