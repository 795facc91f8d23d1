package dev.latchkey.bench;

/// What one caller does again and again. Nobody else calls it meanwhile.
interface Duty {

  /// What is counted and timed.
  void once() throws Exception;

  /// How many calls there are for each one whose time is taken.
  default int timedEvery() {
    return 1;
  }

  /// Comes before each call, and isn't timed.
  default void rest() throws InterruptedException {}

  /// Called on the caller's own thread when it is done.
  default void leave() {}

  /// Makes the duty of each caller.
  @FunctionalInterface
  interface Source {

    /// Called on the caller's own thread.
    ///
    /// @param caller from 0
    Duty begin(int caller) throws Exception;
  }
}
