package dev.latchkey.github;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/// What a check run tells.
///
/// @param conclusion present exactly if the status is COMPLETED
/// @param title one line
/// @param summary Markdown, at most 65,535 characters
public record CheckState(
    Status status, Optional<Conclusion> conclusion, String title, String summary) {
  private static final int MAX_SUMMARY_LENGTH = 65_535;

  /// How far it is.
  public enum Status {
    QUEUED,
    IN_PROGRESS,
    COMPLETED
  }

  /// What it came to.
  public enum Conclusion {
    SUCCESS,
    NEUTRAL,
    FAILURE,
    CANCELLED,
    SKIPPED,
    TIMED_OUT,
    ACTION_REQUIRED,
    /// Only GitHub itself sets this, on a check run that did not complete for 14 days.
    STALE
  }

  /// Checks what it is made of.
  ///
  /// @throws IllegalArgumentException if the conclusion does not go with the status, or the summary
  ///   is longer than GitHub takes
  public CheckState {
    requireNonNull(title, "title");
    if (conclusion.isPresent() != (status == Status.COMPLETED)) {
      throw new IllegalArgumentException(
          "a check run has a conclusion exactly if it is COMPLETED, not when " + status);
    }
    if (summary.length() > MAX_SUMMARY_LENGTH) {
      throw new IllegalArgumentException(
          "a check run's summary has "
              + summary.length()
              + " characters, limit "
              + MAX_SUMMARY_LENGTH);
    }
  }

  public static CheckState queued(String title, String summary) {
    return new CheckState(Status.QUEUED, Optional.empty(), title, summary);
  }

  public static CheckState inProgress(String title, String summary) {
    return new CheckState(Status.IN_PROGRESS, Optional.empty(), title, summary);
  }

  public static CheckState completed(Conclusion conclusion, String title, String summary) {
    return new CheckState(Status.COMPLETED, Optional.of(conclusion), title, summary);
  }
}
