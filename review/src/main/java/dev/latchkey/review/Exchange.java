package dev.latchkey.review;

import dev.langchain4j.exception.HttpException;
import dev.langchain4j.http.client.HttpClient;
import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.http.client.HttpRequest;
import dev.langchain4j.http.client.SuccessfulHttpResponse;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import dev.langchain4j.http.client.sse.ServerSentEventParser;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// One HTTP exchange for LangChain4j, which bounds what its own client does not: the time from the
/// connection to the last byte, and the size of the body. It follows no redirect, and remembers
/// what went wrong, so that the failure can be told apart by status and header.
final class Exchange implements HttpClient, HttpClientBuilder {
  private static final int MAX_BODY = 8 * 1024 * 1024;
  private static final Duration CONNECT = Duration.ofSeconds(10);

  private final java.net.http.HttpClient http;
  private final long end;
  private @Nullable ModelException broken;
  private @Nullable HttpResponse<byte[]> refusal;

  Exchange(java.net.http.HttpClient http, long end) {
    this.http = http;
    this.end = end;
  }

  /// A client for many exchanges. HTTP/1.1, because many a local endpoint is put off by an upgrade.
  static java.net.http.HttpClient client() {
    return java.net.http.HttpClient.newBuilder()
        .version(java.net.http.HttpClient.Version.HTTP_1_1)
        .followRedirects(java.net.http.HttpClient.Redirect.NEVER)
        .connectTimeout(CONNECT)
        .build();
  }

  @Override
  public SuccessfulHttpResponse execute(HttpRequest request) {
    HttpResponse<byte[]> response = send(request);
    if (response.statusCode() / 100 != 2) {
      refusal = response;
      throw new HttpException(response.statusCode(), "refused");
    }
    return SuccessfulHttpResponse.builder()
        .statusCode(response.statusCode())
        .headers(response.headers().map())
        .body(new String(response.body(), StandardCharsets.UTF_8))
        .build();
  }

  private HttpResponse<byte[]> send(HttpRequest request) {
    java.net.http.HttpRequest.Builder wire =
        java.net.http.HttpRequest.newBuilder(URI.create(request.url()))
            .method(
                request.method().name(),
                java.net.http.HttpRequest.BodyPublishers.ofString(request.body()));
    try {
      request
          .headers()
          .forEach((name, values) -> values.forEach(value -> wire.header(name, value)));
    } catch (IllegalArgumentException e) {
      // Its message shows the value.
      throw broken(
          new ModelException.BadCredentials(
              "the model's key has characters that no header can carry"));
    }
    CompletableFuture<HttpResponse<byte[]>> answer =
        http.sendAsync(wire.build(), BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_BODY));
    try {
      return answer.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw broken(ModelException.Unavailable.unanswered("the model did not answer in time", e));
    } catch (InterruptedException e) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      throw broken(ModelException.Unavailable.unanswered("waiting for the model was ended", e));
    } catch (ExecutionException e) {
      throw broken(translated(e.getCause(), URI.create(request.url()).getAuthority()));
    }
  }

  private static ModelException translated(@Nullable Throwable cause, String where) {
    if (cause instanceof IOException && String.valueOf(cause.getMessage()).contains("capacity")) {
      return new ModelException.Refused(
          "the model's answer at " + where + " is larger than 8 MiB", cause);
    }
    String message = "the model at " + where + " can't be reached: is it running?";
    return cause instanceof ConnectException
        ? ModelException.Unavailable.turnedAway(message, null, cause)
        : ModelException.Unavailable.unanswered(message, cause);
  }

  private RuntimeException broken(ModelException failure) {
    broken = failure;
    return failure;
  }

  /// Whether there was no answer, or one with an error's status.
  boolean failed() {
    return broken != null || refusal != null;
  }

  /// Whether the endpoint may only have been put off by what it does not know in the request. Many
  /// do not say what that was, so the status alone is asked.
  boolean mayTakeLess() {
    HttpResponse<byte[]> response = refusal;
    return response != null
        && List.of(400, 422, 501).contains(response.statusCode())
        && !tooLong(lowered(response));
  }

  /// What happened, for a person, without the key.
  ModelException failure(Endpoint endpoint) {
    if (broken != null) {
      return broken;
    }
    if (refusal == null) {
      throw new IllegalStateException("the exchange did not fail");
    }
    return Refusal.of(refusal, endpoint.url().getAuthority(), endpoint.key());
  }

  private static String lowered(HttpResponse<byte[]> response) {
    return new String(response.body(), StandardCharsets.UTF_8).toLowerCase(Locale.ROOT);
  }

  static boolean tooLong(String loweredBody) {
    return Stream.of(
            "context_length_exceeded",
            "context length",
            "context size",
            "context window",
            "prompt is too long")
        .anyMatch(loweredBody::contains);
  }

  @Override
  public void execute(
      HttpRequest request, ServerSentEventParser parser, ServerSentEventListener listener) {
    throw new UnsupportedOperationException("answers are not streamed");
  }

  @Override
  public Duration connectTimeout() {
    return CONNECT;
  }

  @Override
  public HttpClientBuilder connectTimeout(Duration timeout) {
    return this;
  }

  @Override
  public Duration readTimeout() {
    return CONNECT;
  }

  @Override
  public HttpClientBuilder readTimeout(Duration timeout) {
    return this;
  }

  @Override
  public HttpClient build() {
    return this;
  }
}
