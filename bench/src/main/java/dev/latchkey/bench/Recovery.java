package dev.latchkey.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// How long an inbox takes to go on with what a process was doing when it was killed.
final class Recovery {
  private static final Duration GOAL = Duration.ofSeconds(2);
  private static final Duration LONGEST = Duration.ofMinutes(1);

  private final Path root;
  private final int works;

  /// @param root an existing folder, in which the database is made
  /// @param works how many are running when the process is killed
  Recovery(Path root, int works) {
    this.root = root;
    this.works = works;
  }

  List<Figure> measure() throws Exception {
    Path folder = Files.createTempDirectory(root, "recovery");
    kill(folder);
    Starts starts = new Starts(works);
    long begin = System.nanoTime();
    try (InboxQueue queue = InboxQueue.open(folder, starts, settings(works))) {
      long opened = System.nanoTime() - begin;
      queue.start();
      starts.await();
      long claimed = System.nanoTime() - begin;
      return List.of(
          figure("opening after a kill, %,d works interrupted", opened),
          figure("the same until all %,d are running again", claimed));
    } finally {
      Folders.delete(folder);
    }
  }

  static InboxQueue.Settings settings(int works) {
    return new InboxQueue.Settings(works, false);
  }

  private Figure figure(String name, long nanos) {
    return new Figure(
        name.formatted(works),
        "%,d ms".formatted(nanos / 1_000_000),
        "< 2 s",
        nanos < GOAL.toNanos());
  }

  /// Has another process begin them all, and kills it.
  private void kill(Path folder) throws IOException, InterruptedException {
    Process victim =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Victim.class.getName(),
                folder.toString(),
                Integer.toString(works))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader output = victim.inputReader(StandardCharsets.UTF_8)) {
      String line = output.readLine();
      if (!Victim.READY.equals(line)) {
        throw new IllegalStateException("the process to be killed said " + line);
      }
    } finally {
      victim.destroyForcibly().waitFor();
    }
  }

  /// Counts handlers that are called.
  static final class Starts implements WebhookQueue.Watch {
    private final CountDownLatch missing;

    Starts(int wanted) {
      missing = new CountDownLatch(wanted);
    }

    @Override
    public void started(String id) {
      missing.countDown();
    }

    @Override
    public void done(String id) {}

    /// @throws IllegalStateException if they aren't called within a minute
    void await() throws InterruptedException {
      if (!missing.await(LONGEST.toNanos(), TimeUnit.NANOSECONDS)) {
        throw new IllegalStateException(missing.getCount() + " works haven't been begun");
      }
    }
  }
}
