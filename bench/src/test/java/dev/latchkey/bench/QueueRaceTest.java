package dev.latchkey.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class QueueRaceTest {

  @BeforeAll
  static void quieten() {
    Logs.quieten();
  }

  private static final Duration LENGTH = Duration.ofMillis(50);

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource
  void everyPeerIsMeasuredInEveryRound(QueueOperation operation) throws Exception {
    QueueRow row = new QueueRow("row", operation, 2, 10, List.of(QueuePeer.values()));

    List<QueueOutcome> outcomes = run(row);

    assertThat(outcomes).extracting(QueueOutcome::peer).containsExactly(QueuePeer.values());
    for (QueueOutcome outcome : outcomes) {
      long calls = outcome.latencies().count();
      assertThat(outcome.rounds()).hasSize(2);
      assertThat(calls).isPositive();
      assertThat(outcome.toStart().count()).isEqualTo(operation.isStarted() ? calls : 0);
      assertThat(outcome.toStart().longest()).isLessThanOrEqualTo(outcome.latencies().longest());
    }
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aTableHasALineForEachPeerWithAsManyCellsAsItsHead() throws Exception {
    QueueRow row =
        new QueueRow(
            "row", QueueOperation.ACCEPT, 2, 10, List.of(QueuePeer.INBOX, QueuePeer.TABLE));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    MarkdownReport report = new MarkdownReport(new PrintStream(out, true, StandardCharsets.UTF_8));

    report.queueHead();
    report.queueRow(run(row));

    List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
    assertThat(lines).hasSize(4);
    assertThat(lines)
        .extracting(line -> line.chars().filter(c -> c == '|').count())
        .containsOnly(13L);
    assertThat(lines.get(2)).contains("| inbox |").endsWith("|  |");
    assertThat(lines.get(3)).contains("| table and polling |").containsPattern("[0-9]x \\(");
  }

  @Test
  void aGoalIsMissedBelowItsFigure() {
    QueueOutcome met = outcome(Goals.ACCEPT, 10_000, 0);
    QueueOutcome missed = outcome(Goals.ACCEPT, 9_999, 0);
    QueueOutcome slow = outcome(Goals.IDLE, 1, 5_000_000);

    List<Figure> figures = Goals.of(List.of(met, missed, slow));

    assertThat(figures).extracting(Figure::isMet).containsExactly(true, false, false);
  }

  /// Those that look for a goal by its row would find none, and no goal is never missed.
  @Test
  void everyGoalIsAboutARowThatIsMeasured() {
    List<String> rows = QueueRow.all().stream().map(QueueRow::name).toList();

    assertThat(rows).contains(Goals.ACCEPT, Goals.DONE, Goals.IDLE).doesNotHaveDuplicates();
  }

  private List<QueueOutcome> run(QueueRow row) throws Exception {
    QueuePlan plan =
        new QueuePlan(List.of(row), row.peers(), 2, LENGTH, Duration.ofMillis(10), 1, 1);
    try (QueueRace race = new QueueRace(row, plan, folder)) {
      return race.run();
    }
  }

  private static QueueOutcome outcome(String name, double perSecond, long toStart) {
    QueueRow row = new QueueRow(name, QueueOperation.DONE, 1, 1, List.of(QueuePeer.INBOX));
    Latencies latencies = new Latencies();
    latencies.record(toStart);
    Measurement round = new Measurement(perSecond, 0, 0, new Latencies());
    return new QueueOutcome(row, QueuePeer.INBOX, List.of(round), latencies);
  }
}
