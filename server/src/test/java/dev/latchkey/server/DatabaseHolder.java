package dev.latchkey.server;

import dev.latchkey.kv.Database;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// Another process which has a database open, until it is closed.
final class DatabaseHolder implements AutoCloseable {

  private final Process process;

  private DatabaseHolder(Process process) {
    this.process = process;
  }

  static DatabaseHolder of(Path database) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                DatabaseHolder.class.getName(),
                database.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    BufferedReader said = process.inputReader(StandardCharsets.UTF_8);
    if (!"opened".equals(said.readLine())) {
      process.destroyForcibly();
      throw new AssertionError("the other process can't open " + database);
    }
    return new DatabaseHolder(process);
  }

  public static void main(String[] arguments) throws IOException {
    try (Database _ = Database.open(Path.of(arguments[0]))) {
      System.out.println("opened");
      var _ = System.in.read();
    }
  }

  long pid() {
    return process.pid();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
