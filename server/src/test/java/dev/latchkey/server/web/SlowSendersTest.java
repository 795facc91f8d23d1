package dev.latchkey.server.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.github.Secret;
import dev.latchkey.inbox.Inbox;
import dev.latchkey.inbox.InboxOptions;
import dev.latchkey.inbox.Routing;
import dev.latchkey.kv.Database;
import io.helidon.webserver.WebServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Senders who take their time, on raw sockets, against small bounds.
class SlowSendersTest {

  private static final String SECRET = "a webhook secret for tests only";
  private static final Duration SILENCE = Duration.ofMillis(400);
  private static final Duration SLOWEST = Duration.ofMillis(800);
  private static final int LIMIT = 4 << 10;

  /// Far below the bound for silence.
  private static final int PACE_MILLIS = 50;

  /// 20 seconds, which is far beyond every bound.
  private static final int MOST_BYTES = 400;

  private static final String HEAD =
      "POST " + WebhookRoute.PATH + " HTTP/1.1\r\nHost: localhost\r\n";

  @TempDir private Path folder;
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private final List<Integer> refused = new ArrayList<>();
  private WebServer server;

  @BeforeEach
  void start() {
    Database database = Database.open(folder.resolve("a.db"));
    opened.push(database);
    Inbox inbox = Inbox.open(database, InboxOptions.of(delivery -> Routing.to()));
    opened.push(inbox);
    WebhookRoute route =
        new WebhookRoute(
            new Bodies(LIMIT, 16L * LIMIT, SLOWEST),
            inbox::accept,
            List.of(Secret.of(SECRET)),
            "app:1",
            refused::add);
    server =
        Listening.usual()
            .withSilence(SILENCE)
            .apply(WebServer.builder().host("127.0.0.1").port(0))
            .routing(routes ->
                routes
                    .error(RuntimeException.class, new UnexpectedErrors())
                    .post(WebhookRoute.PATH, route))
            .build()
            .start();
    opened.push(server::stop);
  }

  @AfterEach
  void stop() throws Exception {
    while (!opened.isEmpty()) {
      opened.pop().close();
    }
  }

  @Test
  void whoSaysNothingIsCutOff() throws IOException {
    assertThat(dribble("", "")).isEqualTo("cut off");
  }

  @Test
  void whoDribblesARequestLineIsCutOff() throws IOException {
    assertThat(dribble("", "POST /" + "a".repeat(MOST_BYTES))).isEqualTo("cut off");
  }

  @Test
  void whoDribblesHeadersIsCutOff() throws IOException {
    assertThat(dribble(HEAD, "X-Slow: " + "a".repeat(MOST_BYTES))).isEqualTo("cut off");
  }

  @Test
  void whoDribblesABodyIsToldAndCutOff() throws IOException {
    String answer = dribble(HEAD + "Content-Length: 4000\r\n\r\n", "a".repeat(MOST_BYTES));

    assertThat(answer).startsWith("HTTP/1.1 408 ");
    assertThat(refused).containsExactly(408);
  }

  @Test
  void whoDribblesChunksIsToldAndCutOff() throws IOException {
    String answer =
        dribble(HEAD + "Transfer-Encoding: chunked\r\n\r\n", "1\r\na\r\n".repeat(MOST_BYTES));

    assertThat(answer).startsWith("HTTP/1.1 408 ");
  }

  @Test
  void whoStopsInTheMiddleOfABodyIsCutOff() throws IOException {
    String answer = dribble(HEAD + "Content-Length: 4000\r\n\r\nabc", "");

    assertThat(answer).matches("(?s)cut off|HTTP/1.1 4\\d\\d .*");
  }

  @Test
  void aBodyAboveTheLimitIsRefusedAnnouncedOrNot() throws IOException {
    String announced = ask(HEAD + "Content-Length: " + (LIMIT + 1) + "\r\n\r\n");
    String chunked =
        ask(
            HEAD
                + "Transfer-Encoding: chunked\r\n\r\n"
                + ("400\r\n" + "a".repeat(1 << 10) + "\r\n").repeat(4)
                + "1\r\na\r\n0\r\n\r\n");

    assertThat(announced).startsWith("HTTP/1.1 413 ").contains("application/problem+json");
    assertThat(chunked).startsWith("HTTP/1.1 413 ");
    assertThat(refused).containsExactly(413, 413);
  }

  @Test
  void whatIsNoHttpIsAnsweredWithAProblemThatRepeatsNothing() throws IOException {
    String answer = ask("GET <script> HTTP/1.1\r\nHost: localhost\r\n\r\n");

    assertThat(answer)
        .startsWith("HTTP/1.1 400 ")
        .contains("application/problem+json", "nosniff")
        .doesNotContain("script");
  }

  @Test
  void amongAThousandIdleConnectionsAGoodDeliveryIsTaken() throws Exception {
    List<Socket> idle = new ArrayList<>();
    try {
      for (int i = 0; i < 1_000; i++) {
        Socket socket = connect();
        socket.getOutputStream().write('P');
        idle.add(socket);
      }

      assertThat(ask(delivery("{\"zen\":\"x\"}"))).startsWith("HTTP/1.1 200 ").contains("ignored");
    } finally {
      for (Socket socket : idle) {
        socket.close();
      }
    }
  }

  private static String delivery(String body) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    byte[] hash = mac.doFinal(body.getBytes(StandardCharsets.UTF_8));
    return HEAD
        + "X-GitHub-Event: ping\r\nX-GitHub-Delivery: d1\r\nX-Hub-Signature-256: sha256="
        + HexFormat.of().formatHex(hash)
        + "\r\nConnection: close\r\nContent-Length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
    socket.setSoTimeout(20_000);
    return socket;
  }

  private String ask(String request) throws IOException {
    try (Socket socket = connect()) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      ByteArrayOutputStream answer = new ByteArrayOutputStream();
      InputStream in = socket.getInputStream();
      for (int read = in.read(); read >= 0; read = in.read()) {
        answer.write(read);
      }
      return answer.toString(StandardCharsets.US_ASCII);
    }
  }

  /// Sends a beginning at once and the rest byte by byte.
  ///
  /// @return the answer, or `cut off`, or `endured` if the server listened to all of it
  private String dribble(String beginning, String rest) throws IOException {
    try (Socket socket = connect()) {
      socket.setSoTimeout(PACE_MILLIS);
      OutputStream out = socket.getOutputStream();
      out.write(beginning.getBytes(StandardCharsets.US_ASCII));
      for (int i = 0; i < MOST_BYTES; i++) {
        String heard = listen(socket);
        if (!heard.isEmpty()) {
          return heard;
        }
        if (i < rest.length()) {
          out.write(rest.charAt(i));
        }
      }
      return "endured";
    } catch (SocketTimeoutException e) {
      throw e;
    } catch (IOException e) {
      return "cut off";
    }
  }

  /// Listens for a moment.
  private static String listen(Socket socket) throws IOException {
    byte[] bytes = new byte[4_096];
    try {
      int read = socket.getInputStream().read(bytes);
      return read < 0 ? "cut off" : new String(bytes, 0, read, StandardCharsets.US_ASCII);
    } catch (SocketTimeoutException e) {
      return "";
    }
  }
}
