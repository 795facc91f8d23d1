package dev.latchkey.server;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/// Takes webhooks, remembers their ids, and does nothing else.
final class WebhookTaker implements AutoCloseable {
  private final List<String> received = new CopyOnWriteArrayList<>();
  private final AtomicInteger answer = new AtomicInteger(202);
  private final HttpServer server;

  private WebhookTaker(HttpServer server) {
    this.server = server;
  }

  static WebhookTaker start(int port) {
    try {
      var address = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port);
      var taker = new WebhookTaker(HttpServer.create(address, 0));
      taker.server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      taker.server.createContext(
          "/",
          exchange -> {
            taker.received.add(exchange.getRequestHeaders().getFirst("X-GitHub-Delivery"));
            exchange.sendResponseHeaders(taker.answer.get(), -1);
            exchange.close();
          });
      taker.server.start();
      return taker;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + port() + "/");
  }

  int port() {
    return server.getAddress().getPort();
  }

  /// The ids in the order of arrival.
  List<String> received() {
    return List.copyOf(received);
  }

  void answer(int status) {
    answer.set(status);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
