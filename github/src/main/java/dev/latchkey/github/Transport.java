package dev.latchkey.github;

import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/// Sends a request once and gets its whole answer by the deadline, or says what became of it.
final class Transport implements AutoCloseable {
  /// The version of GitHub's REST API this client was written for.
  private static final String API_VERSION = "2022-11-28";

  /// What HTTP calls content too large (RFC 9110).
  private static final int TOO_LARGE = 413;

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  private final HttpClient client;
  private final String base;
  private final int maxBodyBytes;

  Transport(GitHubOptions options, Executor executor) {
    // HTTP/1.1, because there a connection carries one request at a time, so that what a cut
    // connection means for a write is plain. No authenticator, cookies or redirects.
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(CONNECT_TIMEOUT)
            .executor(executor)
            .build();
    this.base = options.api().toString().replaceFirst("/+$", "");
    this.maxBodyBytes = options.maxBodyBytes();
  }

  /// Any answer, whatever its status.
  ///
  /// @throws GitHubException.Unavailable if it surely was not sent, or if it is a read
  /// @throws GitHubException.OutcomeUnknown if a write may have been sent and its success can't be
  ///   read
  Answer exchange(Request request, Secret token, Deadline deadline) {
    long nanos = deadline.remainingNanos();
    if (nanos == 0) {
      throw new GitHubException.Unavailable(
          request + ": not sent, its deadline had passed", null, null);
    }
    Sending sending = new Sending(request.body());
    int wanted = request.form().maxBytes();
    BoundedBody body = new BoundedBody(wanted > 0 ? wanted : maxBodyBytes, maxBodyBytes);
    CompletableFuture<HttpResponse<byte[]>> answer =
        client.sendAsync(http(request, token, sending), body);
    try {
      HttpResponse<byte[]> response = answer.get(nanos, TimeUnit.NANOSECONDS);
      return new Answer(response.statusCode(), response.headers(), response.body());
    } catch (TimeoutException e) {
      return lost(request, sending, body, "no whole answer by its deadline", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return lost(request, sending, body, "interrupted", e);
    } catch (CancellationException e) {
      return lost(request, sending, body, "given up", e);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      return lost(request, sending, body, reason(cause), cause);
    } finally {
      // Has no effect on an answer that is whole; closes the connection of any other.
      answer.cancel(true);
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
  }

  private HttpRequest http(Request request, Secret token, Sending sending) {
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(address(request))
            .header("Accept", request.form().accept())
            .header("Authorization", "Bearer " + token.reveal())
            .header("User-Agent", "latchkey")
            .header("X-GitHub-Api-Version", API_VERSION);
    if (request.form().etag() != null) {
      builder.header("If-None-Match", request.form().etag());
    }
    if (request.body() == null) {
      return builder.method(request.method(), HttpRequest.BodyPublishers.noBody()).build();
    }
    return builder
        .header("Content-Type", "application/json")
        .method(request.method(), sending)
        .build();
  }

  /// An Enterprise Server has GraphQL beside its REST API, not below it.
  private URI address(Request request) {
    boolean beside = request.path().equals(Request.GRAPHQL) && base.endsWith("/api/v3");
    String root = beside ? base.substring(0, base.length() - "/v3".length()) : base;
    return URI.create(root + request.path());
  }

  private static Answer lost(
      Request request, Sending sending, BoundedBody body, String reason, Throwable cause) {
    HttpResponse.ResponseInfo head = body.head();
    if (head != null && (head.statusCode() < 200 || head.statusCode() >= 300)) {
      // The status alone says that it was refused; only GitHub's reasons are lost.
      return new Answer(head.statusCode(), head.headers(), new byte[0]);
    }
    if (request.write() && head != null) {
      throw new GitHubException.OutcomeUnknown(
          request + ": " + head.statusCode() + ", then its answer was lost: " + reason, cause);
    }
    if (request.write() && sending.mayHaveArrived() && !neverConnected(cause)) {
      throw new GitHubException.OutcomeUnknown(
          request + ": sent, then its answer was lost: " + reason, cause);
    }
    if (cause instanceof BoundedBody.TooLarge && request.form().maxBytes() > 0) {
      // It would be as large the next time.
      throw new GitHubException.Invalid(request + ": " + reason, TOO_LARGE, List.of(reason));
    }
    throw new GitHubException.Unavailable(request + ": " + reason, null, cause);
  }

  private static String reason(Throwable cause) {
    if (neverConnected(cause)) {
      return "no connection";
    }
    return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
  }

  private static boolean neverConnected(Throwable cause) {
    return cause instanceof ConnectException
        || cause instanceof HttpConnectTimeoutException
        || cause instanceof SSLHandshakeException;
  }

  /// The request's body, which knows whether anybody has begun to send it: the client asks for it
  /// only once it is connected. A request without a body can't tell, and counts as sent.
  private static final class Sending implements HttpRequest.BodyPublisher {
    private final HttpRequest.BodyPublisher bytes;
    private volatile boolean begun;

    Sending(byte @Nullable [] body) {
      this.bytes =
          body == null
              ? HttpRequest.BodyPublishers.noBody()
              : HttpRequest.BodyPublishers.ofByteArray(body);
      this.begun = body == null;
    }

    boolean mayHaveArrived() {
      return begun;
    }

    @Override
    public long contentLength() {
      return bytes.contentLength();
    }

    @Override
    public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
      begun = true;
      bytes.subscribe(subscriber);
    }
  }
}
