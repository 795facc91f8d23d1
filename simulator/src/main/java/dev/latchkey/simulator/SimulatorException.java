package dev.latchkey.simulator;

/// What went wrong while the simulation was set up; each kind answers what the caller may do now.
public abstract sealed class SimulatorException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private SimulatorException(String message) {
    super(message);
  }

  private SimulatorException(String message, Throwable cause) {
    super(message, cause);
  }

  /// The folder is no git repository (or does not exist): choose another one.
  public static final class NotARepository extends SimulatorException {
    private static final long serialVersionUID = 1L;

    NotARepository(String message) {
      super(message);
    }
  }

  /// There is no `git` on the PATH: install it, or do without a repository.
  public static final class GitMissing extends SimulatorException {
    private static final long serialVersionUID = 1L;

    GitMissing(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /// No commit of the repository makes a pull request: choose another one, or fetch more history.
  public static final class NotEnoughHistory extends SimulatorException {
    private static final long serialVersionUID = 1L;

    NotEnoughHistory(String message) {
      super(message);
    }
  }

  /// `git` failed, took longer than its time, or printed what can't be read.
  public static final class GitFailed extends SimulatorException {
    private static final long serialVersionUID = 1L;

    GitFailed(String message) {
      super(message);
    }

    GitFailed(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /// The port is taken or may not be bound: choose another one, or 0 for any free one.
  public static final class PortUnusable extends SimulatorException {
    private static final long serialVersionUID = 1L;

    PortUnusable(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
