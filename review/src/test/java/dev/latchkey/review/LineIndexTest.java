package dev.latchkey.review;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LineIndexTest {
  private static final LineIndex INDEX =
      LineIndex.of(
          Diffs.ofPatch(
              FilePatch.of("x", "modified", 2, 2)
                  .withPatch("@@ -1,3 +1,3 @@\n a\n-b\n+c\n d\n@@ -9,2 +9,2 @@\n-e\n+f\n g")));

  @Test
  void rightCarriesAddedAndUnchangedLines() {
    assertThat(INDEX.commentable(Side.RIGHT, 1)).isTrue();
    assertThat(INDEX.commentable(Side.RIGHT, 2)).isTrue();
    assertThat(INDEX.commentable(Side.RIGHT, 4)).isFalse();
    assertThat(INDEX.commentable(Side.RIGHT, 0)).isFalse();
  }

  @Test
  void leftCarriesDeletedLinesOnly() {
    assertThat(INDEX.commentable(Side.LEFT, 2)).isTrue();
    assertThat(INDEX.commentable(Side.LEFT, 1)).isFalse();
    assertThat(INDEX.commentable(Side.LEFT, 9)).isTrue();
  }

  @Test
  void rangeLiesInOneHunk() {
    assertThat(INDEX.commentable(Side.RIGHT, 1, 3)).isTrue();
    assertThat(INDEX.commentable(Side.RIGHT, 3, 9)).isFalse();
    assertThat(INDEX.commentable(Side.RIGHT, 2, 2)).isFalse();
    assertThat(INDEX.commentable(Side.RIGHT, 3, 1)).isFalse();
  }

  @Test
  void lineIsTheOneAtItsNumber() {
    assertThat(INDEX.line(Side.RIGHT, 9).orElseThrow().bytes().text()).isEqualTo("f");
    assertThat(INDEX.line(Side.LEFT, 9).orElseThrow().bytes().text()).isEqualTo("e");
    assertThat(INDEX.line(Side.LEFT, 10)).isEmpty();
  }
}
