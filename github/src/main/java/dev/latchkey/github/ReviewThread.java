package dev.latchkey.github;

/// A thread on a pull request's diff, by its first comment.
///
/// @param id its name in GraphQL
/// @param outdated its line is no longer in the diff
/// @param reviewNodeId the review it came with, by its name in GraphQL; empty if none
/// @param body Markdown
public record ReviewThread(
    String id, boolean resolved, boolean outdated, String reviewNodeId, String body) {}
