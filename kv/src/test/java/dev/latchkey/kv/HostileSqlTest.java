package dev.latchkey.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Own SQL that would end the transaction of others, change how the engine works, or write to what
/// the library keeps: it is refused, and nothing but itself is lost.
@ParameterizedClass
@EnumSource(Place.class)
class HostileSqlTest {

  private static final StoreSpec<String> WORDS = StoreSpec.of("words", Codec.text());

  private static final List<String> ENDING_OR_BYPASSING =
      List.of(
          "BEGIN",
          "BEGIN IMMEDIATE",
          "BEGIN EXCLUSIVE TRANSACTION",
          "COMMIT",
          "COMMIT TRANSACTION",
          "END",
          "END TRANSACTION",
          "ROLLBACK",
          "ROLLBACK TRANSACTION TO SAVEPOINT kv",
          "SAVEPOINT kv",
          "RELEASE kv",
          "RELEASE SAVEPOINT kv",
          "PRAGMA synchronous = OFF",
          "PRAGMA journal_mode(DELETE)",
          "PRAGMA locking_mode = EXCLUSIVE",
          "PRAGMA writable_schema = ON",
          "PRAGMA foreign_keys = ON",
          "PRAGMA defer_foreign_keys = ON",
          "PRAGMA recursive_triggers = ON",
          "PRAGMA ignore_check_constraints = ON",
          "PRAGMA query_only = ON",
          "PRAGMA user_version = 5",
          "PRAGMA wal_checkpoint(TRUNCATE)",
          "ATTACH 'hostile.db' AS other",
          "DETACH DATABASE main",
          "VACUUM",
          "VACUUM main INTO 'hostile.db'",
          "CREATE TEMP TABLE mine (a)",
          "CREATE TEMPORARY VIEW mine AS SELECT 1",
          "CREATE TABLE temp.mine (a)",
          "CREATE TABLE 'temp'.mine (a)",
          "CREATE VIEW \"TEMP\".mine AS SELECT 1",
          "CREATE TRIGGER [temp].mine AFTER INSERT ON t BEGIN SELECT 1; END",
          "CREATE VIRTUAL TABLE temp . mine USING fts5(a)",
          "INSERT OR ROLLBACK INTO t (a) VALUES (1)",
          "UPDATE OR ROLLBACK t SET a = 1");

  private static final List<String> WRITING_TO_THE_LIBRARY =
      List.of(
          "INSERT INTO kv_meta VALUES ('x', 1)",
          "INSERT INTO main.\"KV_meta\" VALUES ('x', 1)",
          "INSERT INTO 'main'.'kv_meta' VALUES ('x', 1)",
          "REPLACE INTO [kv_meta] VALUES ('version', 0)",
          "INSERT OR IGNORE INTO `kv_meta` SELECT 'x', 1",
          "WITH x (n, v) AS (VALUES ('x', 1)) INSERT INTO kv_meta SELECT n, v FROM x",
          "WITH x AS (SELECT replace('a', 'b', 'c')) UPDATE kv_meta SET value = 0",
          "UPDATE kv_entries_words SET value = t.a FROM t",
          "UPDATE OR FAIL 'kv_entries_words' SET version = 1",
          "DELETE FROM kv_entries_words WHERE key = 'a' RETURNING key",
          "DELETE FROM kv_stores",
          "DROP TABLE kv_entries_words",
          "DROP TABLE IF EXISTS main.'kv_stores'",
          "ALTER TABLE kv_entries_words RENAME TO mine",
          "ALTER TABLE kv_entries_words ADD COLUMN mine",
          "ALTER TABLE t RENAME TO kv_entries_mine",
          "CREATE TABLE kv_entries_mine (key)",
          "CREATE INDEX mine ON kv_entries_words (version)",
          "CREATE UNIQUE INDEX mine ON 'kv_entries_words' (version)",
          "CREATE VIEW mine AS SELECT * FROM kv_entries_words",
          "CREATE TRIGGER mine AFTER INSERT ON kv_entries_words BEGIN SELECT 1; END",
          "CREATE TRIGGER mine BEFORE UPDATE OF value ON 'kv_meta' BEGIN SELECT 1; END",
          "CREATE TRIGGER mine AFTER INSERT ON t BEGIN DELETE FROM kv_entries_words; END",
          "CREATE TRIGGER mine AFTER INSERT ON t BEGIN UPDATE OR ABORT 'kv_meta' SET value=0; END",
          "CREATE TABLE mine (a REFERENCES 'kv_entries_words' ON DELETE CASCADE)",
          "CREATE VIRTUAL TABLE kv USING fts5(a)",
          "ALTER TABLE t RENAME TO \"kv\"",
          "REINDEX kv_entries_words",
          "ANALYZE 'kv_meta'",
          "DELETE FROM sqlite_schema WHERE name LIKE 'kv_%'",
          "UPDATE sqlite_master SET sql = NULL",
          "INSERT INTO main.sqlite_schema VALUES ('table', 'mine', 'mine', 2, '')",
          "DROP TABLE sqlite_schema");

  private final Place place;
  @TempDir Path directory;
  private Database database;
  private Store<String> words;

