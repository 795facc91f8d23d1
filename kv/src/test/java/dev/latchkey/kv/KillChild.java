package dev.latchkey.kv;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// A process that writes until it is killed. It says on its output what it tries and what is done:
/// each line is written by itself and ends with a full stop, so that a part of one is told apart.
final class KillChild {

  static final StoreSpec<String> LEFT = StoreSpec.of("left_store", Codec.text());
  static final StoreSpec<String> RIGHT = StoreSpec.of("right_store", Codec.text());
  static final StoreSpec<String> BRIEF =
      StoreSpec.of("brief", Codec.text()).expireAfter(Duration.ofMillis(1));
  static final StoreSpec<byte[]> BULK = StoreSpec.of("bulk", Codec.bytes()).ofLargeValues();

  /// Said before another handle is opened.
  static final String SECOND_HANDLE = "second handle";

  /// What the release of the outermost savepoint is to a [KillPoint].
  static final String END_OF_A_BODY = "end of a body";

  private static final int WARM = 20;
  private static final FileOutputStream OUT = new FileOutputStream(FileDescriptor.out);

  private final Path file;
  private final String round;
  private final KillPoint point;
  private final KillLoad load;
  private final PlantedBug bug;
  private final Stop stop;
  private final CountDownLatch warm = new CountDownLatch(WARM);

  private KillChild(String[] arguments) {
    file = Path.of(arguments[0]);
    round = arguments[1];
    point = KillPoint.valueOf(arguments[2]);
    load = KillLoad.valueOf(arguments[3]);
    bug = PlantedBug.valueOf(arguments[4]);
    stop = new Stop(point, bug);
  }

  static String[] arguments(Path file, int round, KillPoint point, KillLoad load, PlantedBug bug) {
    return new String[] {
      file.toString(), String.valueOf(round), point.name(), load.name(), bug.name()
    };
  }

  public static void main(String[] arguments) throws Exception {
    // What fails unforeseen ends it, and so the wait of its parent.
    Thread.setDefaultUncaughtExceptionHandler((thread, e) -> {
      e.printStackTrace();
      Runtime.getRuntime().halt(4);
    });
    new KillChild(arguments).run();
  }

  static void say(String line) {
    byte[] bytes = (line + " .\n").getBytes(StandardCharsets.UTF_8);
    synchronized (OUT) {
      try {
        OUT.write(bytes);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void run() throws Exception {
    say("opening");
    if (point.isInOpening()) {
      stop.arm();
    }
    Database database = open();
    KillWrites writes = new KillWrites(database, round, load, bug, warm::countDown);
    say("opened");
    writes.startCallers();
    warm.await();
    stop.arm();
    KillDeeds deeds = new KillDeeds(database, file, round, writes);
    deeds.perform(point.deed);
    // Had it not been stopped by now, the point would never be come to.
    new CountDownLatch(1).await(60, TimeUnit.SECONDS);
    say("never at " + point);
    Runtime.getRuntime().halt(3);
  }

  private Database open() throws SQLException {
    if (point == KillPoint.ANYWHERE && bug == PlantedBug.NONE) {
      return Database.open(file);
    }
    DatabaseFile target = DatabaseFile.at(DatabaseFile.resolve(file));
    if (point == KillPoint.FILE_CREATED) {
      stop.here();
    }
    return WatchedConnection.open(target, DatabaseOptions.defaults(), stop);
  }

  /// Stops for ever at the point, once that is armed.
  private static final class Stop implements WatchedConnection.Watcher {
    private final KillPoint point;
    private final PlantedBug bug;
    private final AtomicInteger awaited = new AtomicInteger(Integer.MAX_VALUE);
    private volatile boolean armed;
    private volatile boolean skipping;

    /// How many savepoints there are, one within another. Touched by whoever holds the writer.
    private int depth;

    Stop(KillPoint point, PlantedBug bug) {
      this.point = point;
      this.bug = bug;
    }

    void arm() {
      awaited.set(point.waitsForSomething() ? 1 : 0);
      armed = true;
    }

    void here() {
      say("at " + point);
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException e) {
        throw new IllegalStateException("nobody has a reason to", e);
      }
    }

    @Override
    public void before(String sql) {
      if (awaited.get() <= 0 && point.isBefore(sql)) {
        here();
      }
    }

    @Override
    public void after(String sql) {
      depth += sql.startsWith("SAVEPOINT") ? 1 : sql.startsWith("RELEASE") ? -1 : 0;
      boolean ends = depth == 0 && sql.startsWith("RELEASE");
      if (awaited.get() <= 0 && point.isAfter(ends ? END_OF_A_BODY : sql)) {
        here();
      }
      if (armed && point.waitsFor(sql)) {
        awaited.decrementAndGet();
      }
    }

    @Override
    public boolean skips(String sql) {
      return switch (bug) {
        case FORGETS_VERSIONS -> sql.startsWith("UPDATE kv_meta");
        case COMMITS_LATER -> {
          skipping |= armed && sql.equals("COMMIT");
          yield skipping && (sql.equals("COMMIT") || sql.equals("BEGIN IMMEDIATE"));
        }
        case NONE, ACKNOWLEDGES_FIRST, WRITES_HALVES -> false;
      };
    }
  }
}
