package dev.latchkey.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.DoubleStream;

/// How long a server takes to start with an empty database, and the memory it then has.
final class ServerStarts {
  private static final double START_GOAL_SECONDS = 2;
  private static final double RESIDENT_GOAL_MEGABYTES = 200;

  private final Path root;
  private final int starts;
  private final Duration idle;

  /// @param root an existing folder, in which the servers have their own
  /// @param idle how long nothing is asked of it before its memory is looked at
  ServerStarts(Path root, int starts, Duration idle) {
    this.root = root;
    this.starts = starts;
    this.idle = idle;
  }

  List<Figure> measure() throws IOException, InterruptedException {
    double[] seconds = new double[starts];
    double[] processor = new double[starts];
    double[] megabytes = new double[starts];
    for (int i = 0; i < starts; i++) {
      Path folder = Files.createTempDirectory(root, "start-");
      long begin = System.nanoTime();
      try (ServerProcess server = ServerProcess.start(ServerPeer.SERVER, folder)) {
        server.awaitHealth();
        seconds[i] = (System.nanoTime() - begin) / 1e9;
        processor[i] = server.processor().toNanos() / 1e9;
        boolean _ = new CountDownLatch(1).await(idle.toNanos(), TimeUnit.NANOSECONDS);
        megabytes[i] = server.resident() / 1e6;
      }
    }
    List<Figure> figures = new ArrayList<>();
    Spread start = Spread.of(Arrays.stream(seconds));
    figures.add(
        new Figure(
            "from the start of Java to the first 200 of /health",
            "%.2f s (%.2f–%.2f), %.2f s of the processor"
                .formatted(
                    start.median(),
                    start.least(),
                    start.most(),
                    Spread.of(Arrays.stream(processor)).median()),
            "< %.0f s".formatted(START_GOAL_SECONDS),
            start.median() < START_GOAL_SECONDS));
    Spread resident = Spread.of(DoubleStream.of(megabytes));
    // Nothing is known where there is no /proc.
    if (resident.least() > 0) {
      figures.add(
          new Figure(
              "resident, idle after a start",
              "%.0f MB (%.0f–%.0f)".formatted(resident.median(), resident.least(), resident.most()),
              "< %.0f MB".formatted(RESIDENT_GOAL_MEGABYTES),
              resident.median() < RESIDENT_GOAL_MEGABYTES));
    }
    return figures;
  }
}
