package dev.latchkey.bench;

import dev.latchkey.github.Secret;
import dev.latchkey.inbox.Receipt;
import dev.latchkey.server.web.HealthRoute;
import dev.latchkey.server.web.WebhookRoute;
import io.helidon.webserver.WebServer;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/// A server that takes webhooks as the real one does, with its own route, and counts them instead
/// of keeping them. Its health is that count.
final class StorelessServer {
  private static final int MAX_CONNECTIONS = 2_000;

  private StorelessServer() {}

  /// Runs until its standard input ends.
  public static void main(String[] arguments) throws IOException {
    LongAdder accepted = new LongAdder();
    WebhookRoute.Accepting counting =
        delivery -> {
          accepted.increment();
          return Receipt.ACCEPTED;
        };
    Secret secret = Secret.of(System.getenv("WEBHOOK_SECRET"));
    WebServer server =
        WebServer.builder()
            .host("127.0.0.1")
            .port(0)
            .maxTcpConnections(MAX_CONNECTIONS)
            .maxPayloadSize(WebhookRoute.MAX_BODY_BYTES)
            .routing(routes ->
                routes
                    .post(
                        WebhookRoute.PATH,
                        new WebhookRoute(counting, List.of(secret), "app:1", _ -> {}))
                    .get(
                        HealthRoute.PATH,
                        (request, response) -> response.send(Long.toString(accepted.sum()))))
            .build()
            .start();
    System.out.println("ready webhooks=http://127.0.0.1:" + server.port() + WebhookRoute.PATH);
    while (System.in.read() >= 0) {
      // Nothing is ever written there.
    }
    server.stop();
  }
}
