package dev.latchkey.simulator;

import org.jspecify.annotations.Nullable;

/// A comment on one line of a pull request's diff, or on a range of lines.
///
/// @param side `RIGHT` for added and context lines, `LEFT` for deleted ones
/// @param startLine the first line of a range, null for a single line
/// @param startSide the side of [#startLine()], null for a single line
public record SimulatedComment(
    String path,
    int line,
    String side,
    @Nullable Integer startLine,
    @Nullable String startSide,
    String body) {}
