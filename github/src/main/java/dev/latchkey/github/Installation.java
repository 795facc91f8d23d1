package dev.latchkey.github;

/// One place where the App is installed.
///
/// @param account the user or organisation whose repositories it sees
/// @param suspended it exists, and GitHub gives no token for it
public record Installation(long id, Account account, boolean suspended) {}
