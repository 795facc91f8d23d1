package dev.latchkey.review;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.testkit.GitRepository;
import dev.latchkey.testkit.OddHistory;
import dev.latchkey.testkit.RealHistory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The parser against whole histories: each line of each diff stands in the blob at its number, no
/// line is missing, and the counts are git's. [RealHistory] says which real history, and how to
/// choose another.
class HistoryTest {
  private static final long SEED = 20_261_123;

  @Test
  void everyLineOfAnOddHistoryStandsInItsBlob(@TempDir Path folder) throws IOException {
    System.out.println("seed of the odd history: " + SEED);
    try (GitRepository repository = GitRepository.imported(folder, OddHistory.of(SEED, 260))) {
      HistoryCheck check = new HistoryCheck(repository);

      for (GitRepository.Change change : repository.changes("main", 260)) {
        check.check(change);
      }

      assertThat(check.diffs).isEqualTo(259);
      assertThat(check.lines).isGreaterThan(2_000);
    }
  }

  @Test
  void contextOfAnyWidthIsReadAlike(@TempDir Path folder) throws IOException {
    try (GitRepository repository = GitRepository.imported(folder, OddHistory.of(SEED + 1, 30))) {
      HistoryCheck check = new HistoryCheck(repository);
      List<GitRepository.Change> changes = repository.changes("main", 30);

      for (GitRepository.Change change : changes) {
        check.check(change, "--unified=0");
        check.check(change, "--unified=1000", "--full-index", "--binary");
      }

      assertThat(check.diffs).isEqualTo(2 * changes.size());
    }
  }

  @Test
  void everyLineOfARealHistoryStandsInItsBlob() throws IOException {
    try (RealHistory history = RealHistory.open()) {
      HistoryCheck check = new HistoryCheck(history.repository());

      for (GitRepository.Change change : history.changes()) {
        check.check(change);
      }
      for (GitRepository.Change span : history.spans()) {
        if (check.diffs < RealHistory.ENOUGH) {
          check.check(span);
        }
      }

      System.out.printf(
          "%s: %,d diffs, %,d files, %,d lines, none wrong%n",
          history, check.diffs, check.files, check.lines);
      assertThat(check.diffs).isGreaterThanOrEqualTo(history.required(0));
      assertThat(check.lines).isGreaterThan(history.isLong() ? 10 * RealHistory.ENOUGH : -1);
    }
  }
}
