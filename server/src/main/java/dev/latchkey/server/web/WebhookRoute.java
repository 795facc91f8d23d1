package dev.latchkey.server.web;

import dev.latchkey.github.GitHubException;
import dev.latchkey.github.Secret;
import dev.latchkey.github.WebhookEvent;
import dev.latchkey.github.WebhookSignature;
import dev.latchkey.inbox.Delivery;
import dev.latchkey.inbox.InboxException;
import dev.latchkey.inbox.Receipt;
import dev.latchkey.server.log.LogContext;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerRequestHeaders;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntConsumer;
import java.util.regex.Pattern;

/// Takes GitHub's deliveries. The answer is 202 only once the delivery is on disk; until then
/// GitHub's own record of it says that it failed, so it can be sent again.
///
/// The signature is checked before anything else of the request is looked at, and a wrong one is
/// answered without a reason.
public final class WebhookRoute implements Handler {

  public static final String PATH = "/api/github/webhooks";

  /// GitHub caps payloads at 25 MB ("Webhook events and payloads").
  public static final int MAX_BODY_BYTES = 25 << 20;

  private static final Logger LOG = System.getLogger(WebhookRoute.class.getName());
  private static final HeaderName SIGNATURE = HeaderNames.create(WebhookSignature.HEADER);
  private static final HeaderName EVENT = HeaderNames.create("X-GitHub-Event");
  private static final HeaderName DELIVERY = HeaderNames.create("X-GitHub-Delivery");
  private static final HeaderName HOOK = HeaderNames.create("X-GitHub-Hook-ID");
  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9_.:-]{1,128}");
  private static final String RETRY_AFTER_SECONDS = "10";

  private final Bodies bodies;
  private final Accepting inbox;
  private final List<Secret> secrets;
  private final String source;
  private final IntConsumer refused;

  /// Where deliveries are kept.
  @FunctionalInterface
  public interface Accepting {

    /// Returns once the delivery is durable.
    ///
    /// @throws InboxException if it could not be made so
    /// @throws IllegalStateException if no more are taken
    Receipt accept(Delivery delivery);
  }

  /// @param secrets any of which may have signed
  /// @param source under which the deliveries' ids are unique
  /// @param refused is told the status of each answer to a delivery that is not taken
  public WebhookRoute(Accepting inbox, List<Secret> secrets, String source, IntConsumer refused) {
    this(
        new Bodies(MAX_BODY_BYTES, Runtime.getRuntime().maxMemory() / 8),
        inbox,
        secrets,
        source,
        refused);
  }

  WebhookRoute(
      Bodies bodies, Accepting inbox, List<Secret> secrets, String source, IntConsumer refused) {
    this.bodies = bodies;
    this.inbox = inbox;
    this.secrets = List.copyOf(secrets);
    this.source = source;
    this.refused = refused;
  }

  @Override
  public void handle(ServerRequest request, ServerResponse response) {
    try (Bodies.Body body = bodies.read(request)) {
      handle(request.headers(), body.bytes(), response);
    } catch (Bodies.Refused e) {
      LOG.log(
          Level.WARNING,
          "event=webhook.refused reason=\"{0}\" from={1}",
          e.getMessage(),
          request.remotePeer().host());
      response.header(HeaderNames.CONNECTION, "close");
      response.header(HeaderNames.RETRY_AFTER, RETRY_AFTER_SECONDS);
      refuse(response, e.problem());
    }
  }

  private void handle(ServerRequestHeaders headers, byte[] body, ServerResponse response) {
    if (!WebhookSignature.verify(secrets, headers.all(SIGNATURE, List::of), body)) {
      LOG.log(Level.WARNING, "event=webhook.refused status=401");
      refuse(response, Problem.of(401, "The signature is missing or wrong."));
      return;
    }
    Optional<String> event = token(headers, EVENT);
    Optional<String> id = token(headers, DELIVERY);
    if (event.isEmpty() || id.isEmpty()) {
      refuse(
          response, Problem.of(400, "X-GitHub-Event and X-GitHub-Delivery are needed, each once."));
      return;
    }
    try (LogContext.About _ = LogContext.delivery(id.get())) {
      accept(response, new Delivery(source, id.get(), event.get(), kept(headers), body));
    }
  }

  private void accept(ServerResponse response, Delivery delivery) {
    try {
      WebhookEvent.parse(delivery.kind(), delivery.body());
    } catch (GitHubException.Malformed e) {
      LOG.log(Level.WARNING, "event=webhook.refused status=400");
      refuse(
          response, Problem.of(400, "The body is not a payload of that event. " + e.getMessage()));
      return;
    }
    try {
      Receipt receipt = inbox.accept(delivery);
      int status = receipt == Receipt.ACCEPTED ? 202 : 200;
      Answers.json(response, status, Map.of("status", word(receipt)));
    } catch (InboxException | IllegalStateException e) {
      // Not durable, or the server is about to stop.
      LOG.log(Level.ERROR, "event=webhook.refused status=503", e);
      response.header(HeaderNames.RETRY_AFTER, RETRY_AFTER_SECONDS);
      refuse(response, Problem.of(503, "The delivery could not be kept. Send it again later."));
    }
  }

  private void refuse(ServerResponse response, Problem problem) {
    refused.accept(problem.status());
    problem.send(response);
  }

  private static String word(Receipt receipt) {
    return switch (receipt) {
      case ACCEPTED -> "accepted";
      case DUPLICATE -> "duplicate";
      case IGNORED -> "ignored";
    };
  }

  /// Returns the value of a header which is there once and is a plain word.
  private static Optional<String> token(ServerRequestHeaders headers, HeaderName name) {
    List<String> values = headers.all(name, List::of);
    return values.size() == 1 && TOKEN.matcher(values.getFirst()).matches()
        ? Optional.of(values.getFirst())
        : Optional.empty();
  }

  /// What is worth keeping of the headers: who sent it. The signature is not kept.
  private static Map<String, String> kept(ServerRequestHeaders headers) {
    Map<String, String> kept = new LinkedHashMap<>();
    token(headers, HOOK).ifPresent(hook -> kept.put("X-GitHub-Hook-ID", hook));
    return kept;
  }
}
