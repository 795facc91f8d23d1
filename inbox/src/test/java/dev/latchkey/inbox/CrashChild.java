package dev.latchkey.inbox;

import dev.latchkey.kv.Codec;
import dev.latchkey.kv.Database;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

/// A process that takes one delivery in and does its work, and stops for ever at a named point, to
/// be killed there. It ends by itself when its parent does.
final class CrashChild {

  static final Limit LIMIT = new Limit("bucket", 1, Duration.ofDays(1));

  private CrashChild() {}

  /// Where to stop.
  enum Point {
    STORED,
    CLAIMED,
    PLAIN_STEP_KEPT,
    CALL_STARTED,
    PAID_CALL,
    PAID_STEP_KEPT,
    ENDED
  }

  static Path database(Path directory) {
    return directory.resolve("inbox.db");
  }

  /// The calls made to the outside, one a line, by whichever process.
  static Path calls(Path directory) {
    return directory.resolve("calls.log");
  }

  public static void main(String[] arguments) throws IOException {
    Path directory = Path.of(arguments[0]);
    Point point = Point.valueOf(arguments[1]);
    Database database = Database.open(database(directory));
    InboxOptions options = options().withListener(event -> parkAt(point, point(event)));
    Inbox inbox = Inbox.open(database, options);
    inbox.handler("build", task -> build(task, directory, () -> parkAt(point, Point.PAID_CALL)));
    inbox.start();
    Thread.startVirtualThread(() -> inbox.accept(Rig.delivery("one", "build", "lane")));

    int end = System.in.read();
    System.exit(end);
  }

  static InboxOptions options() {
    return InboxOptions.of(
        delivery -> Routing.to(Rig.route(delivery).works().getFirst().withLimits(LIMIT)));
  }

  private static Point point(Event event) {
    return switch (event) {
      case Event.Stored _ -> Point.STORED;
      case Event.Claimed _ -> Point.CLAIMED;
      case Event.CallStarted _ -> Point.CALL_STARTED;
      case Event.StepKept(_, var step) ->
          step.equals("plain") ? Point.PLAIN_STEP_KEPT : Point.PAID_STEP_KEPT;
      case Event.Ended _ -> Point.ENDED;
      case Event.Retried _,
          Event.Postponed _,
          Event.HandedBack _,
          Event.Cancelled _,
          Event.Held _,
          Event.Poisoned _,
          Event.CaughtUp _,
          Event.Resynced _,
          Event.LookFailed _ ->
          throw new IllegalStateException("not on this way: " + event);
    };
  }

  private static void parkAt(Point wanted, Point here) {
    if (wanted != here) {
      return;
    }
    System.out.println("parked");
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException("nobody interrupts this", interrupted);
    }
  }

  static Outcome build(Task task, Path directory, Runnable inCall) throws IOException {
    String plain = task.step("plain", "v1", Codec.text(), () -> call(directory, "plain"));
    String paid =
        task.paidStep(
            "paid",
            plain,
            Codec.text(),
            () -> {
              String answer = call(directory, "paid");
              inCall.run();
              return answer;
            });
    return Outcome.done(plain + " " + paid);
  }

  private static String call(Path directory, String name) throws IOException {
    Files.writeString(
        calls(directory), name + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    return name + " answered";
  }

  /// Starts a child and returns once it is parked.
  static Process park(Path directory, Point point) throws IOException {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath(),
                CrashChild.class.getName(),
                directory.toString(),
                point.name())
            .redirectError(
                ProcessBuilder.Redirect.appendTo(directory.resolve("child.log").toFile()))
            .start();
    String line = child.inputReader(StandardCharsets.UTF_8).readLine();
    if (!"parked".equals(line)) {
      child.destroyForcibly();
      throw new IOException(
          "child said " + line + "; " + Files.readString(directory.resolve("child.log")));
    }
    return child;
  }

  // Tests may run on the class path or as a patched module: a child gets it all as a class path.
  private static String classPath() {
    Set<String> entries = new LinkedHashSet<>();
    entries.add(Path.of("target", "test-classes").toAbsolutePath().toString());
    for (String property : List.of("jdk.module.path", "java.class.path")) {
      entries.addAll(List.of(System.getProperty(property, "").split(File.pathSeparator)));
    }
    return String.join(File.pathSeparator, entries);
  }
}
