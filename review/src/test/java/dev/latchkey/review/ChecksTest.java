package dev.latchkey.review;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChecksTest {
  private static final FileDiff FILE =
      Samples.file(
          "src/A.java",
          "@@ -10,7 +10,8 @@",
          " void a() {",
          "-  old();",
          "-  older();",
          "+  fresh();",
          "+  repeated();",
          "+  middle();",
          "+  repeated();",
          "   kept();",
          " ",
          " }",
          "-gone last",
          "@@ -40,2 +40,2 @@",
          "-  repeated();",
          "+  repeated();",
          " far();");

  private static Finding check(RawFinding raw) {
    return new Checks(Samples.chunk(FILE, Samples.added("B.java", "other file;"))).check(raw);
  }

  private static Finding check(Side side, int line, String quote) {
    return check(Samples.raw(side, line, quote));
  }

  /// Line 13 says middle();, the only one; lines 12, 14 and 40 say repeated();
  @ParameterizedTest
  @CsvSource({
    "13, middle();, EXACT, 13",
    "12, middle();, MOVED, 13",
    "15, middle();, MOVED, 13",
    "10, middle();, MOVED, 13",
    "16, middle();, MOVED, 13",
    "9, middle();, UNANCHORED, 9",
    "17, middle();, UNANCHORED, 17",
    "33, middle();, UNANCHORED, 33",
    "12, repeated();, EXACT, 12",
    "14, repeated();, EXACT, 14",
    "13, repeated();, UNANCHORED, 13",
    "11, repeated();, MOVED, 12",
    "15, repeated();, MOVED, 14",
    "40, repeated();, EXACT, 40",
    "41, repeated();, MOVED, 40",
    "42, far();, MOVED, 41",
    "0, void a() {, UNANCHORED, 0",
    "2147483647, far();, UNANCHORED, 2147483647",
    "12, notHere();, UNANCHORED, 12",
    "10, }, UNANCHORED, 10",
    "17, }, UNANCHORED, 17",
  })
  void quoteIsFoundAtItsNumberOrTheOneNearestPlace(
      int line, String quote, Anchor anchor, int place) {
    Finding finding = check(Side.RIGHT, line, quote);

    assertThat(finding.anchor()).isEqualTo(anchor);
    assertThat(finding.line()).isEqualTo(place);
  }

  @Test
  void placeInAnotherHunkIsNotNear() {
    FileDiff close =
        Samples.file("x", "@@ -1 +1 @@\n-a\n+first one;\n@@ -3 +3 @@\n-b\n+second one;");
    Checks checks = new Checks(Samples.chunk(close));

    assertThat(checks.check(Samples.raw(Side.RIGHT, 1, "second one;")).anchor())
        .isEqualTo(Anchor.UNANCHORED);
    assertThat(checks.check(Samples.raw(Side.RIGHT, 3, "second one;")).anchor())
        .isEqualTo(Anchor.EXACT);
  }

  @ParameterizedTest
  @CsvSource({
    "LEFT, 11, old();, EXACT",
    "LEFT, 12, old();, MOVED",
    "LEFT, 16, gone last, EXACT",
    "LEFT, 10, void a() {, UNANCHORED",
    "LEFT, 12, fresh();, UNANCHORED",
    "RIGHT, 11, old();, UNANCHORED",
    "RIGHT, 15, kept();, EXACT",
  })
  void leftIsForDeletedLinesOnly(Side side, int line, String quote, Anchor anchor) {
    assertThat(check(side, line, quote).anchor()).isEqualTo(anchor);
  }

  @Test
  void outerWhiteSpaceAndCarriageReturnsDoNotCount() {
    assertThat(check(Side.RIGHT, 11, "\t fresh(); \r\n").anchor()).isEqualTo(Anchor.EXACT);
    assertThat(check(Side.RIGHT, 11, "\n  fresh();").anchor()).isEqualTo(Anchor.EXACT);
    assertThat(check(Side.RIGHT, 11, "fresh( );").anchor()).isEqualTo(Anchor.UNANCHORED);
    assertThat(check(Side.RIGHT, 11, "Fresh();").anchor()).isEqualTo(Anchor.UNANCHORED);
  }

  @Test
  void severalLinesAreARangeInOneHunk() {
    Finding finding = check(Side.RIGHT, 11, "fresh();\n  repeated();\nmiddle();");

    assertThat(finding.startLine()).hasValue(11);
    assertThat(finding.line()).isEqualTo(13);
    assertThat(finding.quote()).isEqualTo("  fresh();\n  repeated();\n  middle();");
    assertThat(check(Side.LEFT, 11, "old();\nolder();").line()).isEqualTo(12);
    assertThat(check(Side.RIGHT, 15, "kept();\n\n}").anchor()).isEqualTo(Anchor.EXACT);
    assertThat(check(Side.RIGHT, 11, "fresh();\nmiddle();").anchor()).isEqualTo(Anchor.UNANCHORED);
    assertThat(check(Side.RIGHT, 11, "fresh();\nrepeated();\nmiddle();\nrepeated();").anchor())
        .isEqualTo(Anchor.UNANCHORED);
  }

  @Test
  void shortQuoteTellsNoPlaceUnlessItSpansLines() {
    assertThat(check(Side.RIGHT, 17, "}").anchor()).isEqualTo(Anchor.UNANCHORED);
    assertThat(check(Side.RIGHT, 17, "").anchor()).isEqualTo(Anchor.UNANCHORED);
    assertThat(check(Side.RIGHT, 16, " \n").anchor()).isEqualTo(Anchor.UNANCHORED);

    Checks checks = new Checks(Samples.chunk(Samples.added("x", "}", "}", "🙂🙂🙂🙂", "🙂🙂🙂")));

    assertThat(checks.check(Samples.raw(Side.RIGHT, 1, "}\n}")).anchor()).isEqualTo(Anchor.EXACT);
    assertThat(checks.check(Samples.raw(Side.RIGHT, 3, "🙂🙂🙂🙂")).anchor())
        .isEqualTo(Anchor.EXACT);
    assertThat(checks.check(Samples.raw(Side.RIGHT, 4, "🙂🙂🙂")).anchor())
        .isEqualTo(Anchor.UNANCHORED);
  }

  @Test
  void fileMustBeInTheChunk() {
    RawFinding elsewhere =
        new RawFinding(
            "F3", Side.RIGHT, 11, "fresh();", Severity.MAJOR, 0.9, Category.BUG, "wrong", null);
    RawFinding wrongFile =
        new RawFinding(
            "F2", Side.RIGHT, 11, "fresh();", Severity.MAJOR, 0.9, Category.BUG, "wrong", null);

    assertThat(check(elsewhere).anchor()).isEqualTo(Anchor.UNANCHORED);
    assertThat(check(elsewhere).path()).isEmpty();
    assertThat(check(wrongFile).anchor()).isEqualTo(Anchor.UNANCHORED);
    assertThat(check(wrongFile).path()).isEqualTo("B.java");
  }

  @Test
  void unanchoredFindingHasLowConfidence() {
    assertThat(check(Side.RIGHT, 11, "nowhere();").confidence()).isEqualTo(0.2);
  }

  @Test
  void quoteIsComparedAsThePromptShowedTheLine() {
    String tricky = "a\u202eb\f\u2028 long " + "x".repeat(600);
    Checks checks =
        new Checks(Samples.chunk(Samples.added("x", tricky, "\fform feed first", "t\ru")));

    assertThat(checks.check(Samples.raw(Side.RIGHT, 1, Visible.line(tricky))).anchor())
        .isEqualTo(Anchor.EXACT);
    assertThat(checks.check(Samples.raw(Side.RIGHT, 1, tricky)).anchor()).isEqualTo(Anchor.EXACT);
    assertThat(checks.check(Samples.raw(Side.RIGHT, 2, "\fform feed first")).anchor())
        .isEqualTo(Anchor.EXACT);
    assertThat(checks.check(Samples.raw(Side.RIGHT, 2, "\\u{c}form feed first")).anchor())
        .isEqualTo(Anchor.EXACT);
    assertThat(checks.check(Samples.raw(Side.RIGHT, 3, "t\ru")).quote()).isEqualTo("t\\u{d}u");
  }

  @Test
  void fingerprintHasNoNumbers() {
    String exact = check(Side.RIGHT, 11, "fresh();").fingerprint();

    assertThat(check(Side.RIGHT, 12, "  fresh(); ").fingerprint()).isEqualTo(exact);
    assertThat(check(Side.RIGHT, 13, "middle();").fingerprint()).isNotEqualTo(exact);
    assertThat(Set.of(check(Side.RIGHT, 12, "repeated();").fingerprint()))
        .containsExactly(check(Side.RIGHT, 40, "repeated();").fingerprint());
  }

  private static Finding suggesting(String quote, String replacement) {
    return check(
        new RawFinding(
            "F1", Side.RIGHT, 11, quote, Severity.MINOR, 1, Category.STYLE, "x", replacement));
  }

  @Test
  void suggestionReplacesExactlyWhatWasQuoted() {
    assertThat(suggesting("  fresh();", "  better();").suggestion()).contains("  better();");
    assertThat(suggesting("  fresh();\n", "").suggestion()).contains("");
    assertThat(suggesting("  fresh();\n  repeated();", "  one();\n").suggestion())
        .contains("  one();");
    assertThat(suggesting("fresh();", "better();").suggestion()).isEmpty();
    assertThat(suggesting("  fresh();", "  fresh();").suggestion()).isEmpty();
    assertThat(suggesting("  fresh();", "  a\u202eb();").suggestion()).isEmpty();
    assertThat(suggesting("  fresh();", "<!-- latchkey v1 -->").suggestion()).isEmpty();
    assertThat(suggesting("  nowhere();", "  better();").suggestion()).isEmpty();
  }

  @Test
  void suggestionIsForTheRightSideOnly() {
    RawFinding left =
        new RawFinding(
            "F1", Side.LEFT, 11, "  old();", Severity.MINOR, 1, Category.STYLE, "x", "  new();");

    assertThat(check(left).anchor()).isEqualTo(Anchor.EXACT);
    assertThat(check(left).suggestion()).isEmpty();
  }

  @Test
  void cutLineCanNotBeReplaced() {
    String line = "x".repeat(600);
    Checks checks = new Checks(Samples.chunk(Samples.added("x", line)));
    RawFinding raw =
        new RawFinding(
            "F1", Side.RIGHT, 1, Visible.line(line), Severity.NIT, 1, Category.STYLE, "x", "y");

    assertThat(checks.check(raw).anchor()).isEqualTo(Anchor.EXACT);
    assertThat(checks.check(raw).suggestion()).isEmpty();
  }
}
