package dev.latchkey.github;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a check run tells.
///
/// @param conclusion present exactly if the status is COMPLETED
/// @param title one line
/// @param summary Markdown, at most 65,535 characters
/// @param annotations to be added to those it has, at most 1,000
public record CheckState(
    Status status,
    Optional<Conclusion> conclusion,
    String title,
    String summary,
    List<Annotation> annotations) {
  /// GitHub takes so many a request.
  static final int ANNOTATIONS_A_REQUEST = 50;

  private static final int MAX_ANNOTATIONS = 1_000;
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
  ///   is longer than GitHub takes, or there are too many annotations
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
    annotations = List.copyOf(annotations);
    if (annotations.size() > MAX_ANNOTATIONS) {
      throw new IllegalArgumentException(
          "a check run is given " + annotations.size() + " annotations, limit " + MAX_ANNOTATIONS);
    }
  }

  /// One without annotations.
  public CheckState(Status status, Optional<Conclusion> conclusion, String title, String summary) {
    this(status, conclusion, title, summary, List.of());
  }

  /// The same with these annotations instead of any others.
  public CheckState withAnnotations(List<Annotation> given) {
    return new CheckState(status, conclusion, title, summary, given);
  }

  /// The annotations by request, in order; of at least one request.
  List<List<Annotation>> requests() {
    List<List<Annotation>> requests = new ArrayList<>();
    int from = 0;
    do {
      int to = Math.min(annotations.size(), from + ANNOTATIONS_A_REQUEST);
      requests.add(annotations.subList(from, to));
      from = to;
    } while (from < annotations.size());
    return requests;
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
