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
import dev.langchain4j.model.output.TokenUsage;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Asks an endpoint through LangChain4j: once, without its retries, each of which would be paid
/// for.
///
/// The answer's schema is sent along. An endpoint that refuses such a request, as some do, is asked
/// once more without it, and if that helps, from then on; what was refused as malformed is not paid
/// for.
final class Inquiry {
  private final Endpoint endpoint;
  private final Dialect dialect;
  private final java.net.http.HttpClient http = Exchange.client();
  private volatile boolean takesAll = true;

  Inquiry(Endpoint endpoint, Dialect dialect) {
    this.endpoint = endpoint;
    this.dialect = dialect;
  }

  ModelReply complete(ModelRequest request, Duration timeout) {
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
      throw second.failure(endpoint);
    }
    throw first.failure(endpoint);
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
      return reply(dialect.model(request, exchange, all).chat(chat.build()));
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
              + endpoint.host()
              + " answered something that is no chat completion: is its address right, "
              + dialect.hint()
              + "?");
    }
  }

  private static ResponseFormat format(String schema) {
    return ResponseFormat.builder()
        .type(ResponseFormatType.JSON)
        .jsonSchema(
            JsonSchema.builder().name("review").rootElement(JsonRawSchema.from(schema)).build())
        .build();
  }

  private ModelReply reply(ChatResponse response) {
    String text = response.aiMessage().text();
    return new ModelReply(
        text == null ? "" : text, usage(response.tokenUsage()), dialect.reason(response));
  }

  private static Usage usage(@Nullable TokenUsage usage) {
    return usage == null
        ? Usage.NONE
        : new Usage(count(usage.inputTokenCount()), count(usage.outputTokenCount()));
  }

  private static long count(@Nullable Integer tokens) {
    return tokens == null ? 0 : Math.max(0, tokens);
  }
}
