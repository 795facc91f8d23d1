package dev.latchkey.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Files that can't be opened are refused with the reason, and nothing is created or changed on the
/// way: whoever mends them finds what there was.
class DamagedFileTest {

  private static final StoreSpec<String> WORDS = StoreSpec.of("words", Codec.text());
  private static final int ENTRIES = 200;
  private static final int PAGE = 4096;
  private static final long SEED = 20_300_103;

  /// A file and its log as a kill leaves them, another one's, and one that was closed.
  @TempDir static Path killed;

  @TempDir static Path other;
  @TempDir static Path closed;

  @TempDir Path directory;
  private Path file;

  @BeforeAll
  static void makeFiles() throws Exception {
    for (Path place : new Path[] {killed, other}) {
      try (Child child = Child.start(Writer.class, place.resolve("data.db").toString())) {
        assertThat(child.readLine()).isEqualTo("written");
      }
    }
    copy(killed, "", closed);
    copy(killed, "-wal", closed);
    Database.open(closed.resolve("data.db")).close();
  }

  /// Writes entries and waits for its end.
  static final class Writer {
    public static void main(String[] arguments) throws IOException {
      Database database = Database.open(Path.of(arguments[0]));
      Store<String> words = database.store(WORDS);
      for (int i = 0; i < ENTRIES; i++) {
        words.put("key-" + i, Canary.TEXT.repeat(10) + i);
      }
      System.out.println("written");
      System.in.read();
    }
  }

