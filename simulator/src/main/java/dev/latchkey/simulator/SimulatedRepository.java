package dev.latchkey.simulator;

/// A repository at the simulated GitHub; all repositories of one owner share one installation.
public record SimulatedRepository(long id, long installation, String owner, String name) {

  /// `owner/name`.
  public String fullName() {
    return owner + "/" + name;
  }
}
