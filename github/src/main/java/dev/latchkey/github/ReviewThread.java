package dev.latchkey.github;

/// A thread on a pull request's diff, by its first comment.
///
/// @param id its name in GraphQL
/// @param outdated its line is no longer in the diff
/// @param commentId the first comment's, as REST numbers it
/// @param reviewNodeId the review it came with, by its name in GraphQL; empty if none
/// @param author login, written as REST does, so an App's ends in `[bot]`
/// @param body Markdown
public record ReviewThread(
    String id,
    boolean resolved,
    boolean outdated,
    long commentId,
    String reviewNodeId,
    String author,
    String body) {}
