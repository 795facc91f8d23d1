package dev.latchkey.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/// Measures the server and the one without a store, row by row, each with one process for all rows.
final class ServerRace {
  private static final int WARM_UP_CONNECTIONS = 32;

  private final List<ServerRow> rows;
  private final Duration warmUp;
  private final Duration length;
  private final AtomicInteger pullRequests = new AtomicInteger();
  private final AtomicLong seeds = new AtomicLong();

  /// @param warmUp before each row; twice that long when a server is new
  ServerRace(List<ServerRow> rows, Duration warmUp, Duration length) {
    this.rows = List.copyOf(rows);
    this.warmUp = warmUp;
    this.length = length;
  }

  /// How many webhooks were accepted, by those who say so.
  ///
  /// @param answers that were 202
  /// @param kept how many the server has, once it has stopped
  record Count(ServerPeer peer, long answers, long kept) {}

  private record Lane(ServerPeer peer, ServerProcess server, LongAdder answers) {}

  /// Runs all rows.
  ///
  /// @param root an existing folder, in which the servers have their own
  /// @param to is told each outcome when it is there
  /// @throws IllegalStateException if an answer is not 202
  List<Count> run(Path root, Consumer<ServerOutcome> to)
      throws IOException, InterruptedException, SQLException {
    List<Lane> lanes = new ArrayList<>();
    try {
      for (ServerPeer peer : ServerPeer.values()) {
        Path folder = Files.createTempDirectory(root, "webhooks-");
        lanes.add(new Lane(peer, ServerProcess.start(peer, folder), new LongAdder()));
      }
      for (Lane lane : lanes) {
        load(lane, new ServerRow("warm-up", WARM_UP_CONNECTIONS, 0), warmUp.multipliedBy(2));
      }
      for (int i = 0; i < rows.size(); i++) {
        for (int j = 0; j < lanes.size(); j++) {
          // Another one begins each time.
          Lane lane = lanes.get((i + j) % lanes.size());
          load(lane, rows.get(i), warmUp);
          to.accept(load(lane, rows.get(i), length));
        }
      }
      List<Count> counts = new ArrayList<>();
      for (Lane lane : lanes) {
        counts.add(new Count(lane.peer(), lane.answers().sum(), kept(lane)));
      }
      return counts;
    } finally {
      for (Lane lane : lanes) {
        lane.server().close();
      }
    }
  }

  private ServerOutcome load(Lane lane, ServerRow row, Duration time)
      throws InterruptedException, IOException {
    PostDuty.Counts counts = new PostDuty.Counts(lane.answers(), new Latencies());
    Duration before = lane.server().processor();
    Duration busyBefore = Machine.busy();
    long begin = System.nanoTime();
    Measurement senders =
        new Crowd(row.name(), row.connections(), true)
            .run(
                time,
                caller ->
                    new PostDuty(
                        row,
                        caller,
                        new HttpConnection(lane.server().port()),
                        new PullRequestWebhooks(
                            seeds.incrementAndGet(), pullRequests, ServerProcess.SECRET),
                        counts));
    long nanos = System.nanoTime() - begin;
    Duration used = lane.server().processor().minus(before);
    long calls = counts.all().count();
    double others =
        Machine.busy().minus(busyBefore).minus(used).toNanos() - senders.processor() * calls;
    return new ServerOutcome(
        row,
        lane.peer(),
        senders.perSecond(),
        counts.all(),
        (double) used.toNanos() / calls,
        senders.processor(),
        Math.max(0, others / nanos),
        lane.server().resident());
  }

  private static long kept(Lane lane) throws IOException, SQLException {
    return switch (lane.peer()) {
      case STORELESS -> Long.parseLong(lane.server().awaitHealth());
      case SERVER -> {
        lane.server().close();
        try (Connection connection =
                DriverManager.getConnection("jdbc:sqlite:" + lane.server().database());
            Statement statement = connection.createStatement();
            ResultSet count = statement.executeQuery("SELECT COUNT(*) FROM latchkey_delivery")) {
          count.next();
          yield count.getLong(1);
        }
      }
    };
  }
}
