package dev.latchkey.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// GitHub, "Create a review for a pull request", on its comments.
final class CommentRulesTest {
  private static final String REVIEWS = "/pulls/1/reviews";

  private final TestApp app = new TestApp();

  @BeforeEach
  void openPullRequest() {
    app.open(
        List.of(
            SimulatedFile.modified("src/Main.java", TestApp.PATCH),
            SimulatedFile.binary("logo.png")));
  }

  @AfterEach
  void stop() {
    app.close();
  }

  @Test
  void addedAndContextLinesTakeCommentsOnTheRight() throws IOException {
    for (var line : new int[] {1, 2, 3, 4, 10, 11, 12}) {
      assertThat(commented(at(line, "RIGHT")).status()).as("line %s", line).isEqualTo(200);
    }
  }

  @Test
  void linesOutsideOfTheHunksTakeNone() throws IOException {
    for (var line : new int[] {-1, 0, 5, 9, 13}) {
      var answer = commented(at(line, "RIGHT"));

      assertThat(answer.status()).as("line %s", line).isEqualTo(422);
      assertThat(answer.message()).isEqualTo("Unprocessable Entity");
      assertThat(answer.json().path("errors").path(0).asString())
          .isEqualTo("Line could not be resolved");
    }
  }

  @Test
  void onlyDeletedLinesTakeCommentsOnTheLeft() throws IOException {
    assertThat(commented(at(2, "LEFT")).status()).isEqualTo(200);
    assertThat(commented(at(1, "LEFT")).status()).isEqualTo(422);
    assertThat(commented(at(3, "LEFT")).status()).isEqualTo(422);
  }

  @Test
  void theSideIsTheRightOneUnlessSaid() throws IOException {
    var answer = commented("{\"path\":\"src/Main.java\",\"line\":3,\"body\":\"x\"}");

    assertThat(answer.status()).isEqualTo(200);
  }

  @Test
  void aFileThatIsNotChangedTakesNone() throws IOException {
    var answer = commented("{\"path\":\"src/Other.java\",\"line\":1,\"body\":\"x\"}");

    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.text()).contains("Path could not be resolved");
  }

  @Test
  void aFileWithoutAPatchTakesNone() throws IOException {
    var answer = commented("{\"path\":\"logo.png\",\"line\":1,\"body\":\"x\"}");

    assertThat(answer.status()).isEqualTo(422);
  }

  @Test
  void aRangeLiesInOneHunk() throws IOException {
    assertThat(commented(range(1, 4)).status()).isEqualTo(200);
    assertThat(commented(range(4, 10)).status()).isEqualTo(422);
    assertThat(commented(range(4, 10)).text()).contains("same hunk");
  }

  @Test
  void aRangeStartsBeforeItEnds() throws IOException {
    assertThat(commented(range(3, 2)).status()).isEqualTo(422);
    assertThat(commented(range(3, 3)).status()).isEqualTo(422);
    assertThat(commented(range(3, 3)).text()).contains("must precede");
  }

  @Test
  void aRangeStartsOnALineThatTakesComments() throws IOException {
    assertThat(commented(range(9, 11)).text()).contains("Start line could not be resolved");
  }

  @Test
  void aRangeHasOneSide() throws IOException {
    var answer =
        commented(
            "{\"path\":\"src/Main.java\",\"line\":3,\"side\":\"RIGHT\",\"start_line\":2,"
                + "\"start_side\":\"LEFT\",\"body\":\"x\"}");

    assertThat(answer.status()).isEqualTo(422);
  }

  @Test
  void oneBadCommentRefusesTheWholeReviewAndIsNotNamed() throws IOException {
    var request =
        "{\"body\":\"b\",\"comments\":[%s,%s,%s]}"
            .formatted(at(2, "RIGHT"), at(99, "RIGHT"), at(98, "RIGHT"));

    var answer = app.post(REVIEWS, request);

    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.json().path("errors").size()).isEqualTo(1);
    assertThat(answer.text()).doesNotContain("99").doesNotContain("98");
    assertThat(app.github().pendingReviews(app.repository(), 1)).isEmpty();
  }

  @Test
  void commentsAreKeptWithTheReview() throws IOException {
    commented(range(2, 3));

    var comment = app.github().visibleReviews(app.repository(), 1).getFirst().comments().getFirst();

    assertThat(comment)
        .isEqualTo(new SimulatedComment("src/Main.java", 3, "RIGHT", 2, "RIGHT", "x"));
  }

  @Test
  void linesAreThoseOfTheCommitThatIsReviewed() throws IOException {
    var longer = "@@ -1 +1,2 @@\n one\n+two";
    app.github()
        .push(
            app.repository(),
            1,
            "d".repeat(40),
            List.of(SimulatedFile.modified("src/Main.java", longer)));

    var onOldHead = reviewOf(TestApp.HEAD, at(11, "RIGHT"));
    var onNewHead = reviewOf("d".repeat(40), at(11, "RIGHT"));

    assertThat(onOldHead.status()).isEqualTo(200);
    assertThat(onNewHead.status()).isEqualTo(422);
  }

  @Test
  void aCommentNeedsPathLineAndText() throws IOException {
    assertThat(commented("{\"line\":2,\"body\":\"x\"}").status()).isEqualTo(422);
    assertThat(commented("{\"path\":\"src/Main.java\",\"body\":\"x\"}").status()).isEqualTo(422);
    assertThat(commented("{\"path\":\"src/Main.java\",\"line\":2}").status()).isEqualTo(422);
    assertThat(commented("{\"path\":\"src/Main.java\",\"line\":2,\"body\":\" \"}").status())
        .isEqualTo(422);
    assertThat(commented(at(2, "MIDDLE")).status()).isEqualTo(422);
  }

  @Test
  void aCommentHasAtMost65536Characters() throws IOException {
    var comment = at(2, "RIGHT").replace("\"x\"", "\"" + "x".repeat(65_537) + "\"");

    assertThat(commented(comment).status()).isEqualTo(422);
  }

  private PlainHttp.Answer commented(String comment) throws IOException {
    return reviewOf(TestApp.HEAD, comment);
  }

  private PlainHttp.Answer reviewOf(String commit, String comment) throws IOException {
    return app.post(
        REVIEWS,
        "{\"commit_id\":\"%s\",\"body\":\"b\",\"event\":\"COMMENT\",\"comments\":[%s]}"
            .formatted(commit, comment));
  }

  private static String at(int line, String side) {
    return "{\"path\":\"src/Main.java\",\"line\":%d,\"side\":\"%s\",\"body\":\"x\"}"
        .formatted(line, side);
  }

  private static String range(int start, int line) {
    return ("{\"path\":\"src/Main.java\",\"line\":%d,\"side\":\"RIGHT\",\"start_line\":%d,"
            + "\"start_side\":\"RIGHT\",\"body\":\"x\"}")
        .formatted(line, start);
  }
}
