package dev.latchkey.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.review.Bytes;
import dev.latchkey.review.Visible;
import dev.latchkey.testkit.GitRepository;
import dev.latchkey.testkit.OddHistory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// `latchkey review --diff -` over whole histories: each finding it prints as tied to a line
/// stands, in the blob, on the line it quotes.
///
/// `-Dlatchkey.corpus=DIR` names another repository to walk, `-Dlatchkey.corpus.commits=N` how far.
class ReviewHistoryTest {
  private static final long SEED = 7_20_26;

  private int reviews;
  private int anchored;
  private int moved;
  private int unanchored;

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 5, 20})
  void findingsOfAnOddHistoryLieOnTheLineTheyQuote(int misnumber, @TempDir Path folder)
      throws IOException {
    int commits = misnumber == 0 ? 260 : 40;
    byte[] stream = OddHistory.of(SEED, commits);
    String model = model(folder.resolve("rules.json"), misnumber, "a", "e", "-", "+", "\\u");
    Path bare = Files.createDirectory(folder.resolve("repository"));
    try (GitRepository repository = GitRepository.imported(bare, stream)) {

      for (GitRepository.Change change : repository.changes("main", commits)) {
        check(repository, change, model);
      }
    }
    System.out.printf(
        "seed %d, numbers off by %d: %d reviews, %d findings on their line, %d of them moved, %d"
            + " not tied to one%n",
        SEED, misnumber, reviews, anchored, moved, unanchored);
    assertThat(reviews).isGreaterThanOrEqualTo(misnumber == 0 ? 200 : commits / 2);
    assertThat(anchored).isGreaterThan(misnumber < 5 ? 50 : -1);
    if (misnumber < 5) {
      assertThat(moved > 0).isEqualTo(misnumber > 0);
    }
  }

  @Test
  void findingsOfARealHistoryLieOnTheLineTheyQuote(@TempDir Path folder) throws IOException {
    Path corpus = Path.of(System.getProperty("latchkey.corpus", ".")).toAbsolutePath();
    int limit = Integer.getInteger("latchkey.corpus.commits", 60);
    String model = model(folder.resolve("rules.json"), 1, "return", "(", "LATER", "e");
    try (GitRepository repository = GitRepository.at(corpus)) {

      for (GitRepository.Change change : repository.changes("HEAD", limit)) {
        check(repository, change, model);
      }
    }
    System.out.printf(
        "%s: %,d reviews, %,d findings on their line, %,d of them moved, %,d not tied to one%n",
        corpus, reviews, anchored, moved, unanchored);
    assertThat(reviews).isPositive();
  }

  private static String model(Path file, int misnumber, String... patterns) throws IOException {
    StringBuilder rules = new StringBuilder();
    for (String pattern : patterns) {
      String escaped = pattern.replace("\\", "\\\\");
      rules.append(rules.isEmpty() ? "" : ",");
      rules.append("{\"pattern\":\"" + escaped + "\",\"claim\":\"has it\"}");
    }
    String text = "{\"misnumber\":" + misnumber + ",\"rules\":[" + rules + "]}";
    return "scripted:" + Files.writeString(file, text);
  }

  private void check(GitRepository repository, GitRepository.Change change, String model)
      throws IOException {
    byte[] diff = repository.diff(change);
    CommandRun run =
        CommandRun.of(diff, Map.of(), "--diff", "-", "--model", model, "--format", "json");
    if (run.exitCode() == 2) {
      assertThat(run.err()).containsAnyOf("the diff is empty", "nothing in the diff can be");
      return;
    }
    reviews++;
    for (JsonNode finding : run.json().at("/findings")) {
      check(repository, change, finding);
    }
  }

  private void check(GitRepository repository, GitRepository.Change change, JsonNode finding)
      throws IOException {
    String anchor = finding.at("/anchor").stringValue();
    if (anchor.equals("unanchored")) {
      unanchored++;
      return;
    }
    String path = raw(finding.at("/path").stringValue());
    Optional<byte[]> blob = repository.blob(change.after(), path);
    assertThat(blob).describedAs(path).isPresent();
    List<String> lines =
        List.of(new String(blob.get(), StandardCharsets.ISO_8859_1).split("\n", -1));
    String line = lines.get(finding.at("/line").intValue() - 1);
    byte[] bytes = line.getBytes(StandardCharsets.ISO_8859_1);
    assertThat(finding.at("/quote").stringValue()).isEqualTo(Visible.line(Bytes.of(bytes).text()));
    anchored++;
    moved += anchor.equals("moved") ? 1 : 0;
  }

  /// A path as a character for each byte; what JSON can't hold was written as `\x..`.
  private static String raw(String path) {
    String bytes = new String(path.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    return Pattern.compile("\\\\x([0-9a-f]{2})")
        .matcher(bytes)
        .replaceAll(match -> Character.toString(HexFormat.fromHexDigits(match.group(1))));
  }
}
