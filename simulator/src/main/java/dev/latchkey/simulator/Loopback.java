package dev.latchkey.simulator;

import io.helidon.http.Header;
import io.helidon.http.ServerRequestHeaders;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// An HTTP server on 127.0.0.1 that hands whole requests to one service and writes its answers.
final class Loopback implements AutoCloseable {
  /// A request body may have this many bytes; GitHub takes far less in any call served here.
  private static final int MAX_BODY_BYTES = 16 * 1024 * 1024;

  /// A request, its header names in lower case, several values of one joined by a comma.
  record Incoming(
      String method, String path, String query, Map<String, String> headers, String body) {

    Optional<String> header(String name) {
      return Optional.ofNullable(headers.get(name));
    }
  }

  /// How an answer is sent.
  sealed interface Manner {
    record Whole() implements Manner {}

    /// In pieces, with a pause after each but the last.
    record Slow(int pieceBytes, Duration pause) implements Manner {}

    /// So many bytes of the body, then the connection is closed.
    record BrokenOff(int afterBytes) implements Manner {}
  }

  record Outgoing(
      int status, Map<String, String> headers, String body, Charset charset, Manner manner) {

    Outgoing(int status, Map<String, String> headers, String body) {
      this(status, headers, body, StandardCharsets.UTF_8);
    }

    Outgoing(int status, Map<String, String> headers, String body, Charset charset) {
      this(status, headers, body, charset, new Manner.Whole());
    }

    Outgoing sent(Manner value) {
      return new Outgoing(status, headers, body, charset, value);
    }

    static Outgoing of(int status, String contentType, String body) {
      return new Outgoing(status, Map.of("Content-Type", contentType), body);
    }
  }

  /// Answers a request; [Dropped] closes the connection without an answer.
  @FunctionalInterface
  interface Service {
    Outgoing serve(Incoming request) throws Dropped;
  }

  /// The sender of a request is to get no answer.
  static final class Dropped extends Exception {
    private static final long serialVersionUID = 1L;
  }

  private final WebServer server;
  private final CountDownLatch closed;

  private Loopback(WebServer server, CountDownLatch closed) {
    this.server = server;
    this.closed = closed;
  }

  static Loopback start(int port, Service service) {
    requireFree(port);
    var closed = new CountDownLatch(1);
    var server =
        WebServer.builder()
            .host("127.0.0.1")
            .port(port)
            .maxPayloadSize(MAX_BODY_BYTES)
            .shutdownHook(false)
            .shutdownGracePeriod(Duration.ofMillis(100))
            .routing(routing ->
                routing.any(
                    (request, response) -> serve(service, request, new Sink(response, closed))))
            .build();
    try {
      return new Loopback(server.start(), closed);
    } catch (RuntimeException e) {
      server.stop();
      throw unusable(port, e);
    }
  }

  /// Asked first, because the server prints a stack trace when it can't bind.
  private static void requireFree(int port) {
    try (var socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
    } catch (IOException e) {
      throw unusable(port, e);
    }
  }

  private static SimulatorException unusable(int port, Exception cause) {
    return new SimulatorException.PortUnusable(
        "port " + port + " of 127.0.0.1 can't be bound; choose another one, or 0", cause);
  }

  /// `http://127.0.0.1:PORT`.
  URI uri() {
    return URI.create("http://127.0.0.1:" + server.port());
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop();
  }

  /// Where an answer goes.
  private record Sink(ServerResponse response, CountDownLatch closed) {

    void write(Outgoing outgoing) throws Dropped {
      outgoing.headers().forEach(response::header);
      response.status(outgoing.status());
      var bytes = outgoing.body().getBytes(outgoing.charset());
      switch (outgoing.manner()) {
        case Manner.Whole() -> response.send(bytes);
        case Manner.Slow(int piece, Duration pause) -> dribble(bytes, piece, pause);
        case Manner.BrokenOff(int after) -> breakOff(bytes, after);
      }
    }

    private void dribble(byte[] bytes, int piece, Duration pause) throws Dropped {
      response.header("Content-Length", Integer.toString(bytes.length));
      try (var out = response.outputStream()) {
        for (int at = 0; at < bytes.length; at += piece) {
          if (at > 0 && closed.await(pause.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new Dropped();
          }
          out.write(bytes, at, Math.min(piece, bytes.length - at));
          out.flush();
        }
      } catch (IOException e) {
        // Its reader had enough, which is what slow answers are for.
        throw new Dropped();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new Dropped();
      }
    }

    private void breakOff(byte[] bytes, int after) throws Dropped {
      response.header("Content-Length", Integer.toString(bytes.length));
      try {
        var out = response.outputStream();
        out.write(bytes, 0, Math.min(after, bytes.length));
        out.flush();
      } catch (IOException e) {
        throw new UncheckedIOException("the reader was gone before the answer broke off", e);
      }
      if (after < bytes.length) {
        throw new Dropped();
      }
    }
  }

  private static void serve(Service service, ServerRequest request, Sink sink) {
    try {
      var prologue = request.prologue();
      var incoming =
          new Incoming(
              prologue.method().text(),
              prologue.uriPath().rawPath(),
              prologue.query().rawValue(),
              headers(request.headers()),
              body(request));
      sink.write(service.serve(incoming));
    } catch (Dropped e) {
      throw new CloseConnectionException("the simulation drops this answer", e);
    }
  }

  private static Map<String, String> headers(ServerRequestHeaders headers) {
    var result = new LinkedHashMap<String, String>();
    for (Header header : headers) {
      result.put(header.name().toLowerCase(Locale.ROOT), String.join(",", header.allValues()));
    }
    return result;
  }

  private static String body(ServerRequest request) {
    if (!request.content().hasEntity()) {
      return "";
    }
    try (InputStream in = request.content().inputStream()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("the request's body broke off", e);
    }
  }
}
