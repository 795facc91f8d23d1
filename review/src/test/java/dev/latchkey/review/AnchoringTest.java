package dev.latchkey.review;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.review.Misquote.Attempt;
import dev.latchkey.testkit.GitRepository;
import dev.latchkey.testkit.OddHistory;
import dev.latchkey.testkit.RealHistory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Findings of a model that errs in all the ways [Misquote] knows, over whole histories: each is on
/// a line that says what was quoted, and on the very line meant where that is the only one within
/// reach; or it is tied to no line. [RealHistory] says which real history.
class AnchoringTest {
  private static final long SEED = 20_261_125;

  @Test
  void acceptedFindingsOfAnOddHistoryAreOnTheirLines(@TempDir Path folder) throws IOException {
    System.out.println("seed of the odd history: " + SEED);
    try (GitRepository repository = GitRepository.imported(folder, OddHistory.of(SEED, 260))) {
      AnchoringCheck check = AnchoringCheck.of(SEED);

      for (GitRepository.Change change : repository.changes("main", 260)) {
        check.check(repository.diff(change));
      }

      System.out.println("odd history: " + check + "\n" + check.table());
      assertThat(check.complaints).isEmpty();
      assertThat(check.accepted).isGreaterThan(5_000);
      assertThat(check.ties).isGreaterThan(30);
    }
  }

  @Test
  void acceptedFindingsOfARealHistoryAreOnTheirLines() throws IOException {
    try (RealHistory history = RealHistory.open()) {
      AnchoringCheck check = AnchoringCheck.of(SEED);

      for (GitRepository.Change change : history.changes()) {
        check.check(history.repository().diff(change));
      }
      for (GitRepository.Change span : history.spans()) {
        if (check.diffs < RealHistory.ENOUGH) {
          check.check(history.repository().diff(span));
        }
      }

      System.out.println(history + ": " + check + "\n" + check.table());
      assertThat(check.complaints).isEmpty();
      assertThat(check.diffs).isGreaterThanOrEqualTo(history.required(0));
      assertThat(check.accepted).isGreaterThan(history.isLong() ? 10 * RealHistory.ENOUGH : -1);
    }
  }

  /// A check that is wrong in one way.
  enum Wrong implements AnchoringCheck.Plant {
    ONE_LINE_BELOW(AnchoringCheck.NOT_THE_WORDS) {
      @Override
      public Finding apply(Finding finding, Attempt attempt, List<Integer> places) {
        return anchored(finding) ? at(finding, finding.side(), finding.line() + 1) : finding;
      }
    },
    ON_THE_OTHER_SIDE(AnchoringCheck.NO_PLACE) {
      @Override
      public Finding apply(Finding finding, Attempt attempt, List<Integer> places) {
        Side other = finding.side() == Side.LEFT ? Side.RIGHT : Side.LEFT;
        return anchored(finding) ? at(finding, other, finding.line()) : finding;
      }
    },
    TIE_ACCEPTED(AnchoringCheck.WRONG_PLACE) {
      @Override
      public Finding apply(Finding finding, Attempt attempt, List<Integer> places) {
        boolean tie = !anchored(finding) && places.size() > 1;
        return tie ? at(finding, finding.side(), places.getFirst()) : finding;
      }
    },
    NUMBER_BELIEVED(AnchoringCheck.NOT_THE_WORDS) {
      @Override
      public Finding apply(Finding finding, Attempt attempt, List<Integer> places) {
        return anchored(finding) ? finding : at(finding, finding.side(), attempt.line());
      }
    },
    RANGE_LOST(AnchoringCheck.OTHER_LENGTH) {
      @Override
      public Finding apply(Finding finding, Attempt attempt, List<Integer> places) {
        boolean range = finding.startLine().isPresent();
        return range ? at(finding, finding.side(), finding.startLine().getAsInt()) : finding;
      }
    },
    NOTHING_MOVED(AnchoringCheck.WRONG_PLACE) {
      @Override
      public Finding apply(Finding finding, Attempt attempt, List<Integer> places) {
        boolean moved = finding.anchor() == Anchor.MOVED;
        return moved ? tied(finding, Anchor.UNANCHORED, finding.side(), attempt.line()) : finding;
      }
    };

    private final String complaint;

    Wrong(String complaint) {
      this.complaint = complaint;
    }

    private static boolean anchored(Finding finding) {
      return finding.anchor() != Anchor.UNANCHORED;
    }

    /// On a single line.
    private static Finding at(Finding finding, Side side, int line) {
      return tied(finding, anchored(finding) ? finding.anchor() : Anchor.MOVED, side, line);
    }

    private static Finding tied(Finding finding, Anchor anchor, Side side, int line) {
      return new Finding(
          finding.path(),
          side,
          0,
          line,
          finding.quote(),
          anchor,
          finding.severity(),
          finding.confidence(),
          finding.category(),
          finding.claim(),
          null,
          finding.fingerprint());
    }
  }

  @ParameterizedTest
  @EnumSource
  void wrongCheckIsFoundOut(Wrong wrong, @TempDir Path folder) throws IOException {
    try (GitRepository repository = GitRepository.imported(folder, OddHistory.of(SEED, 40))) {
      AnchoringCheck planted = new AnchoringCheck(SEED, wrong);
      AnchoringCheck right = AnchoringCheck.of(SEED);

      for (GitRepository.Change change : repository.changes("main", 40)) {
        planted.check(repository.diff(change));
        right.check(repository.diff(change));
      }

      assertThat(planted.complaints).anyMatch(it -> it.startsWith(wrong.complaint));
      assertThat(right.complaints).isEmpty();
    }
  }
}
