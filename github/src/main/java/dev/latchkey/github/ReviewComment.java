package dev.latchkey.github;

import java.time.Instant;

/// A comment at a line of a pull request's changes.
///
/// @param id within GitHub
/// @param number the pull request
/// @param reviewId the review it belongs to; 0 if GitHub names none
/// @param inReplyTo the comment which began the thread; 0 if this one did
/// @param body Markdown
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
