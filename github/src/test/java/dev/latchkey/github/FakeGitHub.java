package dev.latchkey.github;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A GitHub on loopback, over real HTTP/1.1, which asks of every request what the real one asks:
/// the headers, and of [FakeDoor] the credentials. Answers are given by the test, per method and
/// path.
final class FakeGitHub implements AutoCloseable {
  /// A request as it came. `target` is the raw path with its query.
  record Seen(String method, String target, Map<String, String> headers, String body) {
    String path() {
      int query = target.indexOf('?');
      return query < 0 ? target : target.substring(0, query);
    }

    String query() {
      int query = target.indexOf('?');
      return query < 0 ? "" : target.substring(query + 1);
    }
  }

  /// What is answered. `fate` is done instead of a whole body.
  record Reply(int status, Map<String, String> headers, String body, Fate fate) {
    static Reply of(int status, String body) {
      return new Reply(status, Map.of(), body, Fate.WHOLE);
    }

    Reply with(String header, String value) {
      Map<String, String> more = new TreeMap<>(headers);
      more.put(header, value);
      return new Reply(status, more, body, fate);
    }

    Reply with(Fate other) {
      return new Reply(status, headers, body, other);
    }
  }

  enum Fate {
    WHOLE,
    /// The connection is cut before a byte of the answer.
    CUT_AT_ONCE,
    /// The head and half of the body, then the connection is cut.
    CUT_IN_BODY,
    /// The head and half of the body, then nothing until the client hangs up.
    STALL_IN_BODY,
    /// Nothing until the client hangs up.
    STALL_AT_ONCE
  }

  final HandClock clock = new HandClock();
  final FakeDoor door = new FakeDoor(clock);
  final Queue<Seen> seen = new ConcurrentLinkedQueue<>();

  /// What a strict server objects to; must be empty at the end of a test.
  final List<String> objections = new CopyOnWriteArrayList<>();

  /// How often a client hung up on an answer that stalled.
  final Semaphore hangUps = new Semaphore(0);

  private final Map<String, Function<Seen, Reply>> routes = new ConcurrentHashMap<>();
  private final Set<Closeable> open = ConcurrentHashMap.newKeySet();
  private final ServerSocket server;

  FakeGitHub() throws IOException {
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    open.add(server);
    Thread.ofVirtual().start(this::accept);
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + server.getLocalPort());
  }

  /// @param call such as `GET /repos/octo/hello/pulls/7`
  void on(String call, Function<Seen, Reply> route) {
    routes.put(call, route);
  }

  void on(String call, Reply reply) {
    on(call, request -> reply);
  }

  List<Seen> seen(String call) {
    return seen.stream().filter(one -> (one.method() + " " + one.path()).equals(call)).toList();
  }

  @Override
  public void close() throws IOException {
    for (Closeable socket : open) {
      socket.close();
    }
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        open.add(socket);
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException e) {
        return; // Closed.
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      for (Seen request = read(in); request != null; request = read(in)) {
        seen.add(request);
        objections.addAll(door.objections(request));
        if (!write(socket, in, answer(request))) {
          return;
        }
      }
    } catch (IOException e) {
      // The client hung up, or the test is over.
    } catch (RuntimeException | AssertionError e) {
      objections.add(e.toString());
    }
  }

  private Reply answer(Seen request) {
    @Nullable Reply refusal = door.refusal(request);
    if (refusal != null) {
      return refusal;
    }
    Function<Seen, Reply> route = routes.get(request.method() + " " + request.path());
    if (route != null) {
      return route.apply(request);
    }
    if (request.path().endsWith("/access_tokens")) {
      return door.token(request);
    }
    objections.add("no such call: " + request.method() + " " + request.target());
    return Reply.of(404, "{\"message\":\"Not Found\"}");
  }

  /// Waits for the client to hang up.
  private boolean stall(InputStream in) throws IOException {
    try {
      return in.read() >= 0;
    } finally {
      hangUps.release();
    }
  }

  private boolean write(Socket socket, InputStream in, Reply reply) throws IOException {
    if (reply.fate() == Fate.CUT_AT_ONCE || reply.fate() == Fate.STALL_AT_ONCE) {
      return reply.fate() == Fate.STALL_AT_ONCE && stall(in);
    }
    byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
    StringBuilder head = new StringBuilder("HTTP/1.1 " + reply.status() + " Whatever\r\n");
    if (reply.status() != 204) {
      head.append("Content-Length: ").append(body.length).append("\r\n");
    }
    reply.headers().forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
    boolean whole = reply.fate() == Fate.WHOLE;
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    answer.write((head + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    answer.write(body, 0, whole ? body.length : body.length / 2);
    socket.getOutputStream().write(answer.toByteArray());
    return whole || (reply.fate() == Fate.STALL_IN_BODY && stall(in));
  }

  private static @Nullable Seen read(InputStream in) throws IOException {
    String first = line(in);
    if (first.isEmpty()) {
      return null;
    }
    String[] words = first.split(" ", -1);
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
      if (headers.put(name, line.substring(colon + 1).strip()) != null) {
        throw new AssertionError("header sent twice: " + name);
      }
    }
    byte[] body = in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0")));
    return new Seen(words[0], words[1], headers, new String(body, StandardCharsets.UTF_8));
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
      if (b != '\r') {
        line.write(b);
      }
    }
    return line.toString(StandardCharsets.ISO_8859_1);
  }
}
