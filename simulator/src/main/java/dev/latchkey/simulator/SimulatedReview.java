package dev.latchkey.simulator;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A review at the simulated GitHub.
///
/// @param state `PENDING`, `COMMENTED`, `APPROVED` or `CHANGES_REQUESTED`
/// @param commitId what GitHub says was reviewed; a force-push points it to the new head
/// @param submittedAt null while it is pending
public record SimulatedReview(
    long id,
    String author,
    String authorType,
    String state,
    String body,
    String commitId,
    @Nullable Instant submittedAt,
    List<SimulatedComment> comments) {

  public SimulatedReview {
    comments = List.copyOf(comments);
  }

  public boolean pending() {
    return state.equals("PENDING");
  }

  SimulatedReview reviewing(String commit) {
    return new SimulatedReview(id, author, authorType, state, body, commit, submittedAt, comments);
  }

  SimulatedReview submitted(String newState, String newBody, Instant at) {
    return new SimulatedReview(id, author, authorType, newState, newBody, commitId, at, comments);
  }
}
