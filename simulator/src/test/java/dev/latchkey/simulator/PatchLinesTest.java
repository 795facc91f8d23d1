package dev.latchkey.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

final class PatchLinesTest {

  @Test
  void countsWithoutACommaAreOne() {
    var lines = PatchLines.of("@@ -1 +1 @@\n-old\n+new");

    assertThat(lines.commentable("RIGHT", 1)).isTrue();
    assertThat(lines.commentable("LEFT", 1)).isTrue();
    assertThat(lines.additions()).isEqualTo(1);
    assertThat(lines.deletions()).isEqualTo(1);
  }

  @Test
  void contentThatLooksLikeAHeaderIsContent() {
    var lines = PatchLines.of("@@ -1,2 +1,3 @@\n @@ -9 +9 @@\n---- a\n++++ b\n+@@ -1 +1 @@");

    assertThat(lines.commentable("RIGHT", 3)).isTrue();
    assertThat(lines.commentable("RIGHT", 9)).isFalse();
    assertThat(lines.additions()).isEqualTo(2);
    assertThat(lines.deletions()).isEqualTo(1);
  }

  @Test
  void aMissingLineBreakAtTheEndIsNoLine() {
    var lines =
        PatchLines.of(
            "@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n\\ No newline at end of file");

    assertThat(lines.commentable("RIGHT", 1)).isTrue();
    assertThat(lines.commentable("RIGHT", 2)).isFalse();
  }

  @Test
  void aNewFileHasNoLeftLines() {
    var lines = PatchLines.of("@@ -0,0 +1,2 @@\n+a\n+b");

    assertThat(lines.commentable("RIGHT", 1, 2)).isTrue();
    assertThat(lines.commentable("LEFT", 0)).isFalse();
  }

  @Test
  void carriageReturnsAndOtherSeparatorsBelongToTheirLine() {
    var lines = PatchLines.of("@@ -0,0 +1,2 @@\n+a\rb\u2028c\r\n+d\fe");

    assertThat(lines.commentable("RIGHT", 2)).isTrue();
    assertThat(lines.additions()).isEqualTo(2);
  }

  @Test
  void anEmptyContextLineMayHaveLostItsBlank() {
    var lines = PatchLines.of("@@ -1,2 +1,3 @@\n a\n\n+b");

    assertThat(lines.commentable("RIGHT", 2)).isTrue();
    assertThat(lines.commentable("RIGHT", 3)).isTrue();
  }

  @Test
  void aCutHunkIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> PatchLines.of("@@ -1,2 +1,2 @@\n a"));
    assertThatIllegalArgumentException().isThrownBy(() -> PatchLines.of("no hunk"));
    assertThatIllegalArgumentException().isThrownBy(() -> PatchLines.of("@@ -1 +1 @@\n*a"));
  }
}
