package dev.latchkey.server.web;

import java.util.List;

/// What the overview page shows; texts are shown as they are, the template escapes them.
///
/// @param works counts by state
/// @param newest the newest first
public record Overview(
    String version,
    boolean healthy,
    String health,
    List<Count> deliveries,
    List<Count> works,
    List<Line> newest) {

  /// A number with its name.
  public record Count(String name, long value) {}

  /// A work.
  ///
  /// @param result what came of it, or why it waits; empty while there is nothing to say
  /// @param changed an instant in ISO 8601
  public record Line(
      long id, String pullRequest, String state, int attempts, String result, String changed) {}
}
