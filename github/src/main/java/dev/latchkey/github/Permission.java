package dev.latchkey.github;

/// What a user may do in a repository.
public enum Permission {
  ADMIN,
  MAINTAIN,
  WRITE,
  TRIAGE,
  READ,
  NONE;

  /// Whether they may push.
  public boolean canWrite() {
    return this == ADMIN || this == MAINTAIN || this == WRITE;
  }
}
