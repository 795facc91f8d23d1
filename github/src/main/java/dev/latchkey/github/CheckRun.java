package dev.latchkey.github;

/// A check run as GitHub has it.
///
/// @param id within GitHub
/// @param externalId what it was created with; empty if nothing
/// @param headSha the commit it is about
public record CheckRun(long id, String name, String headSha, String externalId, CheckState state) {}
