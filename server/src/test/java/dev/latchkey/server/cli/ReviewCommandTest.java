package dev.latchkey.server.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
    assertFails(CommandRun.of("--diff", diff), 2, "no model is named", "--model openai:NAME");
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

  private void git(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("git", "-C", folder.toString()));
    command.addAll(List.of("-c", "user.name=a", "-c", "user.email=a@example.org"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("GIT_CONFIG_GLOBAL", "/dev/null");
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).describedAs(output).isZero();
  }

  /// `main` has moved on after `work` left it.
  private void forked() throws IOException, InterruptedException {
    git("init", "--quiet", "--initial-branch=main");
    Path file = folder.resolve("a file.txt");
    Files.writeString(file, "one\ntwo\n");
    git("add", "a file.txt");
    git("commit", "--quiet", "-m", "first");
    git("checkout", "--quiet", "-b", "work");
    Files.writeString(file, "one\ntwo\nLATER three\n");
    git("commit", "--quiet", "-am", "second");
    git("checkout", "--quiet", "main");
    Files.writeString(folder.resolve("other.txt"), "LATER other\n");
    git("add", "other.txt");
    git("commit", "--quiet", "-m", "third");
  }

  private CommandRun compare(String base, String head) {
    return CommandRun.of(
        "--base",
        base,
        "--head",
        head,
        "--repo",
        folder.toString(),
        "--model",
        rules,
        "--format",
        "json");
  }

  @Test
  void twoRevisionsAreComparedFromWhereTheyParted() throws Exception {
    forked();

    CommandRun run = compare("main", "work");

    assertThat(run.json().at("/findings")).hasSize(1);
    assertThat(run.json().at("/findings/0/path").stringValue()).isEqualTo("a file.txt");
    assertThat(run.json().at("/findings/0/line").intValue()).isEqualTo(3);
    assertThat(run.json().at("/head").stringValue()).matches("[0-9a-f]{40}");
  }

  @Test
  void configurationOfTheRepositoryChangesNothing() throws Exception {
    forked();
    String expected = compare("main", "work").out();
    Files.writeString(folder.resolve(".git/info/attributes"), "*.txt diff=evil\n");
    Path ran = folder.resolve("ran");
    for (String[] setting :
        new String[][] {
          {"diff.noprefix", "true"},
          {"diff.mnemonicPrefix", "true"},
          {"color.ui", "always"},
          {"color.diff", "always"},
          {"diff.context", "0"},
          {"diff.external", "touch '" + ran + "'; false"},
          {"diff.evil.textconv", "touch '" + ran + "'; false"},
          {"diff.evil.command", "touch '" + ran + "'; false"},
          {"core.pager", "touch '" + ran + "'; false"},
          {"pager.diff", "true"},
          {"diff.orderFile", "/none"},
          {"diff.relative", "true"},
          {"diff.suppressBlankEmpty", "true"},
          {"diff.wsErrorHighlight", "all"},
          {"diff.algorithm", "patience"},
        }) {
      git("config", setting[0], setting[1]);
    }

    CommandRun run = compare("main", "work");

    assertThat(run.out()).isEqualTo(expected);
    assertThat(ran).doesNotExist();
  }

  @Test
  void wrongRevisionsAndFoldersAreRefused() throws Exception {
    assertFails(compare("main", "work"), 2, "is not a git repository", "--repo DIR");
    forked();
    assertFails(compare("none", "work"), 2, "--base \"none\" is no commit");
    assertFails(compare("main", "--output=x"), 2, "can't be a revision");
    assertFails(compare("", "work"), 2, "can't be a revision");
    assertFails(compare("main", "main"), 2, "the diff is empty");
    assertFails(compare("main:other.txt", "main"), 2, "is no commit");
    git("checkout", "--quiet", "--orphan", "island");
    git("commit", "--quiet", "-m", "alone");
    assertFails(compare("main", "island"), 2, "no common ancestor");
    assertFails(
        CommandRun.of("--base", "x", "--repo", folder + "/none", "--model", rules),
        2,
        "is not a folder");
  }

  @Test
  void missingGitIsToldWithAWayOut() {
    Git git = new Git(folder, "no-such-git-here");

    assertThatThrownBy(() -> git.compare("a", "b"))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("install it")
        .hasMessageContaining("--diff FILE");
  }
}
