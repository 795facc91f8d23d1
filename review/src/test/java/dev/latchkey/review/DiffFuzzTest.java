package dev.latchkey.review;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/// Whatever the bytes are, the parser ends with files or with a [DiffException]. jqwik prints the
/// seed of each property.
class DiffFuzzTest {
  private static final byte[] SAMPLE =
      """
      diff --git "a/\\303\\274" "b/\\303\\274"
      index 1..2 100644
      --- "a/\\303\\274"
      +++ "b/\\303\\274"
      @@ -1,3 +1,4 @@ head
       a
      -b
      +c
      +--- d
       e
      @@ -10 +11 @@
      -f
      \\ No newline at end of file
      +g
      diff --git a/p q b/p r
      similarity index 50%
      rename from p q
      rename to p r
      diff --git a/bin b/bin
      index 1..2 100644
      GIT binary patch
      literal 1
      Icmb

      """
          .getBytes(StandardCharsets.UTF_8);

  @Property(tries = 2_000)
  void anyBytesAreReadOrRefused(@ForAll byte[] bytes) {
    assertThat(readOrRefused(bytes)).isTrue();
  }

  @Property(tries = 5_000)
  void anyLinesOfADiffInAnyOrderAreReadOrRefused(@ForAll("pieces") List<String> pieces) {
    byte[] text = String.join("\n", pieces).getBytes(StandardCharsets.UTF_8);

    assertThat(readOrRefused(text)).isTrue();
  }

  @Property(tries = 5_000)
  void damagedDiffIsReadOrRefused(@ForAll("damage") List<int[]> damage) {
    byte[] text = SAMPLE.clone();
    damage.forEach(hit -> text[hit[0]] = (byte) hit[1]);

    assertThat(readOrRefused(text)).isTrue();
  }

  @Example
  void diffCutAtAnyByteIsReadOrRefused() {
    for (int length = 0; length <= SAMPLE.length; length++) {
      assertThat(readOrRefused(new Bytes(SAMPLE, 0, length).toArray())).isTrue();
    }
  }

  @Provide
  Arbitrary<List<String>> pieces() {
    return Arbitraries.of(
            "diff --git a/x b/x",
            "diff --git a/y b/y",
            "diff --git \"a/\\",
            "--- a/x",
            "+++ b/x",
            "--- /dev/null",
            "@@ -1 +1 @@",
            "@@ -0,0 +1,2 @@",
            "@@ -3,0 +3 @@",
            "@@",
            "@@ -,",
            "@@ -2147483647 +1 @@",
            "-a",
            "+b",
            " c",
            "",
            "\\ No newline at end of file",
            "-- ",
            "rename from x",
            "rename to \"y",
            "copy from z",
            "Binary files a/x and b/x differ",
            "GIT binary patch",
            "literal 1",
            "new file mode 160000",
            "index 1..2 160000",
            "\uFEFF")
        .list()
        .ofMaxSize(20);
  }

  @Provide
  Arbitrary<List<int[]>> damage() {
    Arbitrary<Integer> at = Arbitraries.integers().between(0, SAMPLE.length - 1);
    Arbitrary<Integer> value =
        Arbitraries.oneOf(
            Arbitraries.of('\n', '+', '-', ' ', '@', '"', '\\', '0', '9', ',').map(c -> (int) c),
            Arbitraries.integers().between(0, 255));
    return net.jqwik.api.Combinators.combine(at, value)
        .as(Tuple::of)
        .map(pair -> new int[] {pair.get1(), pair.get2()})
        .list()
        .ofMinSize(1)
        .ofMaxSize(6);
  }

  /// Every file that was read must be fit for all that follows.
  private static boolean readOrRefused(byte[] text) {
    List<FileDiff> files;
    try {
      files = Diffs.parse(text);
    } catch (DiffException e) {
      return !String.valueOf(e.getMessage()).isBlank() && partialAsPatch(text);
    }
    Snapshot snapshot = Snapshot.ofDiff("a/b", files);
    Plan plan = Plan.of(snapshot, ReviewOptions.of("scripted:x").withChunkTokens(200));
    plan.chunks().forEach(chunk -> Prompt.of(snapshot, chunk, "0".repeat(32)));
    return partialAsPatch(text);
  }

  private static boolean partialAsPatch(byte[] text) {
    String patch = new String(text, StandardCharsets.UTF_8);
    return Diffs.ofPatch(FilePatch.of("x", "modified", 1, 1).withPatch(patch)) != null;
  }
}
