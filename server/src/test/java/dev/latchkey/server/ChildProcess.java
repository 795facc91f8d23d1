package dev.latchkey.server;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A [CrashChild] as its parent sees it.
final class ChildProcess implements AutoCloseable {

  private static final int PATIENCE_SECONDS = 60;
  private static final String GONE = "gone";

  private final Process process;
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

  /// @param log where the child's own log goes
  ChildProcess(String point, PlantedBug bug, Map<String, String> environment, Path log) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m"));
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(CrashChild.class.getName(), point, bug.name()));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    builder.redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException("the child can't be started", e);
    }
    Thread.ofVirtual().name("child's output").start(this::read);
  }

  /// Waits for a line which begins so, and returns the rest of it.
  ///
  /// @throws AssertionError if the child ends or nothing comes for a minute
  String await(String beginning) throws InterruptedException {
    while (true) {
      String line = lines.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (line == null || line.equals(GONE)) {
        throw new AssertionError("the child said no '" + beginning + "': " + line);
      }
      if (line.startsWith(beginning)) {
        return line.substring(beginning.length()).strip();
      }
    }
  }

  void tell(String line) throws IOException {
    BufferedWriter in = process.outputWriter(StandardCharsets.UTF_8);
    in.write(line);
    in.newLine();
    in.flush();
  }

  /// Kills the process as `kill -9` does.
  void kill() {
    process.destroyForcibly();
  }

  /// Waits until it has ended, and returns its exit code.
  int awaitEnd() throws InterruptedException {
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("the child doesn't end");
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    kill();
  }

  private void read() {
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      out.lines().forEach(lines::add);
    } catch (IOException | UncheckedIOException e) {
      // A killed child's pipe may break; what matters is that it is gone.
      lines.add(GONE);
    }
    lines.add(GONE);
  }
}
