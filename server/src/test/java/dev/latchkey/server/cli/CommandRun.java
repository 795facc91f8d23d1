package dev.latchkey.server.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What one run of `latchkey review` did.
record CommandRun(int exitCode, String out, String err) {
  private static final JsonMapper JSON = new JsonMapper();

  static CommandRun of(String... arguments) {
    return of(new byte[0], Map.of(), arguments);
  }

  static CommandRun of(byte[] in, Map<String, String> environment, String... arguments) {
    return of(new ByteArrayInputStream(in), environment, false, arguments);
  }

  static CommandRun of(
      InputStream in, Map<String, String> environment, boolean colours, String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    PrintStream errors = new PrintStream(err, true, StandardCharsets.UTF_8);
    Terminal terminal =
        new Terminal(
            in, new PrintStream(out, true, StandardCharsets.UTF_8), errors, environment, colours);
    int exitCode =
        new CommandLine(new ReviewCommand(terminal))
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
