package dev.latchkey.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RealHistoryTest {
  @ParameterizedTest
  @CsvSource({"1, 0", "2, 1", "5, 10", "20, 190", "24, 200", "25, 200", "40, 200"})
  void asMuchIsRequiredAsTheHistoryHolds(int commits, int required, @TempDir Path folder)
      throws IOException {
    GitRepository.imported(folder, OddHistory.of(7, commits)).close();
    pointHeadAtMain(folder);

    try (RealHistory history = RealHistory.of(folder, 200)) {
      List<GitRepository.Change> pairs = new ArrayList<>(history.changes());
      pairs.addAll(history.spans());

      assertThat(history.commits()).isEqualTo(commits);
      assertThat(history.required(0)).isEqualTo(required);
      assertThat(pairs).doesNotHaveDuplicates().hasSizeGreaterThanOrEqualTo(required);
    }
  }

  @Test
  void blankDiffsLessenWhatAShortHistoryMustShow(@TempDir Path folder) throws IOException {
    GitRepository.imported(folder, OddHistory.of(7, 5)).close();
    pointHeadAtMain(folder);

    try (RealHistory history = RealHistory.of(folder, 200)) {
      assertThat(history.isLong()).isFalse();
      assertThat(history.required(3)).isEqualTo(7);
    }
  }

  @Test
  void spanEndsAtTheAncestorSoManyParentsBack(@TempDir Path folder) throws IOException {
    try (GitRepository repository = GitRepository.imported(folder, OddHistory.of(7, 5))) {
      List<String> ids = repository.text("rev-list", "main").lines().toList();

      List<GitRepository.Change> spans = repository.spans("main", 1, 3);

      assertThat(spans).containsExactly(new GitRepository.Change(ids.get(3), ids.get(0)));
      assertThat(repository.spans("main", 5, 4)).hasSize(1);
      assertThat(repository.spans("main", 5, 5)).isEmpty();
    }
  }

  /// HEAD of a new repository names whatever git's version has as its default.
  private static void pointHeadAtMain(Path folder) throws IOException {
    try (GitRepository repository = GitRepository.at(folder)) {
      repository.text("symbolic-ref", "HEAD", "refs/heads/main");
    }
  }
}
