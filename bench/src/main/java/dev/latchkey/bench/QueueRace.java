package dev.latchkey.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Measures one row of queues: they take turns, round by round. Each begins with an empty database.
final class QueueRace implements AutoCloseable {
  private static final long SEEDS_APART = 1_000_003;

  private final QueueRow row;
  private final QueuePlan plan;
  private final List<Lane> lanes = new ArrayList<>();
  private long seed;

  private record Lane(
      QueuePeer peer,
      Path folder,
      Flights flights,
      WebhookQueue queue,
      List<Measurement> measurements,
      Latencies toStart) {}

  /// @param root an existing folder, in which the databases are made
  QueueRace(QueueRow row, QueuePlan plan, Path root) throws Exception {
    this.row = row;
    this.plan = plan;
    for (QueuePeer peer : row.peers()) {
      if (plan.peers().contains(peer)) {
        Path folder = Files.createTempDirectory(root, peer.name());
        Flights flights = new Flights();
        WebhookQueue queue = peer.open(folder, flights);
        lanes.add(new Lane(peer, folder, flights, queue, new ArrayList<>(), new Latencies()));
        if (row.operation().isStarted()) {
          queue.start();
        }
      }
    }
  }

  List<QueueOutcome> run() throws InterruptedException {
    for (Lane lane : lanes) {
      run(lane, plan.warmUp(), new Latencies());
    }
    for (int i = 0; i < plan.rounds(); i++) {
      for (int j = 0; j < lanes.size(); j++) {
        // Another one begins each time, so that nobody always comes after the same one.
        Lane lane = lanes.get((i + j) % lanes.size());
        lane.measurements().add(run(lane, plan.length(), lane.toStart()));
      }
    }
    return lanes.stream()
        .map(lane ->
            new QueueOutcome(row, lane.peer(), List.copyOf(lane.measurements()), lane.toStart()))
        .toList();
  }

  private Measurement run(Lane lane, Duration length, Latencies toStart)
      throws InterruptedException {
    long first = ++seed * SEEDS_APART;
    return new Crowd(row.name(), row.callers(), true)
        .run(
            length,
            caller -> new QueueDuty(row, lane.queue(), lane.flights(), toStart, first + caller));
  }

  @Override
  public void close() throws SQLException, IOException {
    for (Lane lane : lanes) {
      lane.queue().close();
      Folders.delete(lane.folder());
    }
  }
}
