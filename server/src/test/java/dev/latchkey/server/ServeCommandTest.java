package dev.latchkey.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.sun.net.httpserver.HttpServer;
import dev.latchkey.kv.Database;
import dev.latchkey.simulator.SimulatedGitHub;
import dev.latchkey.simulator.SimulatedGitHubOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/// What somebody sees who starts the server in a way that can't work: one line, and an exit code.
class ServeCommandTest {

  @TempDir private Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Map<String, String> variables;

  @BeforeEach
  void begin() {
    variables = new HashMap<>(TestServer.settings(folder));
  }

  @Test
  void aMissingSecret() {
    variables.remove("WEBHOOK_SECRET");

    assertThat(serve()).isEqualTo(2);
    assertThat(err.toString())
        .startsWith("latchkey serve: WEBHOOK_SECRET is not set; set it to ")
        .hasLineCount(1);
  }

  @Test
  void aKeyFileWhichIsNotThere() {
    variables.remove("PRIVATE_KEY");
    variables.put("PRIVATE_KEY_PATH", folder.resolve("app.pem").toString());

    assertThat(serve()).isEqualTo(2);
    assertThat(err.toString()).startsWith("latchkey serve: PRIVATE_KEY_PATH").hasLineCount(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----"})
  void aKeyFileWhichOthersCanUse(String mode) throws IOException {
    variables.remove("PRIVATE_KEY");
    Path key = TestKeys.file(folder);
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString(mode));
    variables.put("PRIVATE_KEY_PATH", key.toString());

    assertThat(serve()).isEqualTo(2);
    assertThat(err.toString())
        .startsWith("latchkey serve: PRIVATE_KEY_PATH: ")
        .contains(mode, "chmod 600")
        .hasLineCount(1);
  }

  @Test
  void aKeyFileWhichHoldsNone() throws IOException {
    variables.remove("PRIVATE_KEY");
    Path key = TestKeys.file(folder);
    Files.writeString(key, "Dear diary");
    variables.put("PRIVATE_KEY_PATH", key.toString());

    assertThat(serve()).isEqualTo(2);
    assertThat(err.toString()).contains("PRIVATE_KEY_PATH", "is not PEM").hasLineCount(1);
  }

  @Test
  void aKeyAndAKeyFile() {
    variables.put("PRIVATE_KEY_PATH", TestKeys.file(folder).toString());

    assertThat(serve()).isEqualTo(2);
    assertThat(err.toString())
        .isEqualTo(
            "latchkey serve: PRIVATE_KEY and PRIVATE_KEY_PATH are both set; set one of them\n");
  }

  @Test
  void aModelElsewhereWithoutLeave() {
    variables.put("LATCHKEY_MODEL_URL", "https://models.example.com/v1");

    assertThat(serve()).isEqualTo(2);
    assertThat(err.toString())
        .contains("LATCHKEY_MODEL_URL", "models.example.com", "LATCHKEY_MODEL_ALLOW_REMOTE=true")
        .hasLineCount(1);
  }

  @Test
  void anAppWhichGitHubDoesNotKnow() {
    try (SimulatedGitHub github = gitHub(InstantSource.system(), "4712")) {
      variables.put("GITHUB_API_URL", github.uri().toString());

      assertThat(serve()).isEqualTo(2);
    }
    assertThat(err.toString())
        .startsWith("latchkey serve: APP_ID, PRIVATE_KEY: GitHub knows no App 4711")
        .hasLineCount(1);
    assertThat(out.toString()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 1})
  void aClockWhichIsOff(long hours) {
    Duration skew = Duration.ofHours(hours);
    InstantSource there = () -> InstantSource.system().instant().plus(skew);
    try (SimulatedGitHub github = gitHub(there, "4711")) {
      variables.put("GITHUB_API_URL", github.uri().toString());

      assertThat(serve()).isEqualTo(2);
    }
    assertThat(err.toString()).contains("the clock", "set it").hasLineCount(1);
  }

  @Test
  void gitHubOutOfReachIsNoReasonNotToStart() {
    variables.put("GITHUB_API_URL", "http://127.0.0.1:9");

    assertThatCode(() -> AppIdentity.require(Settings.read(variables), InstantSource.system()))
        .doesNotThrowAnyException();
  }

  @Test
  void anotherAnswerOfGitHubIsNoReasonNotToStart() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(404, -1);
          exchange.close();
        });
    server.start();
    try {
      variables.put("GITHUB_API_URL", "http://127.0.0.1:" + server.getAddress().getPort());

      assertThatCode(() -> AppIdentity.require(Settings.read(variables), InstantSource.system()))
          .doesNotThrowAnyException();
    } finally {
      server.stop(0);
    }
  }

  @Test
  void aPortInUse() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      variables.put("PORT", Integer.toString(taken.getLocalPort()));

      assertThat(serve()).isEqualTo(2);
    }
    assertThat(err.toString()).contains("PORT", "in use", "set another").hasLineCount(1);
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void aHostWhichIsNoneOfThisMachine() {
    variables.put("HOST", "192.0.2.1");

    assertThat(serve()).isEqualTo(2);
    assertThat(err.toString()).contains("HOST", "192.0.2.1").hasLineCount(1);
  }

  @Test
  void aFileWhichIsNoDatabase() throws IOException {
    Files.writeString(folder.resolve("latchkey.db"), "Dear diary, ".repeat(200));

    assertThat(serve()).isEqualTo(3);
    assertThat(err.toString()).startsWith("latchkey serve: LATCHKEY_DATABASE: ").hasLineCount(1);
  }

  @Test
  void aDatabaseWhoseFolderCanNotBeMade() throws IOException {
    Path file = Files.writeString(folder.resolve("diary"), "Dear diary");
    variables.put("LATCHKEY_DATABASE", file.resolve("data/latchkey.db").toString());

    assertThat(serve()).isEqualTo(3);
    assertThat(err.toString())
        .startsWith("latchkey serve: LATCHKEY_DATABASE: ")
        .contains("can't be made")
        .hasLineCount(1);
  }

  @Test
  void aDatabaseOfANewerRelease() throws SQLException {
    Path database = folder.resolve("latchkey.db");
    Database.open(database).close();
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA user_version = 99");
    }

    assertThat(serve()).isEqualTo(3);
    assertThat(err.toString()).contains("schema 99 of a newer release").hasLineCount(1);
  }

  @Test
  void aDatabaseOfAnotherProcess() throws Exception {
    try (DatabaseHolder holder = DatabaseHolder.of(folder.resolve("latchkey.db"))) {
      assertThat(serve()).isEqualTo(3);

      assertThat(err.toString())
          .contains("latchkey.db is open in another process, pid " + holder.pid())
          .hasLineCount(1);
    }
  }

  @Test
  void printConfigTellsWhatIsInForceAndFromWhere() throws IOException {
    Path file = Files.writeString(folder.resolve("my.yml"), "review:\n  inline: 3\n");

    assertThat(serve("--print-config", "--config", file.toString())).isZero();

    assertThat(out.toString().lines().map(line -> line.replaceAll(" {2,}", " | ")))
        .contains(
            "github.app-id | 4711 | APP_ID",
            "github.private-key | *** | PRIVATE_KEY",
            "github.poll | - | not set",
            "review.inline | 3 | " + file + " line 2",
            "review.inline-from | minor | default",
            "model.provider | openai | LATCHKEY_MODEL",
            "model.name | none | LATCHKEY_MODEL")
        .hasSize(Setting.values().length);
    assertThat(err.toString()).isEmpty();
    assertThat(folder.resolve("latchkey.db")).doesNotExist();
  }

  @ParameterizedTest
  @EnumSource(
      value = Setting.class,
      names = {"WEBHOOK_SECRET", "WEBHOOK_SECRET_PREVIOUS", "ADMIN_TOKEN", "MODEL_KEY"})
  void printConfigShowsNoSecret(Setting setting) throws IOException {
    String canary = "canary-4f1d0c7e92ab";
    String[] names = setting.key().split("\\.", 2);
    String text = "%s:\n  %s: %s\n".formatted(names[0], names[1], canary);
    Path file = Files.writeString(folder.resolve("my.yml"), text);
    variables.remove(setting.variable());

    assertThat(serve("--print-config", "--config", file.toString())).isZero();
    variables.put(setting.variable(), canary);
    assertThat(serve("--print-config")).isZero();

    assertThat(out.toString()).contains("***").doesNotContain("canary");
  }

  @Test
  void printConfigShowsNothingOfTheKey() {
    assertThat(serve("--print-config")).isZero();

    String line = TestKeys.privateKeyPem().lines().skip(1).findFirst().orElseThrow();
    assertThat(out.toString()).doesNotContain("BEGIN").doesNotContain(line);
  }

  @Test
  void printConfigRefusesWhatServeWouldRefuse() throws IOException {
    Path file = Files.writeString(folder.resolve("my.yml"), "review:\n  inlin: 3\n");

    assertThat(serve("--print-config", "--config", file.toString())).isEqualTo(2);

    assertThat(err.toString())
        .startsWith(
            "latchkey serve: " + file + " line 2: unknown key \"review.inlin\", known are bots, ")
        .hasLineCount(1);
  }

  @Test
  void theDatabaseIsMadeForItsOwnerAlone() throws IOException {
    Path database = folder.resolve("data/latchkey.db");
    variables.put("LATCHKEY_DATABASE", database.toString());
    variables.put("HOST", "192.0.2.1");

    serve();

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(database)))
        .isEqualTo("rw-------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(database.getParent())))
        .isEqualTo("rwx------");
  }

  @Test
  void afterAFailedStartTheDatabaseIsFree() throws IOException {
    variables.put("HOST", "192.0.2.1");

    assertThat(serve()).isEqualTo(2);

    Database.open(folder.resolve("latchkey.db")).close();
  }

  private static SimulatedGitHub gitHub(InstantSource clock, String appId) {
    return SimulatedGitHub.start(
        SimulatedGitHubOptions.of(clock, appId, TestKeys.publicKey(), TestServer.SECRET));
  }

  private int serve(String... arguments) {
    return new CommandLine(new ServeCommand(variables))
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }
}