  HostileSqlTest(Place place) {
    this.place = place;
  }

  @BeforeEach
  void open() {
    database = place.open(directory, DatabaseOptions.defaults());
    words = database.store(WORDS);
    words.put("a", "1");
    database.update("CREATE TABLE t (a, b)");
    database.update("CREATE TABLE note (text TEXT UNIQUE)");
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void whatEndsOrBypassesTheTransactionIsRefusedInEverySpelling() {
    EngineState before = EngineState.of(database);

    for (String statement : ENDING_OR_BYPASSING) {
      attemptInEverySpelling(statement, true);
    }

    assertThat(EngineState.of(database)).isEqualTo(before);
    assertThat(Path.of("hostile.db")).doesNotExist();
    words.put("later", "works");
  }

  @Test
  void whatTheLibraryKeepsIsNotWrittenInAnySpelling() {
    EngineState before = EngineState.of(database);

    for (String statement : WRITING_TO_THE_LIBRARY) {
      attemptInEverySpelling(statement, false);
    }

    assertThat(EngineState.of(database)).isEqualTo(before);
    words.put("later", "works");
  }

  /// Attempts it outside of a transaction, in one that is committed and in one that fails.
  ///
  /// @param explained whether an explanation of it is refused as well
  private void attemptInEverySpelling(String statement, boolean explained) {
    Disguises.of(statement).forEach(sql -> attempt(sql, explained));
    database.snapshot(() -> {
      Disguises.of(statement).forEach(sql -> attemptQuery(sql, explained));
      return true;
    });
    database.transact(() -> {
      database.update("INSERT INTO note VALUES ('before')");
      Disguises.of(statement).forEach(sql -> attempt(sql, explained));
      database.update("INSERT INTO note VALUES ('after')");
    });
    assertThat(notes()).as(statement).containsExactly("after", "before");
    database.update("DELETE FROM note");
    assertThatThrownBy(() ->
            database.transact(() -> {
              database.update("INSERT INTO note VALUES ('before')");
              Disguises.of(statement).forEach(sql -> attempt(sql, explained));
              throw new IllegalStateException("on purpose");
            }))
        .hasMessage("on purpose");
    assertThat(notes()).as(statement).isEmpty();
  }

  private void attempt(String sql, boolean explained) {
    Throwable updating = catchThrowable(() -> database.update(sql));

    assertThat(updating).as(sql).satisfies(HostileSqlTest::isRefused);
    attemptQuery(sql, explained);
  }

  private void attemptQuery(String sql, boolean explained) {
    Throwable querying = catchThrowable(() -> database.query(sql, row -> row.isNull(1)));

    if (explained || querying != null) {
      assertThat(querying).as(sql).satisfies(HostileSqlTest::isRefused);
    }
  }

  private static void isRefused(Throwable thrown) {
    assertThat(thrown).isInstanceOfAny(IllegalArgumentException.class, KvException.Rejected.class);
  }

  @Test
  void nothingIsHiddenInTheParenthesesOfAnArgument() {
    database.update("INSERT INTO t (a) VALUES ('kept')");

    for (String name : List.of(":a", "@a", "#a", "$a", ":a::b", "@::a", ":1", "#\u00e4")) {
      for (String end :
          List.of("DELETE FROM kv_entries_words RETURNING key", "INSERT OR ROLLBACK INTO t (a)")) {
        String sql = "WITH x AS (SELECT " + name + "(')) " + end + " --'";

        assertThatThrownBy(() -> database.query(sql, Place::text, 1))
            .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> database.transact(() -> database.query(sql, Place::text, 1)))
            .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> database.update("DELETE FROM t WHERE a IN (" + sql + ")", 1))
            .isInstanceOf(IllegalArgumentException.class);
      }
    }

