package dev.latchkey.server;

import dev.latchkey.github.CheckState;
import dev.latchkey.review.Finding;
import dev.latchkey.review.Review;
import dev.latchkey.review.ReviewOptions;
import dev.latchkey.review.Severity;
import org.jspecify.annotations.Nullable;

/// What a review is to be like: as the operator says, narrowed by the repository, never widened.
///
/// @param verify whether the model is asked to refute what it found
/// @param failOn from which severity on the check run fails; null for never
/// @param unreviewed what the check run says where not everything was read
record Allowed(
    ReviewOptions options,
    boolean verify,
    @Nullable Severity failOn,
    CheckState.Conclusion unreviewed) {

  static Allowed of(Reviewing.Terms terms, RulesFile rules) {
    ReviewOptions options = terms.review().withRules(rules.rules());
    Integer most = rules.maxFindings();
    if (most != null && most < options.maxInline()) {
      options = options.withMaxInline(most);
    }
    Severity from = rules.inlineFrom();
    if (from != null && from.atLeast(options.inlineFrom())) {
      options = options.withInlineFrom(from);
    }
    boolean verify = terms.reviews().verify() || Boolean.TRUE.equals(rules.verify());
    return new Allowed(options, verify, rules.failOn(), terms.reviews().unreviewed());
  }

  /// Returns what the check run is to say of a review.
  ///
  /// @param review with what was told earlier
  CheckState.Conclusion conclusion(Review review, Standing standing) {
    boolean serious =
        review.anchored().stream()
            .filter(finding -> !standing.isQuiet(finding.fingerprint()))
            .anyMatch(this::fails);
    if (serious) {
      return CheckState.Conclusion.FAILURE;
    }
    // A review of a part must not look like one of the whole.
    return review.partial() ? unreviewed : CheckState.Conclusion.SUCCESS;
  }

  private boolean fails(Finding finding) {
    return failOn != null && finding.severity().atLeast(failOn);
  }
}
