package dev.latchkey.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.simulator.SimulatedModel;
import dev.latchkey.simulator.SimulatedModelOptions;
import dev.latchkey.testkit.GitRepository;
import dev.latchkey.testkit.OddHistory;
import dev.latchkey.testkit.RealHistory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `latchkey review --diff FILE` over whole histories: each finding it prints as tied to a line
/// stands, in the blob of its side, on the line it quotes. [RealHistory] says which real history,
/// and how to choose another.
class ReviewHistoryTest {
  private static final long SEED = 7_20_26;

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 5, 20})
  void findingsOfAnOddHistoryLieOnTheLineTheyQuote(int misnumber) throws IOException {
    int commits = misnumber == 0 ? 260 : 40;
    byte[] stream = OddHistory.of(SEED, commits);
    String model = model(folder.resolve("rules.json"), misnumber, "a", "e", "-", "+", "\\u");
    Path bare = Files.createDirectory(folder.resolve("repository"));
    try (GitRepository repository = GitRepository.imported(bare, stream)) {
      AnchorCheck check = new AnchorCheck(repository, folder.resolve("diff"), "--model", model);

      for (GitRepository.Change change : repository.changes("main", commits)) {
        check.check(change);
      }

      System.out.printf("seed %d, numbers off by %d: %s%n", SEED, misnumber, check);
      assertThat(check.reviews).isGreaterThanOrEqualTo(misnumber == 0 ? 200 : commits / 2);
      assertThat(check.anchored()).isGreaterThan(misnumber < 5 ? 50 : -1);
      if (misnumber < 5) {
        assertThat(check.moved > 0).isEqualTo(misnumber > 0);
      }
    }
  }

  @Test
  void findingsOfARealHistoryLieOnTheLineTheyQuote() throws IOException {
    try (RealHistory history = RealHistory.open();
        SimulatedModel model =
            SimulatedModel.start(
                SimulatedModelOptions.of(InstantSource.system(), new ChangedLines()))) {
      String[] options = {"--model", "openai:any", "--model-url", model.uri().toString()};
      AnchorCheck check = new AnchorCheck(history.repository(), folder.resolve("diff"), options);

      for (GitRepository.Change change : history.changes()) {
        check.check(change);
      }
      for (GitRepository.Change span : history.spans()) {
        if (check.reviews < RealHistory.ENOUGH) {
          check.check(span);
        }
      }

      System.out.printf("%s: %s%n", history, check);
      assertThat(check.reviews).isGreaterThanOrEqualTo(history.required(check.blank));
      int least = history.isLong() ? RealHistory.ENOUGH : 0;
      assertThat(check.onTheRight).isGreaterThanOrEqualTo(least);
      assertThat(check.onTheLeft).isGreaterThanOrEqualTo(least);
      assertThat(check.moved).isBetween(least, check.anchored() - least);
    }
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
}
