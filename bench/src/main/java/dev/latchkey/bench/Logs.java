package dev.latchkey.bench;

import java.util.logging.Level;
import java.util.logging.Logger;

/// A line for each delivery and each work on the console would be most of what is measured. The
/// peers write none either.
final class Logs {

  /// Held, as the logging forgets a level when nobody holds the logger.
  private static final Logger LATCHKEY = Logger.getLogger("dev.latchkey");

  private Logs() {}

  static void quieten() {
    LATCHKEY.setLevel(Level.WARNING);
  }
}
