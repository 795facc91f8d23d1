package dev.latchkey.github;

import java.time.Instant;

/// A comment in the conversation of an issue or pull request.
///
/// @param id within GitHub
/// @param nodeId its name in GraphQL; empty if GitHub does not say
/// @param number the issue or pull request
/// @param body Markdown; empty if there is none
public record IssueComment(
    long id,
    String nodeId,
    int number,
    Account author,
    Association association,
    String body,
    Instant createdAt) {}
