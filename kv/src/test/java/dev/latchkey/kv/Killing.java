package dev.latchkey.kv;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
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
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Kills children that write to a file, one after the other, and looks at the file after them.
final class Killing {

  /// How long it may take to open a file after a kill.
  static final Duration LONGEST_REOPENING = Duration.ofSeconds(1);

  static final AtomicInteger KILLS = new AtomicInteger();
  static final AtomicLong SLOWEST_NANOS = new AtomicLong();

  private final Path file;
  private final Path directory;
  private final KillRecord record = new KillRecord();
  private int round;
  private volatile long grown;

  Killing(Path directory) {
    this.directory = directory;
    this.file = directory.resolve("data.db");
  }

  /// Kills a child at the point.
  ///
  /// @return false if the point is the growth of a file, and that was over before the kill
  boolean at(KillPoint point, KillLoad load, PlantedBug bug) throws IOException {
    if (point.deed == KillPoint.Deed.MIGRATE) {
      makeOlder();
    }
    String stopped = null;
    boolean inTime = true;
    try (Child child = start(point, load, bug)) {
      Thread watcher = null;
      for (String line = read(child); line != null; line = read(child)) {
        boolean _ = record.note(line);
        if (line.startsWith("at ") || line.startsWith("never ")) {
          stopped = line;
          child.kill();
        } else if (watcher == null && begins(point, line)) {
          watcher = killOnceItGrows(child, point);
        }
      }
      if (watcher != null) {
        Threads.join(watcher);
        assertThat(grown).as("grown by the kill").isPositive();
        stopped = "at " + point;
        inTime = grown < growth(point);
      }
      if (point != KillPoint.FILE_CREATED) {
        // It is in nobody's way: the lock is gone with its owner.
        assertThat(Files.readString(directory.resolve("data.db.pid")))
            .as("who had the file open")
            .isEqualTo(child.pid() + "\n");
      }
    }
    KILLS.incrementAndGet();
    assertThat(stopped).as("where it was killed").isEqualTo("at " + point);
    return inTime;
  }

  /// Takes from the file what the schema before this one didn't have.
  private void makeOlder() throws IOException {
    if (!Files.exists(file)) {
      after(60, KillLoad.LIGHT, PlantedBug.NONE);
      check();
    }
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      List<String> drops = new ArrayList<>();
      try (ResultSet indexes =
          statement.executeQuery(
              "SELECT name FROM sqlite_schema WHERE name LIKE 'kv!_expiry!_of%' ESCAPE '!'")) {
        while (indexes.next()) {
          drops.add("DROP INDEX " + indexes.getString(1));
        }
      }
      for (String drop : drops) {
        statement.execute(drop);
      }
      statement.execute("PRAGMA user_version = 1");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Kills a child after a number of acknowledged writes.
  void after(int acknowledged, KillLoad load, PlantedBug bug) throws IOException {
    int done = 0;
    try (Child child = start(KillPoint.ANYWHERE, load, bug)) {
      for (String line = read(child); line != null; line = read(child)) {
        done += record.note(line) ? 1 : 0;
        if (done == acknowledged) {
          child.kill();
        }
      }
    }
    KILLS.incrementAndGet();
    assertThat(done).as("acknowledged before the kill").isGreaterThanOrEqualTo(acknowledged);
  }

  /// Kills a child that long after it began to open the file.
  void whileOpening(Duration delay) throws IOException {
    try (Child child = start(KillPoint.ANYWHERE, KillLoad.LIGHT, PlantedBug.NONE)) {
      assertThat(read(child)).isEqualTo("opening");
      long begun = System.nanoTime();
      while (System.nanoTime() - begun < delay.toNanos()) {
        Thread.onSpinWait();
      }
      child.kill();
      for (String line = read(child); line != null; line = read(child)) {
        boolean _ = record.note(line);
      }
    }
    KILLS.incrementAndGet();
  }

  /// Kills a child while it opens a handle more.
  void whileASecondHandleOpens(int handles) throws IOException {
    int begun = 0;
    try (Child child = start(KillPoint.ANYWHERE, KillLoad.MIXED, PlantedBug.NONE)) {
      for (String line = read(child); line != null; line = read(child)) {
        boolean _ = record.note(line);
        begun += line.equals(KillChild.SECOND_HANDLE) ? 1 : 0;
        if (begun == handles) {
          child.kill();
        }
      }
    }
    KILLS.incrementAndGet();
    assertThat(begun).as("second handles").isGreaterThanOrEqualTo(handles);
  }

  private Child start(KillPoint point, KillLoad load, PlantedBug bug) throws IOException {
    return Child.start(KillChild.class, KillChild.arguments(file, round++, point, load, bug));
  }

  private static @Nullable String read(Child child) throws IOException {
    String line = child.readLine();
    return line == null ? null : KillRecord.whole(line);
  }

  /// Returns whether the file, or its copy, is about to grow.
  private static boolean begins(KillPoint point, String line) {
    return switch (point) {
      case COPYING, COPYING_AT_CLOSE -> line.startsWith("try grow");
      case BACKING_UP -> line.startsWith("try backup");
      default -> false;
    };
  }

  private Thread killOnceItGrows(Child child, KillPoint point) {
    LongSupplier size = point == KillPoint.BACKING_UP ? this::copyBytes : this::fileBytes;
    long before = size.getAsLong();
    return Thread.ofPlatform()
        .start(() -> {
          while (child.isAlive() && size.getAsLong() - before < (256 << 10)) {
            Thread.onSpinWait();
          }
          child.kill();
          grown = size.getAsLong() - before;
        });
  }

  /// Returns what a file grows by if nobody is killed.
  private static long growth(KillPoint point) {
    boolean closing = point.deed == KillPoint.Deed.GROW_AND_CLOSE;
    return (closing ? KillDeeds.GROWTH_BEFORE_CLOSE : KillDeeds.GROWTH) * (1L << 20);
  }

  private long fileBytes() {
    return file.toFile().length();
  }

  private long copyBytes() {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(path -> path.getFileName().toString().startsWith(".latchkey-backup-"))
          .mapToLong(path -> path.toFile().length())
          .sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Opens the file and compares what is in it with what was said.
  void check() {
    long begun = System.nanoTime();
    try (Database database = Database.open(file)) {
      long took = System.nanoTime() - begun;
      SLOWEST_NANOS.accumulateAndGet(took, Math::max);
      assertThat(Duration.ofNanos(took)).as("reopening").isLessThan(LONGEST_REOPENING);
      KillVerdict.on(database, directory, record);
    }
  }
}