    assertThat(words.get("a")).contains("1");
    assertThat(database.query("SELECT a FROM t", Place::text)).containsExactly("kept");
  }

  @Test
  void functionsThatTouchFilesOrExtensionsAreOff() throws Exception {
    Path target = directory.resolve("written");
    for (String call :
        List.of(
            "load_extension('hostile')",
            "load_extension('hostile', 'init')",
            "readfile('" + directory.resolve("data.db") + "')",
            "writefile('" + target + "', 'x')",
            "edit('x')",
            "fts3_tokenizer('mine', x'0000000000000000')")) {

      assertRejected("SELECT " + call);

      database.transact(() -> assertRejected("INSERT INTO t (a) SELECT " + call + " RETURNING a"));
    }
    assertThat(target).doesNotExist();
    words.put("later", "works");
  }

  @Test
  void functionsOfPragmasChangeNothing() {
    EngineState before = EngineState.of(database);
    List<String> pragmas = database.query("SELECT name FROM pragma_pragma_list", Place::text);

    for (String pragma : pragmas) {
      for (String arguments :
          List.of("", "(5)", "('5')", "('delete')", "('main')", "(1, 'main')")) {
        String sql = "SELECT * FROM pragma_" + pragma + arguments;
        assertHarmless(sql);
        database.transact(() -> assertHarmless(sql));
      }
    }

    assertThat(pragmas).contains("journal_mode", "user_version", "wal_checkpoint", "optimize");
    assertThat(EngineState.of(database)).isEqualTo(before);
    words.put("later", "works");
  }

  /// It is the one that writes.
  @Test
  void optimizeAsAFunctionIsRefused() {
    for (String name : List.of("pragma_optimize", "PRAGMA_optimize(65538)", "'pragma_optimize'")) {
      assertThatThrownBy(() -> database.query("SELECT * FROM " + name, row -> row.number(1)))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void queryThatWritesByAFunctionStopsNothing() {
    database.update("CREATE VIRTUAL TABLE page USING fts3(text)");
    database.update("INSERT INTO page (text) VALUES ('first')");
    database.update("INSERT INTO page (text) VALUES ('second')");

    Throwable thrown =
        catchThrowable(() -> database.query("SELECT optimize(page) FROM page", Place::text));

    if (place == Place.FILE) {
      assertThat(thrown).isInstanceOf(KvException.Rejected.class);
    } else {
      assertThat(thrown).isNull();
    }
    words.put("later", "works");
  }

  @Test
  void virtualTableInDisorderIsTheCallersOwnTrouble() {
    database.update("CREATE VIRTUAL TABLE page USING fts5(text)");
    database.update("INSERT INTO page (text) VALUES ('first')");
    database.update("DELETE FROM page_data");
    database.update("CREATE VIRTUAL TABLE box USING rtree(id, low, high)");
    database.update("INSERT INTO box VALUES (1, 2, 3)");
    database.update("UPDATE box_node SET data = zeroblob(10)");

    for (String sql :
        List.of(
            "SELECT text FROM page WHERE page MATCH 'first'", "SELECT id FROM box WHERE low > 0")) {
      assertRejected(sql);
      database.transact(() -> assertRejected(sql));
    }
    database.transact(() -> {
      words.put("before", "stands");
      assertThatThrownBy(() -> database.update("INSERT INTO page (text) VALUES ('second')"))
          .isInstanceOf(KvException.Rejected.class);
      words.put("after", "stands");
    });

    assertThat(words.get("before")).contains("stands");
    assertThat(words.get("after")).contains("stands");
  }

  @Test
  void commitThatAVirtualTableRefusesIsToldAsNothingChanged() {
    database.update("CREATE VIRTUAL TABLE page USING fts3(text)");
    for (int i = 0; i < 15; i++) {
      database.update("INSERT INTO page (text) VALUES (?)", "word" + i);
    }
    // The next pages are merged with these, which happens at the commit.
    database.update("UPDATE page_segdir SET root = x'ffff00ff12'");

    addPage("first");
    assertThatThrownBy(() -> addPage("second"))
        .isInstanceOf(KvException.Unavailable.class)
        .hasMessageContaining("refused");

    assertThat(words.contains("first")).isTrue();
    assertThat(words.contains("second")).isFalse();
    words.put("later", "works");
    assertThat(words.get("later")).contains("works");
  }

  private void addPage(String name) {
    database.transact(() -> {
      words.put(name, "added");
      database.update("INSERT INTO page (text) VALUES ('word')");
    });
  }

  @Test
  void deferredForeignKeyNeverFailsACommit() {
    database.update("CREATE TABLE parent (id INTEGER PRIMARY KEY)");
    database.update(
        """
        CREATE TABLE child (
          parent INTEGER REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED
        )
        """);

    database.transact(() -> {
      words.put("neighbour", "kept");
      database.update("INSERT INTO child VALUES (99)");
    });

    assertThat(words.get("neighbour")).contains("kept");
    assertThat(database.query("SELECT parent FROM child", row -> row.number(1)))
        .containsExactly(99L);
  }

  @Test
  void loneSurrogateInAnArgumentIsRefused() {
    assertThatThrownBy(() -> database.update("INSERT INTO t (a, b) VALUES (1, ?)", "x\ud83d"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("argument 1");

    database.update("INSERT INTO t (a, b) VALUES (?, ?)", "\ud83d\ude00", "nul\0nul");

    assertThat(database.query("SELECT a || b FROM t", Place::text))
        .containsExactly("\ud83d\ude00nul\0nul");
  }

  @Test
  void namedAndNumberedArgumentsAreBoundInOrder() {
    database.update("INSERT INTO t (a, b) VALUES (:first, @second)", 1, 2);
    database.update("INSERT INTO t (a, b) VALUES (?2, ?1)", 3, 4);

    assertThat(database.query("SELECT a || ' ' || b FROM t ORDER BY rowid", Place::text))
        .containsExactly("1 2", "4 3");
  }

  private void assertHarmless(String sql) {
    Throwable thrown = catchThrowable(() -> database.query(sql, row -> row.isNull(1)));

    if (thrown != null) {
      assertThat(thrown).as(sql).satisfies(HostileSqlTest::isRefused);
    }
  }

  private void assertRejected(String sql) {
    assertThatThrownBy(() -> database.query(sql, row -> row.isNull(1)))
        .as(sql)
        .isInstanceOf(KvException.Rejected.class);
  }

  private List<String> notes() {
    return database.query("SELECT text FROM note ORDER BY text", Place::text);
  }
}
