package dev.latchkey.inbox;

import dev.latchkey.kv.Database;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// One file, and many children which are killed on it, one after the other.
final class Storm implements AutoCloseable {

  static final List<String> POINTS =
      List.of(
          "stored-before-ack",
          "after-ack",
          "after-claim",
          "in-paid-call",
          "after-step",
          "before-effect",
          "after-effect",
          "after-done");

  private static final long LONGEST_MILLIS = 15_000;

  private final Path directory;
  private final StormBug bug;
  private final Random random;
  final StormWorld world = new StormWorld();
  private final List<String> sent = new ArrayList<>();
  private int deliveries;
  private int pointsReached;

  Storm(Path directory, StormBug bug, long seed) throws IOException {
    this.directory = directory;
    this.bug = bug;
    this.random = new Random(seed);
  }

  private Path file() {
    return directory.resolve("storm.db");
  }

  int pointsReached() {
    return pointsReached;
  }

  int deliveries() {
    return deliveries;
  }

  /// A child, and the ends of its pipes.
  private record Life(Process process, BufferedReader out, PrintWriter in) {
    void kill() throws InterruptedException {
      process.destroyForcibly().waitFor();
    }
  }

  private Life begin() throws IOException {
    Path log = directory.resolve("child.log");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                "-cp",
                classPath(),
                StormChild.class.getName(),
                file().toString(),
                Integer.toString(world.port()),
                bug.name())
            .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    Life life =
        new Life(
            process,
            process.inputReader(StandardCharsets.UTF_8),
            new PrintWriter(process.getOutputStream(), true, StandardCharsets.UTF_8));
    String said = life.out().readLine();
    if (!"ready".equals(said)) {
      process.destroyForcibly();
      throw new IOException("child said " + said + "; " + Files.readString(log));
    }
    return life;
  }

  // Tests may run on the class path or as a patched module: a child gets it all as a class path.
  private static String classPath() {
    Set<String> entries = new LinkedHashSet<>();
    entries.add(Path.of("target", "test-classes").toAbsolutePath().toString());
    for (String property : List.of("jdk.module.path", "java.class.path")) {
      entries.addAll(List.of(System.getProperty(property, "").split(File.pathSeparator, -1)));
    }
    return String.join(File.pathSeparator, entries);
  }

  /// Lets a child live until it comes to that point, and kills it there.
  void killAt(String point) throws IOException, InterruptedException {
    world.stopAt(point, random.nextInt(3));
    Life life = begin();
    send(life);
    if (world.awaitPoint(LONGEST_MILLIS)) {
      pointsReached++;
    }
    life.kill();
    world.killed();
  }

  /// Kills a child after a time by chance.
  void killAtRandom() throws IOException, InterruptedException {
    world.stopAt("nowhere", 0);
    Life life = begin();
    send(life);
    var _ = world.awaitPoint(random.nextInt(250));
    life.kill();
    world.killed();
  }

  /// Sends what was never acknowledged, some of what was, and some that is new, out of order.
  private void send(Life life) {
    List<String> some = new ArrayList<>();
    for (String id : sent) {
      if (!world.acknowledged.contains(id) || random.nextInt(10) == 0) {
        some.add(id);
      }
    }
    for (int i = 0; i < 6; i++) {
      String kind = List.of("plain", "paid", "paid", "late").get(random.nextInt(4));
      some.add(kind + "-" + random.nextInt(5) + "-" + deliveries++);
    }
    if (random.nextInt(3) == 0) {
      some.add("closed-" + random.nextInt(5) + "-" + deliveries++);
    }
    some.forEach(id -> {
      if (!sent.contains(id)) {
        sent.add(id);
      }
    });
    Collections.shuffle(some, random);
    some.forEach(life.in()::println);
    if (random.nextInt(3) == 0) {
      life.in().println("reopen");
    }
  }

  /// Lets a last child bring everything to its end.
  void calm() throws IOException, InterruptedException {
    world.stopAt("nowhere", 0);
    Life life = begin();
    for (String id : sent) {
      if (!world.acknowledged.contains(id)) {
        life.in().println(id);
      }
    }
    // With a bug, it may never come to an end.
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(bug == StormBug.NONE ? 120 : 10);
    String unended = "";
    while (System.nanoTime() < deadline
        && !(unended.equals("unended 0") && world.acknowledged.containsAll(sent))) {
      var _ = world.awaitPoint(20);
      life.in().println("settle");
      unended = String.valueOf(life.out().readLine());
    }
    life.in().close();
    life.process().waitFor();
  }

  void judge() {
    try (Database database = Database.open(file())) {
      StormVerdict verdict = new StormVerdict(database, world);
      verdict.require();
      verdict.requireThatSendingAgainChangesNothing();
    }
  }

  @Override
  public void close() throws IOException {
    world.close();
  }
}
