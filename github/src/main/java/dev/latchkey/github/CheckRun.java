package dev.latchkey.github;

import java.util.Optional;

/// A check run as GitHub has it.
///
/// @param id within GitHub
/// @param headSha the commit it is about
/// @param externalId what it was created with; empty if nothing
/// @param conclusion present exactly if the status is COMPLETED
/// @param appId the App which made it; zero if GitHub does not say
public record CheckRun(
    long id,
    String name,
    String headSha,
    String externalId,
    CheckState.Status status,
    Optional<CheckState.Conclusion> conclusion,
    long appId) {}
