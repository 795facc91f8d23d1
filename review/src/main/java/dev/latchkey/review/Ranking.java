package dev.latchkey.review;

import java.util.Comparator;

/// The order of findings: what matters most first, then by place, so that it never depends on the
/// order in which a model wrote them.
final class Ranking {
  static final Comparator<Finding> BY_PLACE =
      Comparator.comparing(Finding::path)
          .thenComparing(Finding::side, Comparator.reverseOrder())
          .thenComparingInt(Finding::line)
          .thenComparingInt(Finding::firstLine);

  static final Comparator<Finding> MOST_SEVERE_FIRST =
      Comparator.comparing(Finding::severity, Comparator.reverseOrder())
          .thenComparing(Comparator.comparingDouble(Finding::confidence).reversed())
          .thenComparing(BY_PLACE)
          .thenComparing(Finding::category)
          .thenComparing(Finding::claim);

  private Ranking() {}
}
