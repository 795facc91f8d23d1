package dev.latchkey.server.cli;

import java.io.Console;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/// What a command reads from and writes to.
///
/// @param watched whether `out` is a terminal, so that a person looks at it
public record Terminal(
    InputStream in,
    PrintStream out,
    PrintStream err,
    Map<String, String> environment,
    boolean watched) {

  /// Set by `./latchkey`. The JVM itself can only tell whether its input and output both are
  /// terminals.
  private static final String WATCHED = "latchkey.terminal";

  public Terminal {
    environment = Map.copyOf(environment);
  }

  /// The process's own.
  public static Terminal system() {
    String told = System.getProperty(WATCHED);
    boolean watched =
        told == null
            ? Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false)
            : Boolean.parseBoolean(told);
    return new Terminal(System.in, System.out, System.err, System.getenv(), watched);
  }

  /// Whether to print in colours: not if `NO_COLOR` is set (see no-color.org) or the terminal is a
  /// dumb one.
  boolean colours() {
    return watched
        && environment.getOrDefault("NO_COLOR", "").isEmpty()
        && !"dumb".equals(environment.get("TERM"));
  }

  /// Writes a whole output at once, in UTF-8 whatever the locale.
  ///
  /// @throws UnusableException if it can't be written
  void print(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.write(bytes, 0, bytes.length);
    if (out.checkError()) {
      throw new UnusableException("standard output can't be written", null);
    }
  }

  /// Writes one line about what went wrong.
  void complain(String command, String message) {
    byte[] bytes = (command + ": " + message + "\n").getBytes(StandardCharsets.UTF_8);
    err.write(bytes, 0, bytes.length);
    err.flush();
  }

  /// Shows how far something is, on one line that is written anew each time; to a person only. An
  /// empty text takes it away.
  void progress(String text) {
    if (watched && !"dumb".equals(environment.get("TERM"))) {
      byte[] bytes = ("\r\u001b[K" + text).getBytes(StandardCharsets.UTF_8);
      err.write(bytes, 0, bytes.length);
      err.flush();
    }
  }
}
