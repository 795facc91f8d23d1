package dev.latchkey.server.cli;

import dev.latchkey.review.Finding;
import dev.latchkey.review.Review;
import dev.latchkey.review.Severity;
import dev.latchkey.review.Snapshot;
import java.util.List;
import java.util.stream.Stream;

/// A review and how much of it is to be printed.
///
/// @param limit how many findings, or -1 for all
record Report(Snapshot snapshot, Review review, int limit, Severity failOn) {
  /// What is printed: what is tied to a line, most severe first, then the rest.
  List<Finding> shown() {
    Stream<Finding> all = Stream.concat(review.anchored().stream(), review.unanchored().stream());
    return (limit < 0 ? all : all.limit(limit)).toList();
  }

  int notShown() {
    return review.anchored().size() + review.unanchored().size() - shown().size();
  }

  /// Whether a finding weighs enough to fail; what is not tied to a line has no weight, and what is
  /// not printed has.
  boolean failed() {
    return review.anchored().stream().anyMatch(finding -> finding.severity().atLeast(failOn));
  }
}
