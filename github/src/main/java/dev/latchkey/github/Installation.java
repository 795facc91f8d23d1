package dev.latchkey.github;

/// Where the App is installed.
///
/// @param account whose repositories it may see
/// @param suspended whether it may see nothing for now
public record Installation(long id, Account account, boolean suspended) {}