  @BeforeEach
  void name() {
    file = directory.resolve("data.db");
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        1, 15, 16, 17, 50, 99, 100, 101, 511, 512, 513, 1_000, 2_048, 4_095, 4_096, 4_097, 6_000,
        8_192, 12_288, 20_000
      })
  void truncatedFileIsUnusable(int length) throws Exception {
    byte[] whole = Files.readAllBytes(closed.resolve("data.db"));
    assertThat(whole).hasSizeGreaterThan(30_000);
    Files.write(file, Arrays.copyOf(whole, length));

    assertRefusedUntouched(KvException.Unusable.class, "data.db");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 100, PAGE - 1, PAGE, PAGE + 1})
  void fileWhoseEndIsCutOffIsUnusable(int missing) throws Exception {
    byte[] whole = Files.readAllBytes(closed.resolve("data.db"));
    Files.write(file, Arrays.copyOf(whole, whole.length - missing));

    assertRefusedUntouched(KvException.Unusable.class, "damaged");
  }

  /// What was cut off may be in the log.
  @ParameterizedTest
  @ValueSource(
      ints = {0, 1, 16, 50, 100, 511, 512, 1_000, 4_095, 4_096, 4_097, 6_000, 8_192, 12_287})
  void truncatedFileWithItsLogIsUnusableOrWhole(int length) throws Exception {
    Files.write(file, Arrays.copyOf(Files.readAllBytes(killed.resolve("data.db")), length));
    copy(killed, "-wal", directory);

    if (length < 512) {
      assertRefusedUntouched(KvException.Unusable.class, "data.db");
    } else {
      assertWhole();
    }
  }

  @Test
  void fileAndLogOfAKillAreWhole() throws Exception {
    copy(killed, "", directory);
    copy(killed, "-wal", directory);

    assertWhole();
  }

  private void assertWhole() throws SQLException {
    try (Database database = Database.open(file)) {
      Store<String> words = database.store(WORDS);
      for (int i = 0; i < ENTRIES; i++) {
        assertThat(words.get("key-" + i)).contains(Canary.TEXT.repeat(10) + i);
      }
      assertThat(integrity(database)).isEqualTo("ok");
    }
  }

  @Test
  void logWithoutItsFileIsKept() throws Exception {
    copy(killed, "-wal", directory);

    assertRefusedUntouched(KvException.Unusable.class, "-wal");
  }

  @Test
  void randomBytesAreUnusable() throws Exception {
    byte[] bytes = new byte[8 << 10];
    new Random(SEED).nextBytes(bytes);
    Files.write(file, bytes);

    assertRefusedUntouched(KvException.Unusable.class, "is encrypted");
  }

  @Test
  void logOfRandomBytesIsUnusable() throws Exception {
    copy(closed, "", directory);
    byte[] bytes = new byte[8 << 10];
    new Random(SEED).nextBytes(bytes);
    Files.write(log(), bytes);

    assertRefusedUntouched(KvException.Unusable.class, "not a log");
  }

  @Test
  void logOfTextIsUnusable() throws Exception {
    copy(closed, "", directory);
    Files.writeString(log(), "Dear diary, ".repeat(1_000));

    assertRefusedUntouched(KvException.Unusable.class, "not a log");
  }

  /// A loss of power may leave it so before anything was acknowledged.
  @ParameterizedTest
  @ValueSource(ints = {0, 3, 32, 5_000})
  void logOfZerosIsAnEmptyOne(int length) throws Exception {
    copy(closed, "", directory);
    Files.write(log(), new byte[length]);

    assertWhole();
  }

  @Test
  void logOfAnotherDatabaseIsUnusable() throws Exception {
    copy(closed, "", directory);
    copy(other, "-wal", directory);

    assertRefusedUntouched(KvException.Unusable.class, "another database's");
  }

  @Test
  void logOfAnotherDatabaseBesideAFileThatWasKilledIsUnusable() throws Exception {
    copy(killed, "", directory);
    copy(other, "-wal", directory);

    assertRefusedUntouched(KvException.Unusable.class, "another database's");
  }

  @Test
  void logOfAnotherProgramIsUnusable() throws Exception {
    Path theirs = other.resolve("theirs.db");
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + theirs);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode = WAL");
      statement.execute("CREATE TABLE theirs (a)");
      Files.copy(theirs.resolveSibling("theirs.db-wal"), log());
    }
    copy(closed, "", directory);

    assertRefusedUntouched(KvException.Unusable.class, "data.db");
  }

  /// It shows as soon as versions were set aside since, which is once in ten thousand.
  @Test
  void olderLogOfTheSameDatabaseIsUnusable() throws Exception {
    copy(closed, "", directory);
    try (Database database = Database.open(file)) {
      Store<String> words = database.store(WORDS);
      database.transact(() -> {
        for (int i = 0; i <= 10_000; i++) {
          words.put("key-0", "version " + i);
        }
      });
    }
    Files.delete(directory.resolve("data.db.lock"));
    Files.write(log(), Arrays.copyOf(Files.readAllBytes(killed.resolve("data.db-wal")), 100_000));

    assertRefusedUntouched(KvException.Unusable.class, "older");
  }

  /// No more can be told from a log that is shorter than it was: it ends with a whole transaction.
  @ParameterizedTest
  @ValueSource(ints = {1, 31, 32, 33, 1_000, 100_000, 200_001})
  void truncatedLogGivesTheTransactionsBeforeItsEnd(int length) throws Exception {
    copy(killed, "", directory);
    Files.write(log(), Arrays.copyOf(Files.readAllBytes(killed.resolve("data.db-wal")), length));

    try (Database database = Database.open(file)) {
      Store<String> words = database.store(WORDS);
      int there = 0;
      while (words.contains("key-" + there)) {
        there++;
      }
      assertThat(words.count(KeyRange.all())).isEqualTo(there).isLessThan(ENTRIES);
      assertThat(integrity(database)).isEqualTo("ok");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PRAGMA user_version = 1000",
        "PRAGMA user_version = 0",
        "PRAGMA user_version = -1",
        "PRAGMA application_id = 7",
        "DROP TABLE kv_meta",
        "DROP TABLE kv_stores",
        "DROP TABLE kv_entries_words",
        "DELETE FROM kv_meta"
      })
  void fileOfAnUnknownShapeIsUnusable(String change) throws Exception {
    copy(closed, "", directory);
    run(change);

    assertRefusedUntouched(KvException.Unusable.class, "data.db");
  }

  @Test
  void storeOfAnUnknownKindIsUnusable() throws Exception {
    copy(closed, "", directory);
    run("UPDATE kv_stores SET kind = 'piles'");

    assertRefusedUntouched(KvException.Unusable.class, "piles");
  }

  @Test
  void ourMarkWithoutOurTablesIsUnusable() throws Exception {
    run("PRAGMA application_id = " + 0x4C4B6B76);
    run("PRAGMA user_version = 1");

    assertRefusedUntouched(KvException.Unusable.class, "damaged");
  }

  @Test
  void fileOfAnotherEncodingIsUnusable() throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA encoding = 'UTF-16'");
      statement.execute("CREATE TABLE theirs (a)");
      statement.execute("DROP TABLE theirs");
    }

    assertRefusedUntouched(KvException.Unusable.class, "another program's");
  }

  /// Refused twice: with no lock file beside it, and with one.
  private void assertRefusedUntouched(Class<? extends KvException> kind, String message)
      throws IOException {
    for (int i = 0; i < 2; i++) {
      Listing before = Listing.of(directory);

      Throwable thrown = catchThrowable(() -> Database.open(file));

      assertThat(thrown).isInstanceOf(kind).hasMessageContaining(message);
      Canary.assertSilent(thrown);
      assertThat(Listing.of(directory)).isEqualTo(before);
      Files.write(directory.resolve("data.db.lock"), new byte[0]);
    }
  }

  private Path log() {
    return directory.resolve("data.db-wal");
  }

  private static void copy(Path from, String suffix, Path to) throws IOException {
    Files.copy(from.resolve("data.db" + suffix), to.resolve("data.db" + suffix));
  }

  private static String integrity(Database database) {
    return database.query("SELECT * FROM pragma_integrity_check", Place::text).getFirst();
  }

  private void run(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
