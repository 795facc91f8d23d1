package dev.latchkey.kv;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SharedEngineTest {

  private static final StoreSpec<String> COLOURS = StoreSpec.of("colours", Codec.text());
  private static final StoreSpec<String> SHAPES = StoreSpec.of("shapes", Codec.text());

  @TempDir Path directory;

  @Test
  void twoStoresOnOnePathShareOneEngine() {
    try (Database first = Database.open(file());
        Database second = Database.open(file())) {
      first.store(COLOURS).put("sky", "blue");
      second.store(SHAPES).put("sun", "round");

      assertThat(engine(first)).isSameAs(engine(second));
      assertThat(second.store(COLOURS).get("sky")).contains("blue");
      assertThat(first.store(SHAPES).get("sun")).contains("round");
    }
  }

  @Test
  void closingOneInMidLifeLeavesTheOtherUsable() {
    Database first = Database.open(file());
    try (Database second = Database.open(file())) {
      Store<String> colours = second.store(COLOURS);
      colours.put("sky", "blue");

      first.close();
      colours.put("grass", "green");

      assertThat(colours.get("sky")).contains("blue");
      assertThat(colours.get("grass")).contains("green");
    }
  }

  @Test
  void lastCloseTearsTheConnectionDown() throws Exception {
    Database first = Database.open(file());
    Database second = Database.open(file());
    first.store(COLOURS).put("sky", "blue");

    first.close();
    assertThat(directory.resolve("data.db-wal")).exists();
    second.close();

    assertThat(filesIn(directory)).containsExactlyInAnyOrder("data.db", "data.db.lock");
    assertThat(System.getProperty(Ownership.claimOf(DatabaseFile.at(file())))).isNull();
    assertThat(Thread.getAllStackTraces().keySet())
        .noneMatch(thread -> thread.getName().contains(file().toString()));
  }

  @Test
  void cleanReopenAfterFullCloseFindsTheData() {
    try (Database database = Database.open(file())) {
      database.store(COLOURS).put("sky", "blue");
      database.update("CREATE TABLE note (text TEXT)");
      database.update("INSERT INTO note (text) VALUES (?)", "kept");
    }

    try (Database database = Database.open(file())) {
      assertThat(database.store(COLOURS).get("sky")).contains("blue");
      assertThat(database.query("SELECT text FROM note", Place::text)).containsExactly("kept");
    }
  }

  @Test
  void inMemoryDatabasesStayPrivate() {
    try (Database first = Database.inMemory(DatabaseOptions.defaults());
        Database second = Database.inMemory(DatabaseOptions.defaults())) {
      first.store(COLOURS).put("sky", "blue");

      assertThat(second.store(COLOURS).get("sky")).isEmpty();
      assertThat(first.store(COLOURS).get("sky")).contains("blue");
    }
  }

  @Test
  void relativeAndAbsolutePathsAndSymbolicLinksAreOneEngine() throws Exception {
    Path absolute = file().toAbsolutePath();
    Path relative = Path.of("").toAbsolutePath().relativize(absolute);
    Path link = Files.createSymbolicLink(directory.resolve("link.db"), Path.of("data.db"));
    Path linkedDirectory = Files.createSymbolicLink(directory.resolve("here"), directory);

    try (Database first = Database.open(relative);
        Database second = Database.open(absolute);
        Database third = Database.open(link);
        Database fourth = Database.open(linkedDirectory.resolve("data.db"))) {

      assertThat(List.of(second, third, fourth)).allMatch(db -> engine(db) == engine(first));
      assertThat(directory.resolve("link.db.lock")).doesNotExist();
    }
  }

  /// Whatever two handles are to each other by one name, they are by two.
  @ParameterizedTest
  @EnumSource(Name.class)
  void handlesByTwoNamesLiveAndEndAsByOne(Name name) throws Exception {
    Path other = name.of(file());
    Database first = Database.open(file());
    Database second = Database.open(other);
    first.store(COLOURS).put("sky", "blue");
    second.store(SHAPES).put("sun", "round");

    second.close();
    second.close();
    assertThat(first.store(SHAPES).get("sun")).contains("round");
    assertThat(directory.resolve("data.db.pid")).exists();
    first.close();

    assertThat(directory.resolve("data.db-wal")).doesNotExist();
    assertThat(directory.resolve("data.db.pid")).doesNotExist();
    try (Database again = Database.open(other)) {
      assertThat(again.store(COLOURS).get("sky")).contains("blue");
      assertThat(again.store(SHAPES).get("sun")).contains("round");
    }
  }

  /// Names of one file.
  enum Name {
    RELATIVE,
    ABSOLUTE,
    WITH_DOTS,
    LINK,
    LINK_TO_A_LINK,
    LINKED_DIRECTORY;

    Path of(Path file) throws Exception {
      Path parent = requireNonNull(file.getParent());
      return switch (this) {
        case RELATIVE -> Path.of("").toAbsolutePath().relativize(file.toAbsolutePath());
        case ABSOLUTE -> file.toAbsolutePath();
        case WITH_DOTS ->
            parent.resolve(".").resolve("..").resolve(parent.getFileName()).resolve("data.db");
        case LINK -> Files.createSymbolicLink(parent.resolve("link.db"), Path.of("data.db"));
        case LINK_TO_A_LINK -> {
          Files.createSymbolicLink(parent.resolve("link.db"), file);
          yield Files.createSymbolicLink(parent.resolve("second.db"), Path.of("link.db"));
        }
        case LINKED_DIRECTORY ->
            Files.createSymbolicLink(parent.resolve("here"), parent).resolve("data.db");
      };
    }
  }

  @Test
  void danglingLinkNamesTheFileToCreate() throws Exception {
    Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
    Path link = Files.createSymbolicLink(file(), Path.of("elsewhere", "target.db"));

    try (Database byLink = Database.open(link);
        Database byTarget = Database.open(elsewhere.resolve("target.db"))) {

      assertThat(engine(byLink)).isSameAs(engine(byTarget));
      assertThat(filesIn(elsewhere)).contains("target.db", "target.db.lock");
    }
  }

  @Test
  void secondCloseHasNoEffectOnTheOthersCount() {
    Database first = Database.open(file());
    try (Database second = Database.open(file())) {
      first.close();
      first.close();
      first.close();

      second.store(COLOURS).put("sky", "blue");

      assertThat(second.store(COLOURS).get("sky")).contains("blue");
    }
  }

  @Test
  void useAfterCloseIsRefused() {
    Database database = Database.open(file());
    Store<String> colours = database.store(COLOURS);
    database.close();

    assertThatThrownBy(() -> colours.get("sky")).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> colours.put("sky", "blue")).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> database.store(SHAPES)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> database.update("CREATE TABLE t (a)"))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> database.query("SELECT 1", row -> row.number(1)))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> database.transact(() -> 1)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void otherDurabilityClockOrSizeLimitIsRefusedWhileOpen() {
    DatabaseOptions options = DatabaseOptions.defaults();
    InstantSource clock = new HandClock();
    Database database = Database.open(file(), options);

    assertThatThrownBy(() -> openAndClose(options.withMaxValueBytes(7)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("maxValueBytes");
    assertThatThrownBy(() -> openAndClose(options.withClock(clock)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("clock");
    assertThatThrownBy(
            () -> openAndClose(options.withDurability(DatabaseOptions.Durability.RELAXED)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("durability");
    openAndClose(options.withLockTimeout(Duration.ofMillis(7)));

    database.close();
    openAndClose(options.withClock(clock).withDurability(DatabaseOptions.Durability.RELAXED));
  }

  @Test
  void otherCodecForAStoreIsRefused() {
    try (Database first = Database.open(file());
        Database second = Database.open(file())) {
      first.store(COLOURS);

      assertThatThrownBy(() -> second.store(StoreSpec.of("colours", Codec.bytes())))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("colours");
      second.store(COLOURS.expireAfter(Duration.ofHours(1)));
    }
  }

  @Test
  void closingInsideATransactionOrQueryIsRefused() {
    try (Database first = Database.open(file());
        Database second = Database.open(file())) {
      first.transact(() -> {
        assertThatThrownBy(first::close).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(second::close).isInstanceOf(IllegalStateException.class);
      });
      first.query(
          "SELECT 1",
          row -> {
            assertThatThrownBy(first::close).isInstanceOf(IllegalStateException.class);
            return row.number(1);
          });

      first.store(COLOURS).put("sky", "blue");

      assertThat(second.store(COLOURS).get("sky")).contains("blue");
    }
  }

  @Test
  void closeWaitsForTheTransactionUnderWay() throws Exception {
    Database database = Database.open(file());
    Store<String> colours = database.store(COLOURS);
    CountDownLatch inBody = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    Callers callers = Callers.onPlatformThreads();
    callers.start(() ->
        database.transact(() -> {
          inBody.countDown();
          goOn.await();
          colours.put("sky", "blue");
        }));
    inBody.await();

    Thread closer = callers.start(database::close);
    Callers.awaitThat("close has begun", () -> closer.getState() == Thread.State.WAITING);
    goOn.countDown();

    assertThat(callers.join()).isEmpty();
    try (Database again = Database.open(file())) {
      assertThat(again.store(COLOURS).get("sky")).contains("blue");
    }
  }

  private Path file() {
    return directory.resolve("data.db");
  }

  private void openAndClose(DatabaseOptions options) {
    Database.open(file(), options).close();
  }

  private static Engine engine(Database database) {
    return ((SqlDatabase) database).engine();
  }

  private static List<String> filesIn(Path directory) throws Exception {
    try (var files = Files.list(directory)) {
      return files.map(path -> path.getFileName().toString()).toList();
    }
  }
}
