package dev.latchkey.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

final class ResultsTest {
  private static final Row ROW =
      Row.of("row", Operation.PUT, 1, 100, List.of(Peer.KV, Peer.NAIVE, Peer.LMDB))
          .goal(2, Peer.NAIVE);

  private final Results results = new Results();

  @Test
  void theMedianOfAnEvenNumberIsBetweenTheMiddleTwo() {
    assertThat(Spread.of(DoubleStream.of(9, 1, 4))).isEqualTo(new Spread(4, 1, 9));
    assertThat(Spread.of(DoubleStream.of(9, 1, 4, 2))).isEqualTo(new Spread(3, 1, 9));
    assertThatThrownBy(() -> Spread.of(DoubleStream.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void ratiosAreTakenRoundByRound() {
    Outcome kv = outcome(ROW, Peer.KV, 100, 400, 900);
    Outcome naive = outcome(ROW, Peer.NAIVE, 50, 100, 100);

    assertThat(kv.ratioTo(naive)).isEqualTo(new Spread(4, 2, 9));
  }

  @Test
  void aGoalIsMetByTheMedian() {
    Outcome kv = outcome(ROW, Peer.KV, 100, 200, 200);
    Outcome naive = outcome(ROW, Peer.NAIVE, 100, 100, 100);
    results.add(ROW, List.of(kv, naive));

    Verdict verdict = results.verdicts(naive).getFirst();

    assertThat(verdict.ratio().median()).isEqualTo(2);
    assertThat(verdict.isMet()).isTrue();
  }

  @Test
  void aGoalIsMissedBelowIt() {
    Outcome kv = outcome(ROW, Peer.KV, 199, 199, 300);
    Outcome naive = outcome(ROW, Peer.NAIVE, 100, 100, 100);
    results.add(ROW, List.of(kv, naive));

    assertThat(results.verdicts(naive).getFirst().isMet()).isFalse();
  }

  @Test
  void aPeerWithoutAGoalIsComparedAllTheSame() {
    Outcome lmdb = outcome(ROW, Peer.LMDB, 100);
    results.add(ROW, List.of(outcome(ROW, Peer.KV, 50), lmdb));

    assertThat(results.verdicts(lmdb))
        .containsExactly(new Verdict("LMDB", new Spread(0.5, 0.5, 0.5), null));
    assertThat(results.verdicts(lmdb).getFirst().isMet()).isTrue();
  }

  @Test
  void kvIsComparedWithItselfInAnEarlierRow() {
    Row more = Row.of("more", Operation.PUT, 2, 100, List.of(Peer.KV)).growingFrom(ROW);
    Outcome alone = outcome(ROW, Peer.KV, 100);
    Outcome together = outcome(more, Peer.KV, 90);
    results.add(ROW, List.of(alone));
    results.add(more, List.of(together));

    assertThat(results.verdicts(together))
        .containsExactly(new Verdict("row", new Spread(0.9, 0.9, 0.9), 1.0));
    assertThat(results.verdicts(alone)).isEmpty();
  }

  @Test
  void nothingIsComparedWithAKvThatWasNotMeasured() {
    Outcome naive = outcome(ROW, Peer.NAIVE, 100);
    results.add(ROW, List.of(naive));

    assertThat(results.verdicts(naive)).isEmpty();
  }

  /// Those that look for a goal by its peer or row would find none, and no goal is never missed.
  @Test
  void everyGoalIsAboutSomethingThatIsMeasured() {
    List<Row> rows = Rows.all();

    for (Row row : rows) {
      assertThat(row.goals()).as(row.name()).isNotEmpty();
      for (Goal goal : row.goals()) {
        switch (goal) {
          case Goal.OfPeer of -> assertThat(row.peers()).as(row.name()).contains(of.peer());
          case Goal.OfRow of ->
              assertThat(rows.subList(0, rows.indexOf(row)))
                  .extracting(Row::name)
                  .contains(of.row());
        }
      }
    }
  }

  private static Outcome outcome(Row row, Peer peer, double... perSecond) {
    return new Outcome(
        row,
        peer,
        DoubleStream.of(perSecond)
            .mapToObj(each -> new Measurement(each, 0, 0, new Latencies()))
            .toList());
  }
}
