package dev.latchkey.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReviewCommandTest {
  private static final String DIFF =
      """
      diff --git a/src/Shop.java b/src/Shop.java
      --- a/src/Shop.java
      +++ b/src/Shop.java
      @@ -10,2 +10,4 @@ class Shop {
         void close() {
      +    System.exit(1);
      +    // LATER say why \u001b[31m
         }
      diff --git a/yarn.lock b/yarn.lock
      --- a/yarn.lock
      +++ b/yarn.lock
      @@ -1 +1 @@
      -a
      +b
      """;

  private static final String RULES =
      """
      {"rules": [
        {"pattern": "System.exit", "severity": "major", "category": "error-handling",
         "claim": "Ends the whole process; throw instead.", "replacement": "    throw up;"},
        {"pattern": "LATER", "severity": "nit", "category": "docs", "claim": "Unfinished."}]}
      """;

  @TempDir Path folder;
  private String rules = "";
  private String diff = "";

  @BeforeEach
  void writeFiles() throws IOException {
    rules = "scripted:" + Files.writeString(folder.resolve("rules.json"), RULES);
    diff = Files.writeString(folder.resolve("change.diff"), DIFF).toString();
  }

  @Test
  void textGroupsFindingsByFileWithTheirLine() {
    CommandRun run = CommandRun.of("--diff", diff, "--model", rules);

    assertThat(run.out())
        .startsWith(
            """
            src/Shop.java
              line 11  major  error-handling
                Ends the whole process; throw instead.
                │     System.exit(1);
                +     throw up;

              line 12  nit  docs
                Unfinished.
                │     // LATER say why \\u{1b}[31m

            Not reviewed
              yarn.lock: lock file

            2 findings: 1 major, 1 nit.
            """);
    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isEqualTo(1);
  }

  @Test
  void coloursAreForTerminalsOnly() {
    byte[] in = DIFF.getBytes(StandardCharsets.UTF_8);

    CommandRun plain =
        CommandRun.of(
            new ByteArrayInputStream(in), Map.of(), false, "--diff", "-", "--model", rules);
    CommandRun coloured =
        CommandRun.of(
            new ByteArrayInputStream(in), Map.of(), true, "--diff", "-", "--model", rules);

    assertThat(plain.out()).doesNotContain("\u001b");
    assertThat(coloured.out().replaceAll("\u001b\\[[0-9;]*m", "")).isEqualTo(plain.out());
    assertThat(coloured.out()).contains("\u001b[1;31mmajor\u001b[0m");
  }

  @Test
  void jsonHasEveryFieldOfAFinding() {
    CommandRun run = CommandRun.of("--diff", diff, "--model", rules, "--format", "json");

    var finding = run.json().at("/findings/0");
    assertThat(finding.at("/path").stringValue()).isEqualTo("src/Shop.java");
    assertThat(finding.at("/side").stringValue()).isEqualTo("RIGHT");
    assertThat(finding.at("/startLine").isNull()).isTrue();
    assertThat(finding.at("/line").intValue()).isEqualTo(11);
    assertThat(finding.at("/severity").stringValue()).isEqualTo("MAJOR");
    assertThat(finding.at("/confidence").doubleValue()).isEqualTo(0.9);
    assertThat(finding.at("/category").stringValue()).isEqualTo("error-handling");
    assertThat(finding.at("/claim").stringValue()).startsWith("Ends the whole process");
    assertThat(finding.at("/quote").stringValue()).isEqualTo("    System.exit(1);");
    assertThat(finding.at("/anchor").stringValue()).isEqualTo("exact");
    assertThat(finding.at("/fingerprint").stringValue()).matches("[0-9a-f]{32}");
    assertThat(finding.at("/suggestion").stringValue()).isEqualTo("    throw up;");
    assertThat(run.json().at("/verdict").stringValue()).isEqualTo("serious_findings");
    assertThat(run.json().at("/partial").booleanValue()).isFalse();
    assertThat(run.json().at("/failed").booleanValue()).isTrue();
    assertThat(run.json().at("/omitted/0/reason").stringValue()).isEqualTo("lock_file");
    assertThat(run.json().at("/usage/inputTokens").longValue()).isPositive();
  }

  @Test
  void unanchoredFindingIsListedWithoutWeight() throws IOException {
    Files.writeString(
        folder.resolve("rules.json"), RULES.replace("{\"rules\"", "{\"misnumber\": 9, \"rules\""));

    CommandRun run = CommandRun.of("--diff", diff, "--model", rules, "--format", "json");

    assertThat(run.json().at("/findings/0/anchor").stringValue()).isEqualTo("unanchored");
    assertThat(run.json().at("/verdict").stringValue()).isEqualTo("nothing_found");
    assertThat(run.exitCode()).isZero();
  }

  @Test
  void failOnSaysWhichSeverityFails() {
    assertThat(CommandRun.of("--diff", diff, "--model", rules).exitCode()).isEqualTo(1);
    assertThat(CommandRun.of("--diff", diff, "--model", rules, "--fail-on", "CRITICAL").exitCode())
        .isZero();
    assertThat(CommandRun.of("--diff", diff, "--model", rules, "--fail-on", "nit").exitCode())
        .isEqualTo(1);
  }

  @Test
  void maxFindingsBoundsWhatIsPrintedAndNotWhatFails() {
    CommandRun one =
        CommandRun.of("--diff", diff, "--model", rules, "--max-findings", "1", "--format", "json");
    CommandRun none = CommandRun.of("--diff", diff, "--model", rules, "--max-findings", "0");

    assertThat(one.json().at("/findings")).hasSize(1);
    assertThat(one.json().at("/notShown").intValue()).isEqualTo(1);
    assertThat(none.out()).contains("2 more not printed").doesNotContain("Shop.java");
    assertThat(none.exitCode()).isEqualTo(1);
  }

  @Test
  void modelMayBeNamedByTheEnvironment() {
    CommandRun run = CommandRun.of(new byte[0], Map.of("LATCHKEY_MODEL", rules), "--diff", diff);

    assertThat(run.exitCode()).isEqualTo(1);
  }

  @Test
  void helpTellsOptionsExitCodesAndModels() {
    CommandRun run = CommandRun.of("--help");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("--base", "--fail-on", "Exit codes", "LATCHKEY_MODEL_KEY");
  }

  @Test
  void sarifHasAResultForEachFinding() {
    CommandRun run = CommandRun.of("--diff", diff, "--model", rules, "--format", "sarif");

    var result = run.json().at("/runs/0/results/0");
    assertThat(run.json().at("/version").stringValue()).isEqualTo("2.1.0");
    assertThat(run.json().at("/runs/0/tool/driver/name").stringValue()).isEqualTo("Latchkey");
    assertThat(run.json().at("/runs/0/results")).hasSize(2);
    assertThat(result.at("/ruleId").stringValue()).isEqualTo("error-handling");
    assertThat(
            run.json()
                .at("/runs/0/tool/driver/rules/" + result.at("/ruleIndex").intValue() + "/id")
                .stringValue())
        .isEqualTo("error-handling");
    assertThat(result.at("/level").stringValue()).isEqualTo("error");
    assertThat(result.at("/message/text").stringValue()).startsWith("Ends the whole process");
    var place = result.at("/locations/0/physicalLocation");
    assertThat(place.at("/artifactLocation/uri").stringValue()).isEqualTo("src/Shop.java");
    assertThat(place.at("/region/startLine").intValue()).isEqualTo(11);
    assertThat(place.at("/region/endLine").intValue()).isEqualTo(11);
    assertThat(result.at("/partialFingerprints/latchkey~1v1").stringValue())
        .matches("[0-9a-f]{32}");
    assertThat(
            result
                .at("/fixes/0/artifactChanges/0/replacements/0/insertedContent/text")
                .stringValue())
        .isEqualTo("    throw up;\n");
    assertThat(
            run.json()
                .at("/runs/0/invocations/0/toolExecutionNotifications/0/message/text")
                .stringValue())
        .isEqualTo("not reviewed: yarn.lock: lock file");
    assertThat(run.exitCode()).isEqualTo(1);
  }

  @Test
  void sarifNamesNoLineThatIsNotInTheFile() throws IOException {
    Files.writeString(
        folder.resolve("rules.json"), RULES.replace("{\"rules\"", "{\"misnumber\": 9, \"rules\""));

    CommandRun run = CommandRun.of("--diff", diff, "--model", rules, "--format", "sarif");

    var result = run.json().at("/runs/0/results/0");
    assertThat(result.at("/properties/anchor").stringValue()).isEqualTo("unanchored");
    assertThat(result.at("/locations/0/physicalLocation/region").isMissingNode()).isTrue();
  }

  @Test
  void pathBecomesARelativeReference() {
    assertThat(SarifReport.uri("a b/c#d?:\u00e9%.java"))
        .isEqualTo("a%20b/c%23d%3F%3A%C3%A9%25.java");
    assertThat(SarifReport.uri("x\udcff")).isEqualTo("x%FF");
  }

  @Test
  void markdownListsFindingsAndWhatWasLeftOut() {
    CommandRun run =
        CommandRun.of(
            "--diff", diff, "--model", rules, "--format", "markdown", "--max-findings", "1");

    assertThat(run.out())
        .startsWith("**2 findings**, the most severe is MAJOR.\n\n### Findings\n\n- **MAJOR**")
        .contains("`src/Shop.java:11`", "### Not reviewed", "`yarn.lock`")
        .endsWith("1 more findings not listed.\n");
  }

  @Test
  void dryRunPrintsThePlanAndNeedsNoModel() {
    CommandRun text = CommandRun.of("--diff", diff, "--dry-run");
    CommandRun json = CommandRun.of("--diff", diff, "--dry-run", "--format", "json");

    assertThat(text.out().replaceAll("about \\d+", "about N"))
        .isEqualTo(
            """
            Question 1, about N tokens
              src/Shop.java  +2 -0

            Not to be reviewed
              yarn.lock: lock file

            1 question, about N tokens; found without a model: 0. Nothing was asked.
            """);
    assertThat(json.json().at("/chunks/0/files/0").stringValue()).isEqualTo("src/Shop.java");
    assertThat(json.json().at("/chunks/0/tokens").longValue()).isPositive();
    assertThat(json.json().at("/omitted/0/reason").stringValue()).isEqualTo("lock_file");
    assertThat(text.exitCode()).isZero();
    assertFails(CommandRun.of("--diff", diff, "--dry-run", "--format", "sarif"), 2, "text or json");
  }

  @Test
  void rulesOfTheRepositoryAreFollowedAndOptionsWin() throws IOException {
    Path config = folder.resolve("latchkey.yml");
    Files.writeString(
        config,
        """
        failOn: critical
        maxFindings: 1
        language: German
        instructions:
          - paths: ["*.java"]
            text: Look at exits.
        """);

    CommandRun run =
        CommandRun.of(
            "--diff", diff, "--model", rules, "--format", "json", "--config", config.toString());
    CommandRun stricter =
        CommandRun.of(
            "--diff", diff, "--model", rules, "--config", config.toString(), "--fail-on", "nit");
    Files.writeString(config, "ignore: [src/]\n");
    CommandRun ignoring =
        CommandRun.of("--diff", diff, "--model", rules, "--config", config.toString());

    assertThat(run.exitCode()).isZero();
    assertThat(run.json().at("/findings")).hasSize(1);
    assertThat(stricter.exitCode()).isEqualTo(1);
    assertFails(ignoring, 2, "1 × ignored by the repository's rules");
  }

  @Test
  void mistakesOfTheRulesAreToldWithTheirLine() throws IOException {
    Path config = folder.resolve("latchkey.yml");
    Map<String, String> mistakes =
        Map.of(
            "ignore: []\nignored: []\n",
            "line 2: unknown key \"ignored\", known are enabled, failOn, ignore",
            "verify: maybe\n",
            "line 1: \"verify\" must be true or false",
            "failOn: bad\n",
            "line 1: \"failOn\" must be critical, major, minor or nit",
            "ignore: a\n",
            "line 1: \"ignore\" must be a list",
            "ignore: []\nignore: []\n",
            "line 2: \"ignore\" is given twice",
            "a: [\n",
            "no YAML",
            "- a\n",
            "line 1: must be keys with values",
            "instructions:\n  - paths: [x]\n",
            "line 2: an instruction needs a \"text\"",
            "maxFindings: -1\n",
            "a whole number from 0 to 1000",
            "ignore: " + "[".repeat(20_000),
            "latchkey.yml");
    for (var mistake : mistakes.entrySet()) {
      Files.writeString(config, mistake.getKey());

      CommandRun run =
          CommandRun.of("--diff", diff, "--model", rules, "--config", config.toString());

      assertFails(run, 2, "latchkey.yml", mistake.getValue());
    }
    assertFails(
        CommandRun.of("--diff", diff, "--model", rules, "--config", "none.yml"),
        2,
        "--config none.yml can't be read");
  }

  @Test
  void secondPassDropsWhatTheModelTakesBack() throws IOException {
    Files.writeString(
        folder.resolve("rules.json"), RULES.replace("\"severity\": \"major\"", "\"refute\": true"));

    CommandRun run = CommandRun.of("--diff", diff, "--model", rules, "--verify");

    assertThat(run.out())
        .doesNotContain("Ends the whole process; throw instead.\n")
        .contains("Note: refuted by the second pass: MINOR at src/Shop.java:11: Ends")
        .contains("1 finding: 1 nit.");
  }

  @Test
  void secretIsFoundWithoutAModelAndShownNowhere() throws IOException {
    String secret = "gh" + "p_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8";
    Path leak =
        Files.writeString(
            folder.resolve("leak.diff"),
            "diff --git a/yarn.lock b/yarn.lock\n--- a/yarn.lock\n+++ b/yarn.lock\n"
                + "@@ -0,0 +1 @@\n+token \""
                + secret
                + "\"\n");

    for (String format : List.of("text", "json", "sarif", "markdown")) {
      CommandRun run =
          CommandRun.of("--diff", leak.toString(), "--model", rules, "--format", format);

      assertThat(run.out()).contains("a GitHub token").doesNotContain(secret);
      assertThat(run.err()).isEmpty();
      assertThat(run.exitCode()).isEqualTo(1);
    }
  }

  @Test
  void withoutAModelOnlyWhatNeedsNoneIsFound() throws IOException {
    Path conflict =
        Files.writeString(
            folder.resolve("conflict.diff"), DIFF.replace("+    // LATER", "+<<<<<<< HEAD"));

    CommandRun run =
        CommandRun.of("--diff", conflict.toString(), "--model", "none", "--format", "json");

    assertThat(run.json().at("/findings")).hasSize(1);
    assertThat(run.json().at("/findings/0/line").intValue()).isEqualTo(12);
    assertThat(run.json().at("/partial").booleanValue()).isTrue();
    assertThat(run.json().at("/omitted/1/reason").stringValue()).isEqualTo("no_answer");
    assertThat(run.exitCode()).isEqualTo(1);
  }

  @Test
  void progressIsShownToAPersonOnlyAndTakenAway() {
    byte[] in = DIFF.getBytes(StandardCharsets.UTF_8);

    CommandRun run =
        CommandRun.of(
            new ByteArrayInputStream(in), Map.of(), true, "--diff", "-", "--model", rules);

    assertThat(run.err())
        .contains("asking the model: 0 of 1", "asking the model: 1 of 1")
        .endsWith("\r\u001b[K");
  }

  /// One line, nothing on standard output.
  private static void assertFails(CommandRun run, int exitCode, String... parts) {
    assertThat(run.err()).contains(parts);
    assertThat(run.err().lines()).hasSize(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.exitCode()).isEqualTo(exitCode);
  }

  private CommandRun onInput(String text) {
    return CommandRun.of(
        text.getBytes(StandardCharsets.UTF_8), Map.of(), "--diff", "-", "--model", rules);
  }

  @Test
  void whatIsNoDiffToReviewIsRefused() {
    assertFails(onInput("hello\n"), 2, "not a diff", "git diff");
    assertFails(onInput(""), 2, "the diff is empty");
    assertFails(onInput("diff --cc x\n@@@ -1 -1 +1 @@@\n"), 2, "combined diff", "git diff A...B");
    assertFails(
        onInput("diff --git a/x b/x\nBinary files a/x and b/x differ\n"),
        2,
        "nothing in the diff can be reviewed: 1 × binary");
    assertFails(onInput(DIFF.substring(0, 120)), 2, "cut or damaged");
    assertFails(
        CommandRun.of("--diff", folder.resolve("none").toString(), "--model", rules),
        2,
        "none can't be read");
    assertFails(CommandRun.of("--diff", folder.toString(), "--model", rules), 2, "can't be read");
  }

  @Test
  void wrongOptionsAreRefused() {
    assertFails(CommandRun.of("--diff", diff), 2, "no model is named", "--model ollama:NAME");
    assertFails(CommandRun.of("--model", rules), 2, "say what to review");
    assertFails(CommandRun.of("--diff", diff, "--base", "x", "--model", rules), 2, "not both");
    assertFails(CommandRun.of("--diff", diff, "--model", "gpt"), 2, "ollama:NAME or scripted:FILE");
    assertFails(
        CommandRun.of("--diff", diff, "--model", rules, "--format", "xml"), 2, "text, json");
    assertFails(CommandRun.of("--diff", diff, "--model", rules, "--fail-on", "bad"), 2, "critical");
    assertFails(
        CommandRun.of("--diff", diff, "--model", rules, "--max-findings", "-1"), 2, "0 or more");
    assertFails(CommandRun.of("--colour"), 2, "--colour", "--help");
  }

  @Test
  void modelThatCanNotBeUsedIsRefusedBeforeTheDiffIsRead() throws IOException {
    Path bad = Files.writeString(folder.resolve("bad.json"), "{\"rules\": [{}]}");

    assertFails(
        CommandRun.of("--diff", "none", "--model", "scripted:" + bad), 2, "bad.json, rule 1");
    assertFails(CommandRun.of("--diff", "none", "--model", "scripted:none.json"), 2, "none.json");
    assertFails(
        CommandRun.of("--diff", "none", "--model", "openai:x", "--model-url", "https://e.org/v1"),
        2,
        "e.org is not on this machine",
        "--allow-remote");
    assertFails(
        CommandRun.of("--diff", "none", "--model", "openai:x", "--model-url", "not a url"),
        2,
        "--model-url must be an address");
  }

  @Test
  void modelThatIsNotThereFailsWithItsOwnCode() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    String url = "http://127.0.0.1:" + port + "/v1";
    Map<String, String> key = Map.of("LATCHKEY_MODEL_KEY", "sk-canary");

    CommandRun run =
        CommandRun.of(new byte[0], key, "--diff", diff, "--model", "openai:x", "--model-url", url);

    assertFails(run, 3, "127.0.0.1:" + port, "can't be reached");
    assertThat(run.err()).doesNotContain("sk-canary");
  }

  @Test
  void modelWhoseAnswerCanNotBeReadFailsWithThatCode() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    byte[] body =
        "{\"choices\":[{\"message\":{\"role\":\"assistant\",\"content\":\"LGTM\"}}]}"
            .getBytes(StandardCharsets.UTF_8);
    server.createContext(
        "/v1/chat/completions",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";

    CommandRun run = CommandRun.of("--diff", diff, "--model", "openai:x", "--model-url", url);
    server.stop(0);

    assertFails(run, 3, "the model failed", "not the JSON object asked for", "Shop.java");
  }
}
