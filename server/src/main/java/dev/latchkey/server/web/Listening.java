package dev.latchkey.server.web;

import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.http1.Http1Config;
import java.time.Duration;

/// What a port bears of those who connect to it, whoever they are.
///
/// @param connections at the same time; more are closed at once
/// @param bodyBytes the most of one body
/// @param silence how long a connection may say nothing, and how long a request's headers may take
public record Listening(int connections, long bodyBytes, Duration silence) {

  /// Returns the bounds of a server's ports.
  public static Listening usual() {
    return new Listening(2_000, WebhookRoute.MAX_BODY_BYTES, Duration.ofSeconds(10));
  }

  public Listening withSilence(Duration longest) {
    return new Listening(connections, bodyBytes, longest);
  }

  /// Sets the bounds, and what is answered where they are reached.
  public WebServerConfig.Builder apply(WebServerConfig.Builder builder) {
    return builder
        .maxTcpConnections(connections)
        .maxPayloadSize(bodyBytes)
        .idleConnectionTimeout(silence)
        .idleConnectionPeriod(silence.dividedBy(5))
        // One protocol alone: with several, the server reads without a bound to tell which it is.
        .protocolsDiscoverServices(false)
        .addProtocol(Http1Config.builder().addReceiveListener(new Patience(silence)).build())
        .directHandlers(DirectProblems.all())
        .shutdownHook(false);
  }
}
