package dev.latchkey.kv;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OwnSqlTest {

  private Database database;

  @BeforeEach
  void open() {
    database = Database.inMemory(DatabaseOptions.defaults());
    database.update("CREATE TABLE t (a, b)");
    database.store(StoreSpec.of("words", Codec.text())).put("a", "1");
  }

  @AfterEach
  void close() {
    database.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "BEGIN",
        "begin immediate",
        "  \n\tBeGiN",
        "/* innocent */ COMMIT",
        "/* SELECT */ /**/ COMMIT -- done",
        "-- SELECT 1\nCOMMIT",
        "--\nEND",
        ";COMMIT",
        "\uFEFFCOMMIT",
        "ROLLBACK",
        "ROLLBACK TO kv",
        "SAVEPOINT kv",
        "RELEASE kv",
        "RELEASE SAVEPOINT kv",
        "PRAGMA synchronous = OFF",
        "pragma/**/journal_mode(DELETE)",
        "ATTACH 'other.db' AS other",
        "DETACH main",
        "VACUUM",
        "VACUUM INTO 'copy.db'",
        "backup to copy.db",
        "INSERT INTO t (a) VALUES (1); COMMIT",
        "INSERT INTO t (a) VALUES (1);/* */ROLLBACK",
        "INSERT INTO t (a) VALUES (1);;\n;PRAGMA synchronous = OFF",
        "SELECT 1; SELECT 2",
        "INSERT OR ROLLBACK INTO t (a) VALUES (1)",
        "INSERT OR/**/ROLLBACK INTO t (a) VALUES (1)",
        "INSERT or --\n rollback INTO t (a) VALUES (1)",
        "INSERT OR \uFEFFROLLBACK INTO t (a) VALUES (1)",
        "UPDATE OR ROLLBACK t SET a = 1",
        "CREATE TRIGGER x AFTER INSERT ON t BEGIN SELECT 1; END; COMMIT; END",
        "CREATE TRIGGER x AFTER INSERT ON t BEGIN INSERT OR ROLLBACK INTO t VALUES (1, 2); END",
        "CREATE TEMP TABLE mine (a)",
        "CREATE TEMPORARY TRIGGER x AFTER INSERT ON t BEGIN SELECT 1; END",
        "INSERT INTO kv_meta VALUES ('x', 1)",
        "insert into KV_META values ('x', 1)",
        "INSERT INTO \"kv_meta\" VALUES ('x', 1)",
        "INSERT INTO `kv_meta` VALUES ('x', 1)",
        "INSERT INTO [kv_meta] VALUES ('x', 1)",
        "INSERT INTO 'kv_meta' VALUES ('x', 1)",
        "INSERT INTO main.'kv_meta' VALUES ('x', 1)",
        "UPDATE OR IGNORE 'kv_meta' SET value = 9",
        "DELETE FROM kv_entries_words",
        "DROP TABLE kv_entries_words",
        "DROP TABLE IF EXISTS 'kv_entries_words'",
        "ALTER TABLE t RENAME TO kv_t",
        "CREATE TABLE kv_t (a)",
        "CREATE TRIGGER x AFTER INSERT ON t BEGIN DELETE FROM kv_entries_words; END",
        "CREATE TRIGGER x AFTER INSERT ON kv_entries_words BEGIN DELETE FROM t; END",
        "WITH x AS (SELECT 1) DELETE FROM kv_entries_words",
        "SELECT 1\0",
        "SELECT $a(')",
        "",
        " ",
        "-- nothing",
        "EXECUTE t"
      })
  void statementsThatWouldHurtTheNeighboursAreRefused(String sql) {
    assertThatThrownBy(() -> database.update(sql)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> database.query(sql, row -> row.number(1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> database.transact(() -> database.update(sql)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "INSERT INTO t (a) VALUES ('BEGIN; COMMIT; OR ROLLBACK')",
        "INSERT INTO t (a) VALUES ('it''s; fine');",
        "INSERT INTO t (a) VALUES ('kv_meta')",
        "INSERT OR REPLACE INTO t (a) VALUES (1) ; -- done",
        "INSERT /* ; COMMIT */ INTO t (a) VALUES (1)",
        "REPLACE INTO t (a) VALUES (1)",
        "WITH x AS (SELECT 1 AS a) INSERT INTO t (a) SELECT a FROM x",
        "UPDATE t SET a = replace(a, ';', 'x')",
        "DELETE FROM t WHERE \"a\" = 'x' OR [b] = 1",
        "CREATE TABLE [odd; name] (a)",
        "CREATE INDEX t_a ON t (a)",
        "CREATE TRIGGER x AFTER INSERT ON t BEGIN"
            + " UPDATE t SET b = CASE WHEN a = 1 THEN 2 ELSE 3 END; DELETE FROM t; END;",
        "ALTER TABLE t ADD COLUMN c",
        "DROP TABLE t",
        "ANALYZE",
        "REINDEX"
      })
  void dataAndSchemaStatementsAreRun(String sql) {
    database.update(sql);

    assertThatThrownBy(() -> database.query(sql, row -> row.number(1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT 1",
        "VALUES (1)",
        "WITH x (a) AS (VALUES (1)) SELECT replace(a, 2, 3) FROM x",
        "SELECT count(*) FROM kv_entries_words;",
        "EXPLAIN DELETE FROM t"
      })
  void queriesAreRunAndAreNotForUpdate(String sql) {
    assertThat(database.query(sql, row -> row.isNull(1))).isNotEmpty();

    assertThatThrownBy(() -> database.update(sql)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void argumentsOfEveryKindComeBack() {
    Instant instant = Instant.parse("2030-01-02T03:04:05.678Z");
    byte[] bytes = {1, 0, 2};

    database.update("INSERT INTO t (a, b) VALUES (?, ?)", "text \ud83d\ude00", 1L << 40);
    database.update("INSERT INTO t (a, b) VALUES (?, ?)", 7, 2.5);
    database.update("INSERT INTO t (a, b) VALUES (?, ?)", true, bytes);
    database.update("INSERT INTO t (a, b) VALUES (?, ?)", instant, null);
    database.update("INSERT INTO t (a, b) VALUES (?, ?)", new byte[0], "");

    assertThat(
            database.query(
                "SELECT a, b, typeof(a), typeof(b) FROM t ORDER BY rowid",
                row -> row.text(3) + " " + row.text(4)))
        .containsExactly(
            "text integer", "integer real", "integer blob", "integer null", "blob text");
    database.query(
        "SELECT a, b FROM t ORDER BY rowid LIMIT 1",
        row -> {
          assertThat(row.text(1)).isEqualTo("text \ud83d\ude00");
          assertThat(row.number(2)).isEqualTo(1L << 40);
          return true;
        });
    database.query(
        "SELECT a, b FROM t WHERE b = 2.5",
        row -> {
          assertThat(row.number(1)).isEqualTo(7);
          assertThat(row.real(2)).isEqualTo(2.5);
          return true;
        });
    database.query(
        "SELECT a, b FROM t WHERE b = ?",
        row -> {
          assertThat(row.number(1)).isEqualTo(1);
          assertThat(row.bytes(2)).isEqualTo(bytes);
          return true;
        },
        bytes);
    database.query(
        "SELECT a, b FROM t WHERE a = ?",
        row -> {
          assertThat(row.instant(1)).isEqualTo(instant);
          assertThat(row.isNull(1)).isFalse();
          assertThat(row.isNull(2)).isTrue();
          assertThat(row.text(2)).isNull();
          assertThat(row.bytes(2)).isNull();
          assertThat(row.instant(2)).isNull();
          assertThat(row.number(2)).isZero();
          return true;
        },
        instant);
    assertThat(
            database.query(
                "SELECT a FROM t WHERE b = ''", row -> requireNonNull(row.bytes(1)).length))
        .containsExactly(0);
  }

  @Test
  void wrongArgumentsAreRefused() {
    assertThatThrownBy(() -> database.update("INSERT INTO t (a) VALUES (?)", 'c'))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("argument 1");
    assertThatThrownBy(() -> database.update("INSERT INTO t (a) VALUES (?)"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> database.update("INSERT INTO t (a) VALUES (?)", 1, 2))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(database.query("SELECT count(*) FROM t", row -> row.number(1))).containsExactly(0L);
  }

  @Test
  void updateReturnsTheNumberOfRowsChanged() {
    assertThat(database.update("INSERT INTO t (a) VALUES (1), (2), (3)")).isEqualTo(3);
    assertThat(database.update("UPDATE t SET b = 1 WHERE a > 1")).isEqualTo(2);
    assertThat(database.update("CREATE TABLE u (a)")).isZero();
    assertThat(database.update("DELETE FROM t WHERE a = 99")).isZero();
  }

  @Test
  void rowIsReadOnlyWhileItIsMapped() {
    database.update("INSERT INTO t (a) VALUES (1)");
    Database.Row[] kept = new Database.Row[1];

    database.query(
        "SELECT a FROM t",
        row -> {
          kept[0] = row;
          assertThatThrownBy(() -> row.number(2)).isInstanceOf(IllegalArgumentException.class);
          assertThatThrownBy(() -> row.number(0)).isInstanceOf(IllegalArgumentException.class);
          return 1;
        });

    assertThatThrownBy(() -> kept[0].number(1)).isInstanceOf(IllegalStateException.class);
  }
}
