package dev.latchkey.simulator;

import org.jspecify.annotations.Nullable;

/// A check run of the App.
///
/// @param status `queued`, `in_progress` or `completed`
/// @param conclusion null until it is completed
public record SimulatedCheckRun(
    long id,
    String name,
    String headSha,
    String externalId,
    String status,
    @Nullable String conclusion,
    String title,
    String summary) {}
