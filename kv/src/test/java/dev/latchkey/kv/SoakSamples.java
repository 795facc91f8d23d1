package dev.latchkey.kv;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/// What a process takes up, looked at again and again, so that a leak shows as growth from the
/// first third to the last.
final class SoakSamples {

  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

  private final Path log;
  private final List<Sample> samples = new ArrayList<>();
  private long largestLog;

  /// @param heap in use after a collection, in bytes
  /// @param descriptors open files, where the system tells
  /// @param threads of the library
  private record Sample(long heap, long descriptors, long threads) {}

  SoakSamples(Path log) {
    this.log = log;
  }

  /// Looks at the log only, which is cheap.
  void lookAtLog() throws IOException {
    if (Files.exists(log)) {
      largestLog = Math.max(largestLog, Files.size(log));
    }
  }

  void take() throws IOException {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    long threads =
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().startsWith("latchkey-kv"))
            .count();
    samples.add(
        new Sample(runtime.totalMemory() - runtime.freeMemory(), openDescriptors(), threads));
    lookAtLog();
  }

  private static long openDescriptors() throws IOException {
    if (!Files.isDirectory(DESCRIPTORS)) {
      return 0;
    }
    try (Stream<Path> open = Files.list(DESCRIPTORS)) {
      return open.count();
    }
  }

  long largestLog() {
    return largestLog;
  }

  long heapGrowth() {
    return growth(Sample::heap);
  }

  long descriptorGrowth() {
    return growth(Sample::descriptors);
  }

  long threadGrowth() {
    return growth(Sample::threads);
  }

  /// Returns by how much the least of the last third is above the greatest of the first.
  private long growth(ToLongFunction<Sample> what) {
    int third = Math.min(samples.size(), Math.max(1, samples.size() / 3));
    long first = samples.subList(0, third).stream().mapToLong(what).max().orElse(0);
    long last =
        samples.subList(samples.size() - third, samples.size()).stream()
            .mapToLong(what)
            .min()
            .orElse(0);
    return last - first;
  }

  @Override
  public String toString() {
    if (samples.isEmpty()) {
      return "samples=0";
    }
    Sample first = samples.getFirst();
    Sample last = samples.getLast();
    return "samples=%d heap_mib=%d..%d descriptors=%d..%d threads=%d..%d largest_log_kib=%d"
        .formatted(
            samples.size(),
            first.heap() >> 20,
            last.heap() >> 20,
            first.descriptors(),
            last.descriptors(),
            first.threads(),
            last.threads(),
            largestLog >> 10);
  }
}
