package dev.latchkey.server.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Function;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What one run of a command did.
record CommandRun(int exitCode, String out, String err) {
  private static final JsonMapper JSON = new JsonMapper();

  /// Runs `latchkey review`.
  static CommandRun of(String... arguments) {
    return of(new byte[0], Map.of(), arguments);
  }

  static CommandRun of(byte[] in, Map<String, String> environment, String... arguments) {
    return of(new ByteArrayInputStream(in), environment, false, arguments);
  }

  static CommandRun of(
      InputStream in, Map<String, String> environment, boolean watched, String... arguments) {
    return of(ReviewCommand::new, new Stage(in, environment, watched), arguments);
  }

  /// Where a command is run.
  ///
  /// @param watched whether a person looks at the output
  record Stage(InputStream in, Map<String, String> environment, boolean watched) {}

  static CommandRun of(Function<Terminal, Object> command, Stage stage, String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    PrintStream errors = new PrintStream(err, true, StandardCharsets.UTF_8);
    Terminal terminal =
        new Terminal(
            stage.in(),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            errors,
            stage.environment(),
            stage.watched());
    int exitCode =
        new CommandLine(command.apply(terminal))
            .setErr(new PrintWriter(errors, true, StandardCharsets.UTF_8))
            .setOut(new PrintWriter(out, true, StandardCharsets.UTF_8))
            .setParameterExceptionHandler(new OneLineErrors())
            .execute(arguments);
    return new CommandRun(
        exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  JsonNode json() {
    return JSON.readTree(out);
  }
}
