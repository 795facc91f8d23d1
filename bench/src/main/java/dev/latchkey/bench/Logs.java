package dev.latchkey.bench;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;

/// A line for each delivery and each work on the console would be most of what is measured. The
/// peers write none either.
final class Logs {

  private Logs() {}

  static void quieten() {
    if (LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME) instanceof Logger root) {
      root.setLevel(Level.WARN);
    }
  }
}
