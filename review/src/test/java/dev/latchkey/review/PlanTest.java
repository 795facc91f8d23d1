package dev.latchkey.review;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PlanTest {
  private static List<String> paths(Plan plan) {
    return plan.chunks().stream().flatMap(c -> c.files().stream()).map(FileDiff::path).toList();
  }

  private static String[] lines(int count) {
    return IntStream.range(0, count).mapToObj(i -> "line number " + i + ";").toArray(String[]::new);
  }

  @Test
  void sourceComesBeforeTestsBeforeDocuments() {
    Snapshot snapshot =
        Samples.snapshot(
            Samples.added("README.md", "text"),
            Samples.added("src/test/java/AppTest.java", "test"),
            Samples.added("src/main/java/App.java", "code"));

    Plan plan = Plan.of(snapshot, Samples.options());

    assertThat(paths(plan))
        .containsExactly("src/main/java/App.java", "src/test/java/AppTest.java", "README.md");
    assertThat(plan.omitted()).isEmpty();
  }

  @Test
  void everyFileLeftOutIsListedWithItsReason() {
    FileDiff binary =
        Diffs.parse(
                "diff --git a/i.png b/i.png\nindex 1..2\nBinary files a/i.png and b/i.png differ\n"
                    .getBytes(java.nio.charset.StandardCharsets.US_ASCII))
            .getFirst();
    Snapshot snapshot =
        Samples.snapshot(
            binary,
            Diffs.ofPatch(FilePatch.of("moved", "renamed", 0, 0)),
            Diffs.ofPatch(FilePatch.of("cut.c", "modified", 5, 5)),
            Samples.added("web/package-lock.json", "{}"),
            Samples.added("vendor/lib/x.go", "x"),
            Samples.added("app.min.js", "x"),
            Samples.added("huge.c", lines(500)));

    Plan plan = Plan.of(snapshot, Samples.options().withMaxFileTokens(1_000));

    assertThat(plan.chunks()).isEmpty();
    assertThat(plan.omitted())
        .extracting(Omitted::reason)
        .containsExactly(
            Omitted.Reason.BINARY,
            Omitted.Reason.NO_TEXT,
            Omitted.Reason.INCOMPLETE_DIFF,
            Omitted.Reason.LOCK_FILE,
            Omitted.Reason.VENDORED,
            Omitted.Reason.MINIFIED,
            Omitted.Reason.TOO_LARGE);
    assertThat(plan.omitted().getLast().detail()).contains("limit 1,000");
  }

  @Test
  void chunksStayWithinTheirBudget() {
    FileDiff[] files =
        IntStream.range(0, 40)
            .mapToObj(i -> Samples.added("f" + i + ".c", lines(20)))
            .toArray(FileDiff[]::new);

    Plan plan = Plan.of(Samples.snapshot(files), Samples.options().withChunkTokens(1_000));

    assertThat(plan.chunks()).hasSizeGreaterThan(4);
    assertThat(plan.chunks())
        .allMatch(chunk -> chunk.files().stream().mapToLong(Tokens::of).sum() <= 1_000);
    assertThat(paths(plan)).containsExactly(paths(files));
  }

  private static String[] paths(FileDiff... files) {
    return Arrays.stream(files).map(FileDiff::path).toArray(String[]::new);
  }

  @Test
  void hugeFileIsSplitAndNoLineIsLost() {
    FileDiff huge = Samples.added("huge.c", lines(700));

    Plan plan = Plan.of(Samples.snapshot(huge), Samples.options().withChunkTokens(1_000));

    assertThat(plan.chunks()).hasSizeGreaterThan(3);
    assertThat(
            plan.chunks().stream()
                .flatMap(chunk -> chunk.files().getFirst().hunks().stream())
                .flatMap(hunk -> hunk.lines().stream())
                .map(DiffLine::newNumber))
        .containsExactlyElementsOf(IntStream.rangeClosed(1, 700).boxed().toList());
    assertThat(plan.chunks().get(1).files().getFirst().hunks().getFirst().newStart())
        .isEqualTo(
            plan.chunks()
                .get(1)
                .files()
                .getFirst()
                .hunks()
                .getFirst()
                .lines()
                .getFirst()
                .newNumber());
  }

  @Test
  void whatIsBeyondTheBudgetIsListed() {
    Snapshot snapshot =
        Samples.snapshot(Samples.added("a.c", lines(60)), Samples.added("b.c", lines(60)));

    Plan plan = Plan.of(snapshot, Samples.options().withChunkTokens(600).withMaxChunks(1));

    assertThat(paths(plan)).containsExactly("a.c");
    assertThat(plan.omitted()).extracting(Omitted::path).contains("b.c");
    assertThat(plan.omitted()).allMatch(omitted -> omitted.reason() == Omitted.Reason.OVER_BUDGET);
  }

  @Test
  void hashFollowsContentModelAndRepositoryButNotTheTitle() {
    FileDiff file = Samples.added("a.c", "int a;");
    String hash = hash(Samples.snapshot(file), Samples.options());
    Snapshot renamed =
        new Snapshot("acme/shop", 8, "h2", "b2", "Other title", "x", "bob", List.of(file));
    Snapshot elsewhere = Snapshot.ofDiff("acme/other", List.of(file));

    assertThat(hash(renamed, Samples.options())).isEqualTo(hash).hasSize(64);
    assertThat(hash(elsewhere, Samples.options())).isNotEqualTo(hash);
    assertThat(hash(renamed, ReviewOptions.of("openai:x"))).isNotEqualTo(hash);
    assertThat(hash(Samples.snapshot(Samples.added("a.c", "int b;")), Samples.options()))
        .isNotEqualTo(hash);
  }

  private static String hash(Snapshot snapshot, ReviewOptions options) {
    return Plan.of(snapshot, options).chunks().getFirst().hash();
  }

  @Test
  void emptyDiffHasAnEmptyPlan() {
    Plan plan = Plan.of(Samples.snapshot(), Samples.options());

    assertThat(plan.chunks()).isEmpty();
    assertThat(plan.omitted()).isEmpty();
  }
}
