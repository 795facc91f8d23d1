package dev.latchkey.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class DiffsTest {
  private static final String HEAD = "diff --git a/x b/x\n--- a/x\n+++ b/x\n";

  private static List<FileDiff> parse(String text) {
    return Diffs.parse(text.getBytes(StandardCharsets.UTF_8));
  }

  private static List<DiffLine> lines(String text) {
    return parse(text).getFirst().hunks().getFirst().lines();
  }

  private static List<String> shown(String text) {
    return lines(text).stream()
        .map(line -> line.oldNumber() + "|" + line.newNumber() + "|" + line.bytes().text())
        .toList();
  }

  @Test
  void deletedLineBeyondItsHunkIsNotTakenForTheEndOfAMail() {
    String head = "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n-- \n";

    assertThat(Diffs.parse((head + "2.43.0\n\n").getBytes(StandardCharsets.UTF_8))).hasSize(1);
    for (String more : List.of("+evil\n", "-evil\n", " evil\n", "@@ -9 +9 @@\n")) {
      assertThatThrownBy(() -> Diffs.parse((head + more).getBytes(StandardCharsets.UTF_8)))
          .isInstanceOf(DiffException.class)
          .hasMessageContaining("line 8: neither a hunk nor a file's header");
    }
  }

  @Test
  void countsThatAreLeftOutAreOne() {
    List<String> lines = shown(HEAD + "@@ -1 +1 @@\n-a\n+b\n");

    assertThat(lines).containsExactly("1|0|a", "0|1|b");
  }

  @Test
  void headersAndMarksInsideAHunkAreContent() {
    List<String> lines =
        shown(
            HEAD
                + "@@ -1,4 +1,4 @@\n--- a/x\n-@@ -1 +1 @@\n+++ b/x\n+diff --git a/y b/y\n"
                + " \\ No newline\n @@ -5 +5 @@\n");

    assertThat(lines)
        .containsExactly(
            "1|0|-- a/x",
            "2|0|@@ -1 +1 @@",
            "0|1|++ b/x",
            "0|2|diff --git a/y b/y",
            "3|3|\\ No newline",
            "4|4|@@ -5 +5 @@");
  }

  @Test
  void onlyALineFeedEndsALine() {
    List<String> lines = shown(HEAD + "@@ -0,0 +1,3 @@\n+a\r\n+b\rc\n+d\fe\u2028f\u0085g\n");

    assertThat(lines).containsExactly("0|1|a\r", "0|2|b\rc", "0|3|d\fe\u2028f\u0085g");
  }

  @Test
  void missingLineFeedIsSeenOnEachSide() {
    List<DiffLine> lines =
        lines(
            HEAD
                + "@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+c\n"
                + "\\ No newline at end of file\n");

    assertThat(lines).extracting(DiffLine::terminated).containsExactly(true, false, false);
  }

  @Test
  void emptyLineOfAHunkIsAnEmptyContextLine() {
    List<String> lines = shown(HEAD + "@@ -1,2 +1,3 @@\n a\n\n+b\n");

    assertThat(lines).containsExactly("1|1|a", "2|2|", "0|3|b");
  }

  @Test
  void bytesThatAreNoUtf8AreKept() {
    byte[] text = (HEAD + "@@ -0,0 +1 @@\n+\u00ff\u00c3(\n").getBytes(StandardCharsets.ISO_8859_1);

    DiffLine line = Diffs.parse(text).getFirst().hunks().getFirst().lines().getFirst();

    assertThat(line.bytes().toArray()).containsExactly(0xFF, 0xC3, '(');
  }

  @Test
  void hunkWithoutContextCountsFromTheLineBehindItsStart() {
    List<FileDiff> files = parse(HEAD + "@@ -5,0 +6,2 @@ void f() {\n+a\n+b\n@@ -9 +11,0 @@\n-c\n");

    assertThat(files.getFirst().hunks()).hasSize(2);
    assertThat(files.getFirst().hunks().getFirst().lines().getFirst().newNumber()).isEqualTo(6);
    assertThat(files.getFirst().hunks().getLast().lines().getFirst().oldNumber()).isEqualTo(9);
  }

  @Test
  void renameAndCopyHaveBothPaths() {
    List<FileDiff> files =
        parse(
            """
            diff --git a/old name b/new name
            similarity index 100%
            rename from old name
            rename to new name
            diff --git a/from b/to
            similarity index 90%
            copy from from
            copy to to
            index 1..2 100644
            --- a/from
            +++ b/to
            @@ -1 +1 @@
            -a
            +b
            """);

    assertThat(files).extracting(FileDiff::path).containsExactly("new name", "to");
    assertThat(files).extracting(FileDiff::previousPath).containsExactly("old name", "from");
    assertThat(files)
        .extracting(FileDiff::completeness)
        .containsExactly(FileDiff.Completeness.NO_TEXT, FileDiff.Completeness.COMPLETE);
  }

  @Test
  void filesWithoutLinesAreToldApart() {
    List<FileDiff> files =
        parse(
            """
            diff --git a/mode b/mode
            old mode 100644
            new mode 100755
            diff --git a/empty b/empty
            new file mode 100644
            index 0000000..e69de29
            diff --git a/image b/image
            index 1..2 100644
            Binary files a/image and b/image differ
            diff --git a/blob b/blob
            index 1..2 100644
            GIT binary patch
            literal 3
            KcmZQzU|?WiU;qFB

            literal 0
            HcmV?d00001

            diff --git a/sub b/sub
            index 1111111..2222222 160000
            --- a/sub
            +++ b/sub
            @@ -1 +1 @@
            -Subproject commit 1111111111111111111111111111111111111111
            +Subproject commit 2222222222222222222222222222222222222222
            diff --git a/link b/link
            new file mode 120000
            index 0000000..1
            --- /dev/null
            +++ b/link
            @@ -0,0 +1 @@
            +target
            \\ No newline at end of file
            """);

    assertThat(files)
        .extracting(FileDiff::completeness)
        .containsExactly(
            FileDiff.Completeness.NO_TEXT,
            FileDiff.Completeness.NO_TEXT,
            FileDiff.Completeness.BINARY,
            FileDiff.Completeness.BINARY,
            FileDiff.Completeness.SUBMODULE,
            FileDiff.Completeness.COMPLETE);
    assertThat(files.getLast().status()).isEqualTo(FileDiff.Status.ADDED);
  }

  @Test
  void quotedPathsAreUnquoted() {
    List<FileDiff> files =
        parse(
            """
            diff --git "a/tab\\there" "b/tab\\there"
            old mode 100644
            new mode 100755
            diff --git "a/\\303\\274 \\"q\\" \\\\" "b/\\303\\274 \\"q\\" \\\\"
            old mode 100644
            new mode 100755
            diff --git "a/\\377" "b/\\377"
            old mode 100644
            new mode 100755
            """);

    assertThat(files)
        .extracting(FileDiff::path)
        .containsExactly("tab\there", "ü \"q\" \\", "\uDCFF");
  }

  @Test
  void blanksAndPrefixesInsideAPathDoNotEndIt() {
    List<FileDiff> files =
        parse(
            """
            diff --git a/x b/x b/x b/x
            old mode 100644
            new mode 100755
            diff --git a/a b b/a b
            --- a/a b\t
            +++ b/a b\t
            @@ -1 +1 @@
            -a
            +b
            """);

    assertThat(files).extracting(FileDiff::path).containsExactly("x b/x", "a b");
  }

  @Test
  void otherPrefixesAndNoneAreRead() {
    String mode = "\nold mode 100644\nnew mode 100755\n";

    List<FileDiff> files =
        parse(
            "diff --git i/one w/one"
                + mode
                + "diff --git src/two src/two"
                + mode
                + "diff --git a/a b/a"
                + mode
                + "diff --git b/three a/three"
                + mode
                + "diff --git b/four b/four"
                + mode);

    assertThat(files)
        .extracting(FileDiff::path)
        .containsExactly("one", "src/two", "a", "three", "b/four");
  }

  @Test
  void fileThatChangesItsTypeComesTwice() {
    List<FileDiff> files =
        parse(
            """
            diff --git a/x b/x
            deleted file mode 100644
            --- a/x
            +++ /dev/null
            @@ -1 +0,0 @@
            -a
            diff --git a/x b/x
            new file mode 120000
            --- /dev/null
            +++ b/x
            @@ -0,0 +1 @@
            +b
            \\ No newline at end of file
            """);

    assertThat(files)
        .extracting(FileDiff::status)
        .containsExactly(FileDiff.Status.DELETED, FileDiff.Status.ADDED);
  }

  @Test
  void diffSavedWithCarriageReturnsIsRead() {
    List<FileDiff> files = parse((HEAD + "@@ -1 +1 @@\n-a\n+b\n").replace("\n", "\r\n"));

    assertThat(files.getFirst().path()).isEqualTo("x");
    assertThat(files.getFirst().additions()).isEqualTo(1);
  }

  @Test
  void mailAroundADiffIsPassedOver() {
    List<FileDiff> files =
        parse(
            "\uFEFFFrom 1 Mon\nSubject: [PATCH] x\n\n---\n x | 2 +-\n\n"
                + HEAD
                + "@@ -1 +1 @@\n-a\n+b\n-- \n2.39.5\n\n");

    assertThat(files).hasSize(1);
  }

  @Test
  void nothingIsAnEmptyDiff() {
    assertThat(parse("")).isEmpty();
    assertThat(parse("\n \n")).isEmpty();
  }

  @Test
  void textThatIsNoDiffIsRefused() {
    assertThatThrownBy(() -> parse("hello\n"))
        .isInstanceOf(DiffException.class)
        .hasMessageContaining("not a diff");
    assertThatThrownBy(() -> Diffs.parse("diff".getBytes(StandardCharsets.UTF_16)))
        .isInstanceOf(DiffException.class)
        .hasMessageContaining("UTF-16");
  }

  @Test
  void combinedDiffIsRefusedWithAWayOut() {
    String combined =
        "diff --cc x\nindex 1,2..3\n--- a/x\n+++ b/x\n@@@ -1 -1 +1 @@@\n- a\n -b\n++c\n";

    assertThatThrownBy(() -> parse(combined))
        .isInstanceOf(DiffException.class)
        .hasMessageContaining("combined diff")
        .hasMessageContaining("git diff A...B");
    assertThatThrownBy(() -> parse(HEAD + "@@@ -1 -1 +1 @@@\n- a\n -b\n++c\n"))
        .isInstanceOf(DiffException.class)
        .hasMessageContaining("combined diff");
  }

  @Test
  void diffsOfSeveralCommitsAreRefused() {
    String one = HEAD + "@@ -1 +1 @@\n-a\n+b\n";

    assertThatThrownBy(() -> parse(one + one))
        .isInstanceOf(DiffException.class)
        .hasMessageContaining("a second time");
  }

  @Test
  void linesBeyondAHunksCountsAreNotLostUnseen() {
    assertThatThrownBy(() -> parse(HEAD + "@@ -1 +1 @@\n-a\n+b\n+c\n"))
        .isInstanceOf(DiffException.class)
        .hasMessageContaining("line 7");
  }

  @Test
  void damagedDiffsAreRefusedWithTheirLine() {
    assertThatThrownBy(() -> parse(HEAD + "@@ -1,3 +1 @@\n-a\n+b\n"))
        .hasMessageContaining("line 7: the diff ends inside a hunk");
    assertThatThrownBy(() -> parse(HEAD + "@@ -1 +1 @@\n-a\n*b\n")).hasMessageContaining("line 6");
    assertThatThrownBy(() -> parse(HEAD + "@@ -1 +99999999999 @@\n-a\n+b\n"))
        .hasMessageContaining("line 4: not a hunk header");
    assertThatThrownBy(() -> parse(HEAD + "@@ -1 +0 @@\n-a\n+b\n"))
        .hasMessageContaining("line 4: not a hunk header");
    assertThatThrownBy(() -> parse(HEAD + "@@ -5 +5 @@\n-a\n+b\n@@ -5 +6 @@\n-a\n+b\n"))
        .hasMessageContaining("line 7: the hunk begins before the end");
    assertThatThrownBy(() -> parse("diff --git a/x b/x\n--- a/x\n+++ b/y\n@@ -1 +1 @@\n-a\n+b\n"))
        .hasMessageContaining("different files");
    assertThatThrownBy(() -> parse("diff --git a/x b/y\nold mode 100644\nnew mode 100755\n"))
        .hasMessageContaining("line 1: can't tell the file's name");
    assertThatThrownBy(
            () -> parse("diff --git old/x new/x\n--- old/x\n+++ new/x\n@@ -1 +1 @@\n-a\n+b\n"))
        .hasMessageContaining("line 1: can't tell the file's name");
    assertThatThrownBy(() -> parse("diff --git a/x b/x\n--- a/x\n")).hasMessageContaining("+++");
    assertThatThrownBy(() -> parse(HEAD)).hasMessageContaining("no hunk");
  }
}
