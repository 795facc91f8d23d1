package dev.latchkey.bench;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Readers of diffs take turns with one text, in one thread, once in each round.
final class DiffRace {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final OperatingSystemMXBean PROCESS =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private final byte[] text;
  private final List<DiffPeer> peers;
  private DiffPeer.@Nullable Parsed expected;

  DiffRace(byte[] text, List<DiffPeer> peers) {
    this.text = text;
    this.peers = peers;
  }

  /// @param warmUps how often each reads the text before the first round
  /// @throws IllegalStateException if they don't find the same files and hunks
  List<DiffOutcome> run(int warmUps, int rounds) throws IOException {
    List<DiffOutcome> outcomes =
        peers.stream().map(peer -> new DiffOutcome(peer, new ArrayList<>())).toList();
    for (DiffPeer peer : peers) {
      for (int i = 0; i < warmUps; i++) {
        measure(peer);
      }
    }
    for (int i = 0; i < rounds; i++) {
      for (int j = 0; j < outcomes.size(); j++) {
        // Another one begins each time, so that nobody always comes after the same one.
        DiffOutcome outcome = outcomes.get((i + j) % outcomes.size());
        outcome.rounds().add(measure(outcome.peer()));
      }
    }
    return outcomes;
  }

  private Measurement measure(DiffPeer peer) throws IOException {
    // What the one before has left is not to be collected at this one's expense.
    System.gc();
    long allocated = THREADS.getCurrentThreadAllocatedBytes();
    long processor = PROCESS.getProcessCpuTime();
    long begin = System.nanoTime();
    DiffPeer.Parsed parsed = peer.parse(text);
    long nanos = System.nanoTime() - begin;
    processor = PROCESS.getProcessCpuTime() - processor;
    allocated = THREADS.getCurrentThreadAllocatedBytes() - allocated;
    compare(peer, parsed);
    double megabytes = text.length / 1e6;
    Latencies latencies = new Latencies();
    latencies.record(nanos);
    return new Measurement(
        megabytes * 1e9 / nanos, processor / megabytes, allocated / megabytes, latencies);
  }

  private void compare(DiffPeer peer, DiffPeer.Parsed parsed) {
    DiffPeer.Parsed counts = new DiffPeer.Parsed(parsed.files(), parsed.hunks(), "");
    DiffPeer.Parsed others = expected;
    expected = counts;
    if (others != null && !others.equals(counts)) {
      throw new IllegalStateException(
          "%s finds %d files and %d hunks, the one before %d and %d"
              .formatted(
                  peer.title(), counts.files(), counts.hunks(), others.files(), others.hunks()));
    }
  }
}
