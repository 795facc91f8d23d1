package dev.latchkey.kv;

import java.util.logging.Level;
import java.util.logging.Logger;

/// A time in which the log is silent, because databases stop by the hundred, on purpose.
final class Quiet implements AutoCloseable {

  /// Held, since a logger that nobody holds is forgotten, and its level with it.
  private static final Logger LOGGER = Logger.getLogger("dev.latchkey.kv");

  private Quiet() {}

  static Quiet begin() {
    LOGGER.setLevel(Level.OFF);
    return new Quiet();
  }

  @Override
  public void close() {
    LOGGER.setLevel(null);
  }
}
