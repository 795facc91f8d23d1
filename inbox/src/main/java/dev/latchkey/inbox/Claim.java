package dev.latchkey.inbox;

/// A work as taken by a worker.
///
/// @param work its id
/// @param attempt which attempt this is, from 1
/// @param epoch the number of this run
public record Claim(long work, String kind, String lane, String key, int attempt, long epoch) {}
