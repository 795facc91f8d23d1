package dev.latchkey.github;

/// An answer to be in a thread.
///
/// @param number the pull request
/// @param commentId the comment which began the thread
/// @param body Markdown
public record NewReply(int number, long commentId, String body) {}
