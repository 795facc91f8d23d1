package dev.latchkey.review;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A model's endpoint on the loopback interface, which answers as a test tells it to.
final class ModelStub implements AutoCloseable {
  static final Usage USAGE = new Usage(120, 30);
  private static final JsonMapper JSON = new JsonMapper();

  /// What it answers.
  @FunctionalInterface
  interface Answer {
    void send(ModelStub stub, HttpExchange exchange) throws IOException;
  }

  final List<JsonNode> requests = new CopyOnWriteArrayList<>();
  final List<Map<String, List<String>>> headers = new CopyOnWriteArrayList<>();
  private final Wire wire;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch over = new CountDownLatch(1);

  private ModelStub(Wire wire, HttpServer server) {
    this.wire = wire;
    this.server = server;
  }

  static ModelStub answering(Wire wire, Answer answer) throws IOException {
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    ModelStub stub = new ModelStub(wire, HttpServer.create(address, 0));
    stub.server.setExecutor(stub.threads);
    stub.server.createContext(
        wire.path,
        exchange -> {
          stub.requests.add(JSON.readTree(exchange.getRequestBody().readAllBytes()));
          stub.headers.add(Map.copyOf(exchange.getRequestHeaders()));
          answer.send(stub, exchange);
        });
    stub.server.start();
    return stub;
  }

  /// Answers `content`, as if that were all the model had to say.
  static ModelStub saying(Wire wire, String content) throws IOException {
    String completion = wire.completion(content, wire.stop, USAGE);
    return answering(wire, (stub, exchange) -> send(exchange, 200, completion));
  }

  URI url() {
    return wire.url(server.getAddress().getPort());
  }

  static void send(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  /// Sends a status and some bytes, and no more until the stub is closed.
  void stall(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, 1_000);
    exchange.getResponseBody().write('{');
    exchange.getResponseBody().flush();
    try {
      over.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Sends blanks for as long as somebody reads them.
  void sendWithoutEnd(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, 0);
    byte[] blanks = " ".repeat(64 * 1024).getBytes(StandardCharsets.US_ASCII);
    try (OutputStream out = exchange.getResponseBody()) {
      while (over.getCount() > 0) {
        out.write(blanks);
      }
    }
  }

  @Override
  public void close() {
    over.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
