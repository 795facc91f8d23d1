package dev.latchkey.review;

/// A file, or a part of one, that was not reviewed.
///
/// @param detail more than the reason says, for a person; may be empty
public record Omitted(String path, Reason reason, String detail) {
  /// Why. A reason that is no choice of ours makes the review partial.
  public enum Reason {
    NO_TEXT("no text changed", false),
    BINARY("binary", false),
    SUBMODULE("submodule", false),
    LOCK_FILE("lock file", false),
    GENERATED("generated", false),
    VENDORED("vendored", false),
    MINIFIED("minified", false),
    IGNORED("ignored by the repository's rules", false),
    INCOMPLETE_DIFF("incomplete diff", true),
    TOO_LARGE("too large", true),
    OVER_BUDGET("beyond the review's budget", true),
    NO_ANSWER("no answer from the model", true),
    NOT_SEEN("the model did not say that it read it", true);

    private final String label;
    private final boolean partial;

    Reason(String label, boolean partial) {
      this.label = label;
      this.partial = partial;
    }

    /// The reason for a person.
    public String label() {
      return label;
    }

    /// Whether leaving a file out for this reason makes the review partial.
    public boolean partial() {
      return partial;
    }
  }
}
