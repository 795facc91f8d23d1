package dev.latchkey.review;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Parses and plans a large diff in a JVM of its own, whose heap the parent has chosen, and prints
/// a figure a line.
final class LargePlanChild {
  static final long SEED = 3_000;
  static final int FILES = 3_000;
  static final int CHANGES = 100_000;

  private LargePlanChild() {}

  public static void main(String[] arguments) {
    byte[] text = LargeDiff.of(SEED, FILES, CHANGES);
    long start = System.nanoTime();
    List<FileDiff> files = Diffs.parse(text);
    long parsed = System.nanoTime();
    Snapshot snapshot = Snapshot.ofDiff("acme/shop", files);
    Plan plan = Plan.of(snapshot, Samples.options());
    long planned = System.nanoTime();
    Plan again = Plan.of(snapshot, Samples.options());
    Plan everything = everything(snapshot);
    long live = liveBytes();

    print("diff bytes", text.length);
    print("files", files.size());
    print("changes", files.stream().mapToLong(file -> file.additions() + file.deletions()).sum());
    print("live bytes", live);
    print("files of the plan", paths(plan).size());
    print("files of the whole plan", paths(everything).size());
    print("chunks of the whole plan", everything.chunks().size());
    System.out.println("plan = " + digest(plan));
    System.out.println("same plan = " + digest(again));
    System.out.println("whole plan = " + digest(everything));
    System.out.printf("seconds to parse = %.3f%n", (parsed - start) / 1e9);
    System.out.printf("seconds to plan = %.3f%n", (planned - parsed) / 1e9);
  }

  /// A plan without a limit on questions, which has all lines in it.
  static Plan everything(Snapshot snapshot) {
    return Plan.of(snapshot, Samples.options().withMaxChunks(Integer.MAX_VALUE));
  }

  private static void print(String name, long value) {
    System.out.println(name + " = " + value);
  }

  private static long liveBytes() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  private static Set<String> paths(Plan plan) {
    Set<String> paths = new HashSet<>();
    plan.chunks().forEach(chunk -> chunk.files().forEach(file -> paths.add(file.path())));
    plan.omitted().stream()
        .filter(omitted -> !omitted.reason().label().isEmpty())
        .forEach(omitted -> paths.add(omitted.path()));
    return paths;
  }

  /// One hash for all of a plan.
  static String digest(Plan plan) {
    StringBuilder whole = new StringBuilder();
    plan.chunks().forEach(chunk -> whole.append(chunk.hash()).append('\n'));
    plan.omitted().forEach(omitted -> whole.append(omitted).append('\n'));
    return Digest.of(whole.toString());
  }
}
