package dev.latchkey.simulator;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A comment at a line of a pull request's changes, the first of its thread or an answer in it.
///
/// @param inReplyTo the first comment of the thread; 0 if this is it
/// @param line null once the line is no part of the changes any more
public record SimulatedThreadComment(
    long id,
    int number,
    long review,
    long inReplyTo,
    String author,
    String authorType,
    String association,
    String path,
    @Nullable Integer line,
    String body,
    Instant createdAt,
    boolean resolved) {}
