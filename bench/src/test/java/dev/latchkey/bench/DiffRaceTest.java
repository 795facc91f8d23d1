package dev.latchkey.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class DiffRaceTest {
  private static final List<DiffPeer> ALL = List.of(DiffPeer.values());

  @Test
  void allReadersFindTheSameFilesAndHunks() throws IOException {
    byte[] text = DiffText.ofFiles(200, 1);

    for (DiffPeer peer : ALL) {
      DiffPeer.Parsed parsed = peer.parse(text);

      assertThat(parsed.files()).as(peer.title()).isEqualTo(200);
      assertThat(parsed.hunks()).as(peer.title()).isEqualTo(hunks(text));
    }
  }

  private static long hunks(byte[] text) {
    return new String(text, StandardCharsets.UTF_8)
        .lines()
        .filter(line -> line.startsWith("@@ -"))
        .count();
  }

  /// A single hunk in which a line looks like a header is what a reader may be wrong about.
  @Test
  void readersThatDisagreeEndTheRace() {
    String text = "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n-- \n2.50\n";
    String after = "diff --git a/y b/y\nold mode 100644\nnew mode 100755\n";
    byte[] mail = (text + after).getBytes(StandardCharsets.UTF_8);

    DiffRace race = new DiffRace(mail, ALL);

    assertThatThrownBy(() -> race.run(0, 1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("files and");
  }

  @Test
  void everyReaderIsMeasuredInEveryRound() throws IOException {
    List<DiffOutcome> outcomes = new DiffRace(DiffText.ofBytes(100_000, 1), ALL).run(1, 2);

    assertThat(outcomes).extracting(DiffOutcome::peer).containsExactly(DiffPeer.values());
    for (DiffOutcome outcome : outcomes) {
      assertThat(outcome.rounds()).hasSize(2);
      assertThat(outcome.perSecond().least()).isPositive();
      assertThat(outcome.allocated().least()).isPositive();
    }
  }

  @Test
  void sameSeedGivesTheSameText() {
    byte[] text = DiffText.ofBytes(1_000_000, 7);

    assertThat(text).isEqualTo(DiffText.ofBytes(1_000_000, 7));
    assertThat(text).isNotEqualTo(DiffText.ofBytes(1_000_000, 8));
    assertThat(text.length).isBetween(1_000_000, 1_100_000);
  }

  @Test
  void aTableHasALineForEachReader() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    MarkdownReport report = new MarkdownReport(new PrintStream(out, true, StandardCharsets.UTF_8));

    report.diffHead();
    report.diffRows(new DiffRace(DiffText.ofBytes(100_000, 1), ALL).run(0, 1));

    List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
    assertThat(lines).hasSize(2 + ALL.size());
    assertThat(lines)
        .extracting(line -> line.chars().filter(c -> c == '|').count())
        .containsOnly(7L);
    assertThat(lines.get(2)).startsWith("| review |").endsWith("|  |");
    assertThat(lines.getLast()).containsPattern("[0-9]x \\(");
  }

  @Test
  void theLibrariesVersionsAreTold() throws IOException {
    Map<String, String> facts = Machine.parserFacts(Instant.EPOCH, "abc");

    assertThat(facts.get("JGit")).matches("\\(org\\.eclipse\\.jgit-.*\\.jar\\)");
    assertThat(facts.get("java-diff-utils")).matches("\\(java-diff-utils-.*\\.jar\\)");
  }
}
