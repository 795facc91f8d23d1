package dev.latchkey.simulator;

import java.time.Instant;

/// A comment below a pull request.
public record SimulatedIssueComment(
    long id,
    int number,
    String author,
    String authorType,
    String association,
    String body,
    Instant createdAt,
    Instant updatedAt) {

  SimulatedIssueComment saying(String text, Instant at) {
    return new SimulatedIssueComment(
        id, number, author, authorType, association, text, createdAt, at);
  }
}
