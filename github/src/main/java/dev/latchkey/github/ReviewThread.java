package dev.latchkey.github;

/// A thread at a line of a pull request's changes, told by its first comment.
///
/// @param id for GraphQL
/// @param resolved whether somebody said that it is dealt with
/// @param outdated whether its line is no part of the changes any more
/// @param commentId of the first comment, within GitHub; 0 if it is gone
/// @param reviewNodeId of the review which the first comment belongs to; empty if it is gone
/// @param author login of who wrote it, which for an App is its slug alone; empty if gone
/// @param body of the first comment; empty if it is gone
public record ReviewThread(
    String id,
    boolean resolved,
    boolean outdated,
    long commentId,
    String reviewNodeId,
    String author,
    String body) {}
