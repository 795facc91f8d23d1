package dev.latchkey.github;

import java.time.Instant;

/// A comment on a line of a pull request's diff.
///
/// @param id within GitHub
/// @param number the pull request
/// @param reviewId the review it came with; zero if none
/// @param inReplyTo the thread's first comment; zero if it is that itself
/// @param body Markdown; empty if there is none
/// @param path the file
public record ReviewComment(
    long id,
    int number,
    long reviewId,
    long inReplyTo,
    Account author,
    Association association,
    String body,
    String path,
    Instant createdAt) {}
