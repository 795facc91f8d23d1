package dev.latchkey.review;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
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

/// An OpenAI-compatible endpoint on the loopback interface, which answers as a test tells it to.
final class OpenAiStub implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();

  final List<JsonNode> requests = new CopyOnWriteArrayList<>();
  final List<Map<String, List<String>>> headers = new CopyOnWriteArrayList<>();
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch over = new CountDownLatch(1);

  private OpenAiStub(HttpServer server) {
    this.server = server;
  }

  static OpenAiStub answering(HttpHandler handler) throws IOException {
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    OpenAiStub stub = new OpenAiStub(HttpServer.create(address, 0));
    stub.server.setExecutor(stub.threads);
    stub.server.createContext(
        "/v1/chat/completions",
        exchange -> {
          stub.requests.add(JSON.readTree(exchange.getRequestBody().readAllBytes()));
          stub.headers.add(Map.copyOf(exchange.getRequestHeaders()));
          handler.handle(exchange);
        });
    stub.server.start();
    return stub;
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/v1");
  }

  static void send(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  static String completion(String content, String reason) {
    return JSON.writeValueAsString(
        Map.of(
            "id",
            "c1",
            "object",
            "chat.completion",
            "created",
            1,
            "model",
            "m",
            "choices",
            List.of(
                Map.of(
                    "index",
                    0,
                    "finish_reason",
                    reason,
                    "message",
                    Map.of("role", "assistant", "content", content))),
            "usage",
            Map.of("prompt_tokens", 120, "completion_tokens", 30, "total_tokens", 150)));
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
