package dev.latchkey.simulator;

import java.time.Instant;

/// A call that the simulated model took.
///
/// @param number counts the calls from 1 in order of arrival
/// @param promptTokens what was billed for the question, one token for three bytes
/// @param completionTokens what was billed for the reply
public record ModelCall(
    long number,
    Instant at,
    String model,
    ModelQuestion question,
    String reply,
    long promptTokens,
    long completionTokens) {}
