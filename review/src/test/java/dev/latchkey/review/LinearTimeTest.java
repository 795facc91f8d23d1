package dev.latchkey.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// No text costs the parser more than linear work. Two things would show it: what is allocated for
/// each byte of the text, which is counted, and sizes whose square would take far longer than the
/// limit of some minutes, for work that allocates nothing. The thread of a test that reaches the
/// limit is left behind, as the parser listens to no interrupt.
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LinearTimeTest {
  private static final int MANY = 1_000_000;

  /// The most that is allocated for a byte of the text. Empty lines are the worst: each is one
  /// byte, and becomes two objects and a place in a list.
  private static final long BYTES_EACH = 128;

  private static final String FILE = "diff --git a/x b/x\n--- a/x\n+++ b/x\n";

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static byte[] repeated(String head, int count, IntFunction<String> part) {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    text.writeBytes(bytes(head));
    for (int i = 0; i < count; i++) {
      text.writeBytes(bytes(part.apply(i)));
    }
    return text.toByteArray();
  }

  /// Parses, and asserts that no more was allocated than a multiple of the text.
  private static List<FileDiff> parsed(byte[] text) {
    List<FileDiff> files = new ArrayList<>();
    long allocated = Work.allocated(() -> files.addAll(Diffs.parse(text)));
    assertThat(allocated).isLessThan(BYTES_EACH * text.length + 100_000);
    return files;
  }

  private static void assertRefused(byte[] text) {
    long allocated =
        Work.allocated(
            () -> assertThatThrownBy(() -> Diffs.parse(text)).isInstanceOf(DiffException.class));
    assertThat(allocated).isLessThan(BYTES_EACH * text.length + 10_000_000);
  }

  @Test
  void aMillionHunks() {
    byte[] text = repeated(FILE, MANY, i -> "@@ -" + (i + 1) + " +" + (i + 1) + " @@\n-\n+\n");

    List<FileDiff> files = parsed(text);

    assertThat(files.getFirst().hunks()).hasSize(MANY);
  }

  @Test
  void aHunkOfMillionsOfEmptyLines() {
    int count = 5 * MANY;
    byte[] text = repeated(FILE + "@@ -1," + count + " +1," + count + " @@\n", count, i -> "\n");

    List<FileDiff> files = parsed(text);

    assertThat(files.getFirst().hunks().getFirst().lines()).hasSize(count);
  }

  @Test
  void aLineOfFiftyMegabytes() {
    byte[] text = bytes(FILE + "@@ -0,0 +1 @@\n+" + "é".repeat(50 * MANY));

    List<FileDiff> files = parsed(text);

    assertThat(files.getFirst().hunks().getFirst().lines().getFirst().bytes().length())
        .isEqualTo(50 * MANY);
  }

  @Test
  void aMillionFiles() {
    byte[] text =
        repeated("", MANY, i -> "diff --git a/%07d b/%07d\nnew file mode 1\n".formatted(i, i));

    List<FileDiff> files = parsed(text);

    assertThat(files).hasSize(MANY);
  }

  /// "Aa" and "BB" have one hash, so all these paths have.
  @Test
  void pathsWithOneHash() {
    int bits = 18;
    byte[] text =
        repeated(
            "",
            1 << bits,
            i -> {
              StringBuilder path = new StringBuilder();
              for (int bit = 0; bit < bits; bit++) {
                path.append((i >> bit & 1) == 0 ? "Aa" : "BB");
              }
              return "diff --git a/%s b/%s\nold mode 1\nnew mode 2\n".formatted(path, path);
            });

    List<FileDiff> files = parsed(text);

    assertThat(files).hasSize(1 << bits);
  }

  @Test
  void aHundredThousandRenames() {
    byte[] text =
        repeated(
            "",
            100_000,
            i ->
                "diff --git a/o%d b/n%d\nsimilarity index 100%%\nrename from o%d\nrename to n%d\n"
                    .formatted(i, i, i, i));

    List<FileDiff> files = parsed(text);

    assertThat(files).hasSize(100_000).allMatch(f -> f.status() == FileDiff.Status.RENAMED);
  }

  @Test
  void aFileRenamedAMillionTimes() {
    byte[] text =
        repeated("diff --git a/x b/y\n", MANY, i -> "rename from x" + i + "\nrename to y\n");

    List<FileDiff> files = parsed(text);

    assertThat(files.getFirst().oldPath()).contains("x999999");
  }

  @Test
  void aNameOfManyEscapes() {
    String name = "\\\\\\\"\\303\\274".repeat(MANY);
    byte[] text = bytes("diff --git \"a/%s\" \"b/%s\"\nold mode 1\n".formatted(name, name));

    List<FileDiff> files = parsed(text);

    assertThat(files.getFirst().path()).hasSize(3 * MANY).startsWith("\\\"ü");
  }

  @Test
  void aNameOfManyQuotesIsRefused() {
    assertRefused(bytes("diff --git " + "\"".repeat(10 * MANY) + "\n--- a/x\n+++ b/x\n"));
    assertRefused(bytes("diff --git \"" + "\\".repeat(10 * MANY) + "\n--- a/x\n+++ b/x\n"));
    assertRefused(bytes("diff --git " + "a/ b/ ".repeat(2 * MANY) + "\n--- a/x\n+++ b/x\n"));
  }

  @Test
  void marksOfAMissingLineFeedWithoutEnd() {
    byte[] text = repeated(FILE + "@@ -1 +1,2 @@\n-a\n+b\n", 5 * MANY, i -> "\\ No newline\n");

    List<FileDiff> files = parsed(bytes(new String(text, StandardCharsets.ISO_8859_1) + "+c\n"));

    assertThat(files.getFirst().hunks().getFirst().lines()).hasSize(3);
  }

  @Test
  void aMailOfManyLinesAboveAndBelow() {
    String mail = "-- \n" + "From: someone\n".repeat(2 * MANY);
    byte[] text = bytes(mail + FILE + "@@ -1 +1 @@\n-a\n+b\n" + mail);

    List<FileDiff> files = parsed(text);

    assertThat(files).hasSize(1);
  }

  @Test
  void aBinaryPatchOfManyParts() {
    byte[] text =
        repeated("diff --git a/x b/x\nGIT binary patch\n", MANY, i -> "literal 1\nIcmb\n\n");

    List<FileDiff> files = parsed(text);

    assertThat(files.getFirst().completeness()).isEqualTo(FileDiff.Completeness.BINARY);
  }

  @Test
  void aHeaderOfADigitWithoutEndIsRefused() {
    assertRefused(bytes(FILE + "@@ -" + "0".repeat(50 * MANY) + "\n"));
    assertRefused(bytes(FILE + "@@ -1," + "9".repeat(50 * MANY) + " +1 @@\n"));
  }

  /// The plan of what was read is linear too, however many parts the files have.
  @Test
  void aMillionLinesArePlanned() {
    byte[] text = repeated(FILE + "@@ -0,0 +1," + MANY + " @@\n", MANY, i -> "+line " + i + "\n");
    Snapshot snapshot = Snapshot.ofDiff("a/b", Diffs.parse(text));
    ReviewOptions options =
        Samples.options().withMaxFileTokens(Integer.MAX_VALUE).withChunkTokens(200);

    Plan plan = Plan.of(snapshot, options.withMaxChunks(Integer.MAX_VALUE));

    assertThat(plan.chunks()).hasSizeGreaterThan(10_000);
    assertThat(plan.omitted()).isEmpty();
  }

  /// A reader that looks at what is left of the text at each line must be found, or the limit shows
  /// nothing.
  @Test
  void quadraticReaderIsFound() {
    byte[] text = repeated("", 10_000, i -> "+\n");

    long allocated =
        Work.allocated(() -> {
          String left = new String(text, StandardCharsets.ISO_8859_1);
          while (!left.isEmpty()) {
            left = left.substring(left.indexOf('\n') + 1);
          }
        });

    assertThat(allocated).isGreaterThan(BYTES_EACH * text.length + 100_000);
  }
}
