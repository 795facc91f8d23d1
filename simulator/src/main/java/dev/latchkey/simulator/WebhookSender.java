package dev.latchkey.simulator;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Sends deliveries as GitHub does (GitHub, "Webhook events and payloads" and "Validating webhook
/// deliveries"): signed over the raw bytes, answered within 10 seconds, never repeated.
final class WebhookSender implements AutoCloseable {
  static final Duration ANSWER_WITHIN = Duration.ofSeconds(10);
  private static final int MAX_ANSWER_BYTES = 64 * 1024;
  private static final int LOGGED_CHARACTERS = 4_096;

  private final SimulatedGitHubOptions options;
  private final Duration answerWithin;
  private final HttpClient http;

  /// @param answerWithin how long a receiver may take, from connecting to the last byte
  WebhookSender(SimulatedGitHubOptions options, Duration answerWithin) {
    this.options = options;
    this.answerWithin = answerWithin;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(answerWithin)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
  }

  DeliveryAttempt send(SimulatedDelivery delivery, URI url) {
    var sentAt = options.clock().instant();
    var started = System.nanoTime();
    var result = result(request(delivery, url));
    return new DeliveryAttempt(
        delivery, sentAt, Duration.ofNanos(System.nanoTime() - started), result);
  }

  @Override
  public void close() {
    http.shutdownNow();
  }

  private HttpRequest request(SimulatedDelivery delivery, URI url) {
    var body = delivery.body();
    return HttpRequest.newBuilder(url)
        .timeout(answerWithin)
        .header("Accept", "*/*")
        .header("Content-Type", "application/json")
        .header("User-Agent", "GitHub-Hookshot/5a1e2d3")
        .header("X-GitHub-Delivery", delivery.id())
        .header("X-GitHub-Event", delivery.event())
        .header("X-GitHub-Hook-ID", "500" + options.appId())
        .header("X-GitHub-Hook-Installation-Target-ID", options.appId())
        .header("X-GitHub-Hook-Installation-Target-Type", "integration")
        .header("X-Hub-Signature", "sha1=" + hmac("HmacSHA1", body))
        .header("X-Hub-Signature-256", "sha256=" + hmac("HmacSHA256", body))
        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
        .build();
  }

  private DeliveryAttempt.Result result(HttpRequest request) {
    var answer =
        http.sendAsync(
            request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_ANSWER_BYTES));
    try {
      // The request's own timeout does not cover the body of the answer.
      return answered(answer.get(answerWithin.toMillis(), TimeUnit.MILLISECONDS));
    } catch (TimeoutException e) {
      answer.cancel(true);
      return late();
    } catch (ExecutionException e) {
      return e.getCause() instanceof HttpTimeoutException
          ? late()
          : new DeliveryAttempt.Result.Failed(String.valueOf(e.getCause()));
    } catch (InterruptedException e) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      return new DeliveryAttempt.Result.Failed("the sender was interrupted");
    }
  }

  private DeliveryAttempt.Result late() {
    return new DeliveryAttempt.Result.Failed("no answer within " + answerWithin);
  }

  private static DeliveryAttempt.Result answered(HttpResponse<byte[]> response) {
    var text = new String(response.body(), StandardCharsets.UTF_8);
    var logged = text.substring(0, Math.min(text.length(), LOGGED_CHARACTERS));
    return new DeliveryAttempt.Result.Answered(response.statusCode(), logged);
  }

  private String hmac(String algorithm, byte[] body) {
    try {
      var mac = Mac.getInstance(algorithm);
      var key = options.webhookSecret().getBytes(StandardCharsets.UTF_8);
      mac.init(new SecretKeySpec(key, algorithm));
      return HexFormat.of().formatHex(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no " + algorithm, e);
    }
  }
}
