package dev.latchkey.simulator;

/// A reaction to a comment.
///
/// @param place `issues` or `pulls`, as in the address of the comment
/// @param content GitHub's word, such as `eyes`
public record SimulatedReaction(String place, long comment, String author, String content) {}
