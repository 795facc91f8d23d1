package dev.latchkey.simulator;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A check run of the App.
///
/// @param status `queued`, `in_progress` or `completed`
/// @param conclusion null until it is completed
/// @param annotations of all requests so far, in their order
public record SimulatedCheckRun(
    long id,
    String name,
    String headSha,
    String externalId,
    String status,
    @Nullable String conclusion,
    String title,
    String summary,
    String text,
    List<SimulatedAnnotation> annotations) {

  public SimulatedCheckRun {
    annotations = List.copyOf(annotations);
  }
}
