package dev.latchkey.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.testkit.GitRepository;
import dev.latchkey.testkit.OddHistory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Diffs that git has made, damaged in many ways: each is read or refused with a [DiffException],
/// and nothing else comes out. The seed is printed.
class DamagedHistoryTest {
  private static final long SEED = 20_261_125;
  private static final int COMMITS = 120;
  private static final int DAMAGES = 200;

  @TempDir Path folder;

  /// How many damaged diffs were read, and how many refused.
  private record Count(int read, int refused) {}

  @Test
  void damagedDiffsOfGitAreReadOrRefused() throws IOException {
    System.out.println("seed of the damaged history: " + SEED);
    List<byte[]> diffs = diffs();

    Count count = damage(diffs, DamagedHistoryTest::parseAndPlan);

    System.out.printf("%,d damaged diffs read, %,d refused%n", count.read, count.refused);
    assertThat(count.read).isGreaterThan(1_000);
    assertThat(count.refused).isGreaterThan(1_000);
  }

  /// A reader that takes it for granted that a diff has a beginning must be found, or the damage
  /// shows nothing.
  @Test
  void readerOfUndamagedDiffsIsFound() throws IOException {
    List<byte[]> diffs = diffs();
    diffs.forEach(DamagedHistoryTest::trust);

    assertThatThrownBy(() -> damage(diffs, DamagedHistoryTest::trust))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  private static void trust(byte[] text) {
    part(text, "diff --git ".length(), text.length);
  }

  /// Whatever was read must be fit for all that follows.
  private static void parseAndPlan(byte[] text) {
    Snapshot snapshot = Snapshot.ofDiff("a/b", Diffs.parse(text));
    Plan.of(snapshot, Samples.options().withChunkTokens(200).withMaxChunks(1));
  }

  private List<byte[]> diffs() throws IOException {
    List<byte[]> diffs = new ArrayList<>();
    try (GitRepository repository = GitRepository.imported(folder, OddHistory.of(SEED, COMMITS))) {
      for (GitRepository.Change change : repository.changes("main", COMMITS)) {
        diffs.add(repository.diff(change));
      }
    }
    diffs.removeIf(diff -> diff.length == 0);
    return diffs;
  }

  private static Count damage(List<byte[]> diffs, Consumer<byte[]> reader) {
    Random random = new Random(SEED);
    int read = 0;
    int refused = 0;
    for (byte[] diff : diffs) {
      for (int i = 0; i < DAMAGES; i++) {
        byte[] text = damaged(diff, diffs.get(random.nextInt(diffs.size())), random);
        try {
          reader.accept(text);
          read++;
        } catch (DiffException e) {
          assertThat(e).hasMessageNotContaining("null");
          refused++;
        }
      }
    }
    return new Count(read, refused);
  }

  /// One to three damages: bytes changed, taken out, doubled, cut off, or put in from another diff.
  private static byte[] damaged(byte[] diff, byte[] other, Random random) {
    byte[] text = diff;
    int damages = 1 + random.nextInt(3);
    for (int i = 0; i < damages; i++) {
      int from = random.nextInt(text.length + 1);
      int to = Math.min(text.length, from + random.nextInt(60));
      text =
          switch (random.nextInt(5)) {
            case 0 -> changed(text, from, random);
            case 1 -> joined(part(text, 0, from), part(text, to, text.length));
            case 2 -> joined(part(text, 0, to), part(text, from, text.length));
            case 3 -> part(text, 0, from);
            default -> {
              int start = random.nextInt(other.length + 1);
              byte[] piece = part(other, start, Math.min(other.length, start + 80));
              yield joined(part(text, 0, from), piece, part(text, from, text.length));
            }
          };
    }
    return text;
  }

  private static byte[] changed(byte[] text, int at, Random random) {
    byte[] copy = text.clone();
    if (at < copy.length) {
      String likely = "\n+- @\"\\09,";
      copy[at] =
          (byte)
              (random.nextBoolean()
                  ? likely.charAt(random.nextInt(likely.length()))
                  : random.nextInt(256));
    }
    return copy;
  }

  private static byte[] part(byte[] text, int from, int to) {
    return new Bytes(text, from, to).toArray();
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      whole.writeBytes(part);
    }
    return whole.toByteArray();
  }
}
