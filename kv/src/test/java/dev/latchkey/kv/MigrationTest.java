package dev.latchkey.kv;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A file as the release before this one wrote it: schema 1, which had entries only, and no index
/// of what expires.
class MigrationTest {

  private static final StoreSpec<String> WORDS = StoreSpec.of("words", Codec.text());
  private static final StoreSpec<byte[]> LARGE =
      StoreSpec.of("large", Codec.bytes()).ofLargeValues();

  private final HandClock clock = new HandClock();
  private final DatabaseOptions options = DatabaseOptions.defaults().withClock(clock);
  @TempDir Path directory;

  @BeforeEach
  void writeSchema1() throws SQLException {
    long start = HandClock.START.toEpochMilli();
    run(
        "PRAGMA journal_mode = WAL",
        "BEGIN IMMEDIATE",
        """
        CREATE TABLE kv_meta (
          name TEXT NOT NULL PRIMARY KEY,
          value INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID
        """,
        "INSERT INTO kv_meta (name, value) VALUES ('version', 41)",
        """
        CREATE TABLE kv_stores (
          name TEXT NOT NULL PRIMARY KEY,
          kind TEXT NOT NULL,
          large_values INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID
        """,
        entries("words") + ", WITHOUT ROWID",
        entries("large"),
        "INSERT INTO kv_stores VALUES ('words', 'entries', 0), ('large', 'entries', 1)",
        "INSERT INTO kv_entries_words VALUES ('a', 39, NULL, CAST('one' AS BLOB))",
        "INSERT INTO kv_entries_words VALUES ('b', 40, "
            + (start + 60_000)
            + ", CAST('two' AS BLOB))",
        "INSERT INTO kv_entries_large VALUES ('a', 41, NULL, zeroblob(5000))",
        "CREATE TABLE mine (text TEXT)",
        "INSERT INTO mine VALUES ('kept')",
        "PRAGMA application_id = 1280011126",
        "PRAGMA user_version = 1",
        "COMMIT");
  }

  private static String entries(String store) {
    return """
    CREATE TABLE kv_entries_%s (
      key TEXT NOT NULL PRIMARY KEY,
      version INTEGER NOT NULL,
      expires_at INTEGER,
      value BLOB NOT NULL
    ) STRICT\
    """
        .formatted(store);
  }

  @Test
  void everythingIsFound() {
    try (Database database = open()) {
      assertThat(database.storeNames()).containsExactly("large", "words");
      assertThat(database.store(WORDS).entry("a")).contains(new Entry<>("a", "one", 39, null));
      assertThat(database.store(WORDS).entry("b"))
          .contains(new Entry<>("b", "two", 40, HandClock.START.plusSeconds(60)));
      assertThat(database.store(LARGE).get("a").orElseThrow()).hasSize(5_000);
      assertThat(database.query("SELECT text FROM mine", Place::text)).containsExactly("kept");
      assertThat(database.check()).isEmpty();
    }
  }

  @Test
  void whatIsNewWorksOnOldStores() {
    try (Database database = open()) {
      Store<String> words = database.store(WORDS);
      database.counters("hits", Expiry.never()).add("a", 1);
      words.put("c", "three");
      clock.advance(Duration.ofMinutes(1));

      assertThat(database.sweep(10)).isEqualTo(1);
      assertThat(words.scan(KeyRange.all(), 10)).extracting(Entry::key).containsExactly("a", "c");
      assertThat(words.entry("c").orElseThrow().version()).isEqualTo(42);
      assertThat(database.query("SELECT name FROM sqlite_schema WHERE type = 'index'", Place::text))
          .contains("kv_expiry_of_kv_entries_words", "kv_expiry_of_kv_entries_large");
    }
  }

  @Test
  void secondOpeningFindsTheNewSchema() throws SQLException {
    try (Database database = open()) {
      database.store(WORDS).put("a", "new");
      database.drop("large");
    }

    try (Database database = open()) {
      assertThat(database.store(WORDS).get("a")).contains("new");
      assertThat(database.store(WORDS).get("b")).contains("two");
      assertThat(database.storeNames()).containsExactly("words");
      assertThat(database.check()).isEmpty();
    }
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      assertThat(statement.executeQuery("PRAGMA user_version").getInt(1)).isEqualTo(2);
    }
  }

  private Database open() {
    return Database.open(directory.resolve("data.db"), options);
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("data.db"));
  }

  private void run(String... statements) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }
}
