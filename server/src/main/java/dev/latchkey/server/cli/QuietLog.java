package dev.latchkey.server.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/// While it is open, kv logs nothing. A command tells in one line what failed; the engine's own log
/// would tell it again, with a stack trace.
final class QuietLog implements AutoCloseable {
  private final @Nullable Logger logger;
  private final @Nullable Level before;

  private QuietLog(@Nullable Logger logger) {
    this.logger = logger;
    this.before = logger == null ? null : logger.getLevel();
  }

  static QuietLog begin() {
    Logger logger = LoggerFactory.getLogger("dev.latchkey.kv") instanceof Logger it ? it : null;
    QuietLog quiet = new QuietLog(logger);
    if (logger != null) {
      logger.setLevel(Level.OFF);
    }
    return quiet;
  }

  @Override
  public void close() {
    if (logger != null) {
      logger.setLevel(before);
    }
  }
}
