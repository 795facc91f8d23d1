package dev.latchkey.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Measures one row: its peers take turns, round by round, since the machine isn't the same from
/// one minute to the next.
final class Race implements AutoCloseable {
  private final Row row;
  private final Plan plan;
  private final Keys keys;
  private final List<Lane> lanes = new ArrayList<>();
  private long seed;

  private record Lane(
      Peer peer, Path folder, Contender contender, List<Measurement> measurements) {}

  /// Opens the databases, on a fresh copy each.
  Race(Row row, Plan plan, Keys keys, Folders folders) throws Exception {
    this.row = row;
    this.plan = plan;
    this.keys = keys;
    boolean cached = row.operation() != Operation.GET_UNCACHED;
    for (Peer peer : row.peers()) {
      if (plan.peers().contains(peer)) {
        Path folder = folders.prepared(peer, row.valueBytes());
        lanes.add(new Lane(peer, folder, peer.open(folder, cached), new ArrayList<>()));
      }
    }
  }

  List<Outcome> run() throws InterruptedException {
    for (Lane lane : lanes) {
      run(lane, plan.warmUp());
    }
    for (int i = 0; i < plan.rounds(); i++) {
      for (int j = 0; j < lanes.size(); j++) {
        // Another one begins each time, so that nobody always comes after the same one.
        Lane lane = lanes.get((i + j) % lanes.size());
        lane.measurements().add(run(lane, plan.length()));
      }
    }
    return lanes.stream()
        .map(lane -> new Outcome(row, lane.peer(), List.copyOf(lane.measurements())))
        .toList();
  }

  private Measurement run(Lane lane, Duration length) throws InterruptedException {
    return new Round(row, lane.peer(), keys).run(lane.contender(), length, seed++);
  }

  @Override
  public void close() throws SQLException, IOException {
    for (Lane lane : lanes) {
      lane.contender().close();
      Folders.delete(lane.folder());
    }
  }
}
