package dev.latchkey.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.latchkey.simulator.SimulatedGitHub;
import dev.latchkey.simulator.SimulatedGitHubOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What the doctor says of a machine where all is well, and of each thing that isn't.
class DoctorCommandTest {

  private static final String KEY = "sk-canary-4f1d0c7e92ab";

  @TempDir private Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Map<String, String> variables;
  private SimulatedGitHub github;
  private HttpServer model;
  private InstantSource clock = InstantSource.system();

  /// What the model's endpoint answers.
  private int status = 200;

  private String models = "{\"data\": [{\"id\": \"none\"}]}";

  @BeforeEach
  void begin() throws IOException {
    github = gitHub(options());
    github.addRepository("acme", "shop");
    model = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    model.createContext("/", this::answer);
    model.start();
    variables = new HashMap<>(TestServer.settings(folder));
    variables.put("GITHUB_API_URL", github.uri().toString());
    variables.put("LATCHKEY_MODEL_URL", modelAddress() + "/v1");
    variables.put("LATCHKEY_MODEL_KEY", KEY);
  }

  @AfterEach
  void end() {
    github.close();
    model.stop(0);
  }

  @Test
  void allIsWell() {
    int exit = doctor();

    assertThat(out.toString().lines()).hasSize(10).allMatch(line -> line.startsWith("ok    "));
    assertThat(exit).isZero();
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void nothingIsMade() {
    doctor();

    assertThat(folder.resolve("latchkey.db")).doesNotExist();
    assertThat(github.writes()).isEmpty();
  }

  @Test
  void jsonHasEachCheck() {
    variables.put("LATCHKEY_OWNERS", "acme,octocat");

    int exit = doctor("--json");

    JsonNode json = JsonMapper.shared().readTree(out.toString());
    assertThat(json.at("/healthy").booleanValue()).isTrue();
    assertThat(json.at("/checks").valueStream().map(check -> check.at("/name").stringValue()))
        .containsExactly(
            "configuration",
            "database",
            "disk",
            "clock",
            "github",
            "permissions",
            "events",
            "installations",
            "model",
            "admin");
    assertThat(json.at("/checks/7/result").stringValue()).isEqualTo("warn");
    assertThat(json.at("/checks/7/message").stringValue()).contains("by octocat");
    assertThat(exit).isZero();
  }

  @Test
  void aWrongSettingIsToldAndNothingElseIsChecked() {
    variables.put("PORT", "http");

    assertThat(doctor()).isEqualTo(2);
    assertThat(err.toString()).startsWith("latchkey doctor: PORT is not a port").hasLineCount(1);
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void aMistypedVariable() {
    variables.put("LATCHKEY_REVIEW_QUITE", "1s");

    assertThat(doctor()).isZero();
    assertFound("warn", "configuration", "LATCHKEY_REVIEW_QUITE");
  }

  @Test
  void aFileWithSecretsWhichOthersCanRead() throws IOException {
    Path file = Files.writeString(folder.resolve("my.yml"), "admin: {token: " + KEY + "}\n");

    assertThat(doctor("--config", file.toString())).isZero();
    assertFound("warn", "configuration", "chmod 600");
  }

  @Test
  void aDatabaseOfAnotherProgram() throws IOException {
    Files.writeString(folder.resolve("latchkey.db"), "Dear diary, ".repeat(200));

    assertThat(doctor()).isEqualTo(1);
    assertFound("fail", "database", "not a SQLite database");
  }

  @Test
  void aDatabaseWhoseFolderIsNone() throws IOException {
    Path file = Files.writeString(folder.resolve("diary"), "Dear diary");
    variables.put("LATCHKEY_DATABASE", file.resolve("latchkey.db").toString());

    assertThat(doctor()).isEqualTo(1);
    assertFound("fail", "database", "no folder this user may write to");
  }

  @Test
  void aDatabaseOfTheRunningServer() throws IOException {
    models = "{\"status\": \"ok\", \"checks\": {}, \"data\": []}";
    variables.put("PORT", Integer.toString(model.getAddress().getPort()));

    try (DatabaseHolder holder = DatabaseHolder.of(folder.resolve("latchkey.db"))) {
      doctor();

      assertFound("ok", "database", "in use by the running server, pid " + holder.pid());
    }
  }

  @Test
  void aDatabaseOfAnotherProcess() throws IOException {
    variables.put("PORT", "9");

    try (DatabaseHolder holder = DatabaseHolder.of(folder.resolve("latchkey.db"))) {
      assertThat(doctor()).isZero();

      assertFound("warn", "database", "in use by pid " + holder.pid());
    }
  }

  @Test
  void aClockWhichIsOff() {
    clock = () -> InstantSource.system().instant().plus(Duration.ofMinutes(20));

    assertThat(doctor()).isEqualTo(1);
    assertFound("fail", "clock", "ahead of GitHub's; set it");
    assertFound("fail", "github", "the clock");
  }

  @Test
  void gitHubOutOfReach() {
    variables.put("GITHUB_API_URL", "http://127.0.0.1:9");

    assertThat(doctor()).isEqualTo(1);
    assertFound("warn", "clock", "not checked");
    assertFound("fail", "github", "no connection");
  }

  @Test
  void anAppWhichGitHubDoesNotKnow() {
    variables.put("APP_ID", "4712");

    assertThat(doctor()).isEqualTo(1);
    assertFound("fail", "github", "GitHub knows no App 4712");
  }

  @Test
  void aMissingPermission() {
    replace(options().withPermissions(Map.of("metadata", "read", "pull_requests", "read")));
    github.addRepository("acme", "shop");

    assertThat(doctor()).isEqualTo(1);
    assertFound(
        "fail", "permissions", "missing are checks: write, contents: read, pull_requests: write");
  }

  @Test
  void nobodyOfOursHasInstalledTheApp() {
    variables.put("LATCHKEY_OWNERS", "octocat");

    assertThat(doctor()).isEqualTo(1);
    assertFound("fail", "installations", "install it; ignored, as no owner of ours: acme");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "200 | {\"data\": [{\"id\": \"a\"}, {\"id\": \"b\"}]} | fail | doesn't have none, but a, b",
        "200 | {} | warn | doesn't say which models it has",
        "200 | hello | warn | doesn't say which models it has",
        "404 | {} | warn | answers, but with 404",
        "401 | {} | fail | refuses the key; set LATCHKEY_MODEL_KEY",
        "403 | {} | fail | refuses the key",
        "302 | {} | warn | answers, but with 302",
      })
  void aModelsEndpointWhichIsNotRight(int answer, String body, String result, String told) {
    status = answer;
    models = body;

    int exit = doctor();

    assertFound(result, "model", told);
    assertThat(exit).isEqualTo(result.equals("fail") ? 1 : 0);
  }

  @ParameterizedTest
  @CsvSource({"qwen3:8b, ok", "llama, ok", "qwen3, fail"})
  void theModelsOfOllama(String name, String result) {
    variables.put("LATCHKEY_MODEL", "ollama:" + name);
    variables.put("LATCHKEY_MODEL_URL", modelAddress());
    models = "{\"models\": [{\"name\": \"qwen3:8b\"}, {\"name\": \"llama:latest\"}]}";

    doctor();

    assertFound(result, "model", result.equals("ok") ? "has " + name : "run: ollama pull " + name);
  }

  @Test
  void aModelOutOfReach() {
    variables.put("LATCHKEY_MODEL_URL", "http://127.0.0.1:9/v1");

    assertThat(doctor()).isEqualTo(1);
    assertFound("fail", "model", "can't be reached: no connection; start it");
  }

  @Test
  void noSecretIsTold() {
    variables.put("ADMIN_TOKEN", "canary-admin-4f1d0c7e92ab");
    status = 401;
    models = KEY;

    doctor();
    doctor("--json");

    assertThat(out.toString() + err)
        .doesNotContain("canary")
        .doesNotContain(TestServer.SECRET)
        .doesNotContain("BEGIN");
  }

  private void assertFound(String result, String name, String told) {
    List<String> lines = out.toString().lines().filter(line -> line.contains(" " + name)).toList();
    assertThat(lines).anySatisfy(line -> assertThat(line).startsWith(result + " ").contains(told));
  }

  private String modelAddress() {
    return "http://127.0.0.1:" + model.getAddress().getPort();
  }

  private void answer(HttpExchange exchange) throws IOException {
    byte[] body = models.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Location", "/elsewhere");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private static SimulatedGitHubOptions options() {
    return SimulatedGitHubOptions.of(
        InstantSource.system(), "4711", TestKeys.publicKey(), TestServer.SECRET);
  }

  private static SimulatedGitHub gitHub(SimulatedGitHubOptions options) {
    return SimulatedGitHub.start(options);
  }

  private void replace(SimulatedGitHubOptions options) {
    github.close();
    github = gitHub(options);
    variables.put("GITHUB_API_URL", github.uri().toString());
  }

  private int doctor(String... arguments) {
    return new CommandLine(new DoctorCommand(variables, clock))
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }
}
