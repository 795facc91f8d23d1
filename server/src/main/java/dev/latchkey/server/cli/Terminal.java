package dev.latchkey.server.cli;

import java.io.Console;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/// What a command reads from and writes to.
///
/// @param colours whether a person looks at `out`
public record Terminal(
    InputStream in,
    PrintStream out,
    PrintStream err,
    Map<String, String> environment,
    boolean colours) {
  public Terminal {
    environment = Map.copyOf(environment);
  }

  /// The process's own. Colours only where both ends are a terminal, and neither `NO_COLOR` is set
  /// (see no-color.org) nor the terminal is a dumb one.
  public static Terminal system() {
    boolean interactive =
        Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
    Map<String, String> environment = System.getenv();
    boolean colours =
        interactive
            && environment.getOrDefault("NO_COLOR", "").isEmpty()
            && !"dumb".equals(environment.get("TERM"));
    return new Terminal(System.in, System.out, System.err, environment, colours);
  }

  /// Writes a whole output at once, in UTF-8 whatever the locale.
  void print(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.write(bytes, 0, bytes.length);
    out.flush();
  }

  /// Writes one line about what went wrong.
  void complain(String command, String message) {
    byte[] bytes = (command + ": " + message + "\n").getBytes(StandardCharsets.UTF_8);
    err.write(bytes, 0, bytes.length);
    err.flush();
  }
}
