package dev.latchkey.server;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// One GET, bounded in time and in size. Redirects are not followed.
///
/// @param body as text
record Probe(int status, Optional<String> date, String body) {

  private static final Duration WITHIN = Duration.ofSeconds(10);
  private static final int MAX_BODY = 4 << 20;

  /// Asks.
  ///
  /// @throws IOException if there is no answer in time; the message is a few words
  static Probe of(URI address, Map<String, String> headers) throws IOException {
    HttpRequest.Builder request = HttpRequest.newBuilder(address).header("User-Agent", "latchkey");
    headers.forEach(request::setHeader);
    try (HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(WITHIN)
            .build()) {
      CompletableFuture<HttpResponse<byte[]>> answer =
          client.sendAsync(
              request.build(), BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_BODY));
      try {
        HttpResponse<byte[]> response = answer.get(WITHIN.toMillis(), TimeUnit.MILLISECONDS);
        return new Probe(
            response.statusCode(),
            response.headers().firstValue("date"),
            new String(response.body(), StandardCharsets.UTF_8));
      } catch (TimeoutException e) {
        throw new IOException("no answer within " + WITHIN.toSeconds() + " s", e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      } catch (ExecutionException e) {
        throw new IOException(reason(e.getCause() == null ? e : e.getCause()), e);
      } finally {
        client.shutdownNow();
      }
    }
  }

  private static String reason(Throwable cause) {
    return switch (cause) {
      case ConnectException refused when refused.getCause() instanceof UnknownHostException ->
          "no such host";
      case ConnectException _ -> "no connection";
      default -> cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    };
  }
}
