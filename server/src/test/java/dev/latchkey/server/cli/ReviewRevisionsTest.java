package dev.latchkey.server.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `latchkey review` of two revisions of a repository.
class ReviewRevisionsTest {
  private static final String RULES =
      "{\"rules\": [{\"pattern\": \"LATER\", \"claim\": \"Unfinished.\"}]}";

  @TempDir Path folder;
  private String rules = "";

  @BeforeEach
  void writeRules() throws IOException {
    rules = "scripted:" + Files.writeString(folder.resolve("rules.json"), RULES);
  }

  /// One line, nothing on standard output.
  private static void assertFails(CommandRun run, int exitCode, String... parts) {
    assertThat(run.err()).contains(parts);
    assertThat(run.err().lines()).hasSize(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.exitCode()).isEqualTo(exitCode);
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
