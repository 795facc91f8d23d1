package dev.latchkey.review;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// A file as GitHub's list of a pull request's files has it.
class PatchTest {
  private static final String PATCH = "@@ -1,2 +1,3 @@ class A {\n a\n-b\n+c\n+d";

  @Test
  void patchWithoutAFinalLineFeedIsWhole() {
    FileDiff file = Diffs.ofPatch(FilePatch.of("A.java", "modified", 2, 1).withPatch(PATCH));

    assertThat(file.completeness()).isEqualTo(FileDiff.Completeness.COMPLETE);
    assertThat(file.additions()).isEqualTo(2);
    assertThat(LineIndex.of(file).commentable(Side.RIGHT, 3)).isTrue();
  }

  @Test
  void markOfAMissingLineFeedAtTheEndIsRead() {
    FileDiff file =
        Diffs.ofPatch(
            FilePatch.of("A", "added", 1, 0)
                .withPatch("@@ -0,0 +1 @@\n+a\n\\ No newline at end of file"));

    assertThat(file.hunks().getFirst().lines().getFirst().terminated()).isFalse();
  }

  @Test
  void countsThatDifferMakeAFilePartial() {
    FileDiff file = Diffs.ofPatch(FilePatch.of("A.java", "modified", 5, 1).withPatch(PATCH));

    assertThat(file.completeness()).isEqualTo(FileDiff.Completeness.PARTIAL);
    assertThat(file.reason()).isEqualTo("its patch has +2 -1, GitHub announced +5 -1");
    assertThat(file.hunks()).isEmpty();
  }

  @Test
  void missingPatchOfAChangedFileMakesItPartial() {
    FileDiff file = Diffs.ofPatch(FilePatch.of("big.json", "modified", 9_000, 0));

    assertThat(file.completeness()).isEqualTo(FileDiff.Completeness.PARTIAL);
    assertThat(file.reason()).contains("no patch");
  }

  @Test
  void missingPatchWithoutChangesIsNoText() {
    FileDiff file =
        Diffs.ofPatch(FilePatch.of("new.png", "renamed", 0, 0).withPreviousPath("old.png"));

    assertThat(file.completeness()).isEqualTo(FileDiff.Completeness.NO_TEXT);
    assertThat(file.status()).isEqualTo(FileDiff.Status.RENAMED);
    assertThat(file.oldPath()).contains("old.png");
  }

  @Test
  void damagedPatchMakesAFilePartial() {
    FileDiff cut =
        Diffs.ofPatch(FilePatch.of("A", "modified", 1, 1).withPatch("@@ -1,9 +1,9 @@\n a"));
    FileDiff text = Diffs.ofPatch(FilePatch.of("A", "modified", 1, 1).withPatch("hello"));
    FileDiff more = Diffs.ofPatch(FilePatch.of("A", "modified", 2, 1).withPatch(PATCH + "\n+e"));

    assertThat(cut.reason()).contains("line 3").contains("inside a hunk");
    assertThat(text.completeness()).isEqualTo(FileDiff.Completeness.PARTIAL);
    assertThat(more.completeness()).isEqualTo(FileDiff.Completeness.PARTIAL);
  }
}
