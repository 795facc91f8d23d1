package dev.latchkey.server;

import dev.latchkey.github.LineRange;
import dev.latchkey.github.NewComment;
import dev.latchkey.review.Finding;
import dev.latchkey.review.Neutral;
import dev.latchkey.review.Review;
import dev.latchkey.review.Side;
import dev.latchkey.review.Visible;
import java.util.ArrayList;
import java.util.List;

/// A review as it is to be posted.
///
/// @param summary the review's body but for the marker, neutralised
/// @param comments inline, neutralised
/// @param title one line for the check run
/// @param partial whether something was not read that should have been
record Draft(String summary, List<NewComment> comments, String title, boolean partial) {

  /// GitHub's bound of a body is 65,536 characters; this leaves room for the marker.
  private static final int MAX_BODY = 64_900;

  /// @param open how many findings of earlier reviews are still open
  static Draft of(Review review, PullRef pull, Markers markers, int open) {
    return new Draft(
        Neutral.summary(review),
        review.findings().stream().map(finding -> comment(finding, pull, markers)).toList(),
        title(review, open),
        review.partial());
  }

  /// Returns the body, with those comments which GitHub didn't take at their lines.
  ///
  /// @param marker stands at the end and is never cut
  String body(List<NewComment> refused, String marker) {
    StringBuilder body = new StringBuilder(summary);
    int untold = 0;
    for (NewComment comment : refused) {
      String text =
          "\n\n---\n\nAt line %d of `%s`, where GitHub shows no comment:\n\n%s"
              .formatted(comment.lines().line(), plain(comment.path()), comment.body());
      if (body.length() + text.length() <= MAX_BODY) {
        body.append(text);
      } else {
        untold++;
      }
    }
    if (untold > 0) {
      body.append("\n\n%d more findings didn't fit here.".formatted(untold));
    }
    return body.append("\n\n").append(marker).toString();
  }

  /// A path which can't end the code span it stands in.
  private static String plain(String path) {
    return Visible.path(path).replace('`', '\'');
  }

  private static NewComment comment(Finding finding, PullRef pull, Markers markers) {
    LineRange.Side side = finding.side() == Side.LEFT ? LineRange.Side.LEFT : LineRange.Side.RIGHT;
    int first = finding.startLine().orElse(finding.line());
    return new NewComment(
        finding.path(),
        LineRange.of(side, first, finding.line()),
        Neutral.comment(finding)
            + "\n\n"
            + markers.write(Markers.Kind.FINDING, pull, finding.fingerprint()));
  }

  private static String title(Review review, int open) {
    int anchored = review.anchored().size();
    List<String> parts = new ArrayList<>();
    parts.add(
        switch (anchored) {
          case 0 -> "No findings";
          case 1 -> "1 finding";
          default -> anchored + " findings";
        });
    if (open > 0) {
      parts.add(open + " earlier still open");
    }
    if (review.partial()) {
      parts.add("not everything was read");
    }
    return String.join("; ", parts);
  }
}
