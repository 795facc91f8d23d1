package dev.latchkey.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What the commands that talk to a running server send and print; a scripted one answers.
class DeliveriesCommandTest {

  private static final String LINE =
      """
      {"id":7,"kind":"review","repository":"acme/web","pullRequest":1,"state":"WAITING",
       "reason":"RETRY","attempt":2,"outcome":"","error":"it broke \\u001b[2J",
       "firstAt":"2026-11-01T12:00:00Z"}
      """;

  private final List<String> asked = new ArrayList<>();
  private final List<String> tokens = new ArrayList<>();
  private final Map<String, String> environment = new HashMap<>();
  private HttpServer server;
  private int status = 200;
  private String answer = "{}";

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
    environment.put("ADMIN_PORT", Integer.toString(server.getAddress().getPort()));
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + body);
    tokens.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
    byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Test
  void listPrintsALineEachAndEscapesWhatComesFromOutside() {
    answer = "{\"deliveries\":[" + LINE + "],\"next\":7}";

    CommandRun run = run("list", "--state", "waiting", "--repository", "acme/web", "--limit", "1");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .isEqualTo(
            """
                 7  WAITING/RETRY  review     2026-11-01T12:00:00Z  acme/web#1  it broke \\u{1b}[2J
            there may be more: --after 7
            """);
    assertThat(asked.getFirst())
        .startsWith("GET /api/deliveries?")
        .contains("state=waiting", "repository=acme%2Fweb", "limit=1")
        .doesNotContain("after");
  }

  @Test
  void listOfNothingSaysSo() {
    answer = "{\"deliveries\":[],\"next\":null}";

    assertThat(run("list").out()).isEqualTo("none\n");
  }

  @Test
  void showTellsWhyAndWhatHappened() {
    answer =
        LINE.strip().replaceAll("}$", "")
            + """
            ,"why":"to be tried again","timeline":[{"at":"2026-11-01T12:00:00Z",
              "what":"DELIVERY","note":"pull_request d1"}],"steps":[{"name":"ask","calls":1,
              "keptAt":null}],"charges":[{"bucket":"tokens","units":5,"state":"SETTLED"}]}
            """;

    CommandRun run = run("show", "7");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .contains(
            "why: to be tried again\n",
            "  2026-11-01T12:00:00Z DELIVERY pull_request d1\n",
            "  step ask, not kept, calls: 1\n",
            "  charge tokens: 5 SETTLED\n")
        .doesNotContain("payload");
    assertThat(asked).containsExactly("GET /api/deliveries/7 ");
  }

  @Test
  void replayAndCancelAreOrders() {
    answer = "{\"id\":7,\"works\":[9],\"cancelled\":false}";

    assertThat(run("replay", "7").out()).isEqualTo("7 is done again as 9\n");
    assertThat(run("cancel", "7").out()).isEqualTo("7 runs, and is cancelled at its next step\n");
    assertThat(asked)
        .containsExactly("POST /api/deliveries/7/replay {}", "POST /api/deliveries/7/cancel {}");
  }

  @Test
  void backupNamesTheFileOrLeavesThatToTheServer() {
    answer = "{\"file\":\"a.db\",\"sizeBytes\":4096}";

    CommandRun named = backup("a.db");
    CommandRun unnamed = backup();

    assertThat(named.out()).isEqualTo("a.db: 4096 bytes, beside the server's database\n");
    assertThat(unnamed.exitCode()).isZero();
    assertThat(asked)
        .containsExactly("POST /api/backup {\"file\":\"a.db\"}", "POST /api/backup {}");
  }

  @Test
  void jsonIsWhatTheServerAnswers() {
    answer = "{\"deliveries\":[],\"next\":null}";

    assertThat(run("list", "--json").json().path("deliveries").isArray()).isTrue();
  }

  @Test
  void tokenIsSentAndTheOwnNameGoesFirst() {
    environment.put("ADMIN_TOKEN", "second");
    run("list");
    environment.put("LATCHKEY_ADMIN_TOKEN", "first");

    run("list");

    assertThat(tokens).containsExactly("Bearer second", "Bearer first");
  }

  @Test
  void tokenIsNotSentUnencryptedToAnotherMachine() {
    environment.put("ADMIN_TOKEN", "secret");

    CommandRun run = run("list", "--url", "http://192.0.2.1:3001");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("https only").hasLineCount(1);
  }

  @ParameterizedTest
  @CsvSource({
    "404, 1, There is no such work.",
    "409, 1, There is no such work.",
    "400, 2, There is no such work.",
    "401, 3, 'wants its token: set'",
    "403, 3, There is no such work.",
    "500, 3, There is no such work.",
    "503, 3, There is no such work."
  })
  void refusalsAreOneLineAndAnExitCode(int refused, int exitCode, String told) {
    status = refused;
    answer = "{\"status\":" + refused + ",\"detail\":\"There is no such work.\"}";

    CommandRun run = run("cancel", "7");

    assertThat(run.exitCode()).isEqualTo(exitCode);
    assertThat(run.err()).startsWith("latchkey deliveries cancel: ").contains(told).hasLineCount(1);
    assertThat(run.out()).isEmpty();
  }

  @Test
  void whatAnswersMayBeSomethingElse() {
    answer = "<html>";

    CommandRun run = run("list");

    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.err()).contains("is not latchkey").hasLineCount(1);
  }

  @Test
  void aServerThatIsNotRunning() {
    server.stop(0);

    CommandRun run = run("list");

    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.err()).contains("no server answers at http://127.0.0.1:").hasLineCount(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"ftp://x", "127.0.0.1:3001", "http://user:secret@x", "http://x?y", "http:"})
  void anAddressThatIsNone(String url) {
    CommandRun run = run("list", "--url", url);

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("must be like http://").doesNotContain("secret").hasLineCount(1);
  }

  @Test
  void wrongUsageIsOneLine() {
    assertThat(run("show", "x").exitCode()).isEqualTo(2);
    assertThat(run("show").exitCode()).isEqualTo(2);
    assertThat(run("list", "--limit", "0").exitCode()).isEqualTo(2);
    assertThat(run().err()).contains("say what to do").hasLineCount(1);
    assertThat(asked).isEmpty();
  }

  private CommandRun run(String... arguments) {
    return CommandRun.of(DeliveriesCommand::new, stage(), arguments);
  }

  private CommandRun backup(String... arguments) {
    return CommandRun.of(BackupCommand::new, stage(), arguments);
  }

  private CommandRun.Stage stage() {
    return new CommandRun.Stage(InputStream.nullInputStream(), environment, false);
  }
}
