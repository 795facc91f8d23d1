package dev.latchkey.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A statement that fails takes itself back and nothing else, unless SQLite undoes the whole
/// transaction: then nobody of the group is told a success.
@ParameterizedClass
@EnumSource(Place.class)
class ConflictTest {

  private static final StoreSpec<String> WORDS = StoreSpec.of("words", Codec.text());
  private static final int ROUNDS = 20;

  private final Place place;
  @TempDir Path directory;
  private Database database;
  private Store<String> words;

  ConflictTest(Place place) {
    this.place = place;
  }

  @BeforeEach
  void open() {
    database = place.open(directory, DatabaseOptions.defaults());
    words = database.store(WORDS);
    database.update("CREATE TABLE note (text TEXT UNIQUE CHECK (text <> 'checked'))");
    database.update("INSERT INTO note VALUES ('taken')");
  }

  @AfterEach
  void close() {
    database.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "INSERT INTO note VALUES ('new'), ('taken')",
        "INSERT OR ABORT INTO note VALUES ('new'), ('taken')",
        "INSERT OR FAIL INTO note VALUES ('new'), ('taken')",
        "INSERT OR IGNORE INTO note VALUES ('new'), ('checked') RETURNING no_such_column",
        "INSERT OR REPLACE INTO note VALUES ('taken'), ('checked')",
        "REPLACE INTO note VALUES ('taken'), ('checked')",
        "UPDATE OR FAIL note SET text = 'same'",
        "UPDATE note SET text = 'checked'",
        "INSERT INTO note VALUES ('new'), ('taken') ON CONFLICT DO UPDATE SET text = 'checked'",
        "INSERT INTO note SELECT abs(-9223372036854775808)",
        "DELETE FROM note WHERE text = zeroblob(-9223372036854775808) || json('{')"
      })
  void statementThatFailsLeavesTheRestOfTheTransaction(String sql) {
    database.update("INSERT INTO note VALUES ('other')");
    List<String> notes = notes();

    database.transact(() -> {
      words.put("before", "stands");
      assertRejected(() -> database.update(sql));
      words.put("after", "stands");
    });

    assertRejected(() -> database.update(sql));
    assertThat(notes()).isEqualTo(notes);
    assertThat(words.get("before")).contains("stands");
    assertThat(words.get("after")).contains("stands");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ABORT", "FAIL"})
  void constraintWithAClauseOfItsOwnLeavesTheRestToo(String clause) {
    database.update("CREATE TABLE strict (text TEXT UNIQUE ON CONFLICT %s)".formatted(clause));

    database.transact(() -> {
      words.put("before", "stands");
      assertRejected(() -> database.update("INSERT INTO strict VALUES ('a'), ('b'), ('a')"));
      words.put("after", "stands");
    });

    assertThat(database.query("SELECT text FROM strict", Place::text)).isEmpty();
    assertThat(words.get("before")).contains("stands");
    assertThat(words.get("after")).contains("stands");
  }

  @ParameterizedTest
  @ValueSource(strings = {"IGNORE", "REPLACE"})
  void constraintThatIgnoresOrReplacesIsNoFailure(String clause) {
    database.update("CREATE TABLE lax (text TEXT UNIQUE ON CONFLICT %s)".formatted(clause));

    database.transact(() -> {
      words.put("before", "stands");
      database.update("INSERT INTO lax VALUES ('a'), ('b'), ('a')");
    });

    assertThat(database.query("SELECT text FROM lax ORDER BY text", Place::text))
        .containsExactly("a", "b");
    assertThat(words.get("before")).contains("stands");
  }

  @ParameterizedTest
  @ValueSource(strings = {"RAISE(ABORT, 'boom')", "RAISE(FAIL, 'boom')"})
  void triggerThatRaisesTakesItsStatementBackAndLeavesTheRest(String raise) {
    createTrigger(raise);

    database.transact(() -> {
      words.put("before", "stands");
      assertRejected(() -> database.update("INSERT INTO note VALUES ('new'), ('bomb')"));
      words.put("after", "stands");
    });

    assertThat(notes()).containsExactly("taken");
    assertThat(words.get("before")).contains("stands");
    assertThat(words.get("after")).contains("stands");
  }

  @Test
  void triggerThatIgnoresSkipsItsRow() {
    createTrigger("RAISE(IGNORE)");

    database.transact(() -> {
      words.put("before", "stands");
      database.update("INSERT INTO note VALUES ('new'), ('bomb')");
    });

    assertThat(notes()).containsExactly("new", "taken");
    assertThat(words.get("before")).contains("stands");
  }

  @Test
  void triggerThatRollsBackIsToldToEverybodyOfTheGroup() throws Exception {
    createTrigger("RAISE(ROLLBACK, 'boom')");

    groupsAreUndoneAsAWhole("INSERT INTO note VALUES ('bomb')");
  }

  @Test
  void constraintThatRollsBackIsToldToEverybodyOfTheGroup() throws Exception {
    database.update("CREATE TABLE hostile (text TEXT UNIQUE ON CONFLICT ROLLBACK)");
    database.update("INSERT INTO hostile VALUES ('bomb')");

    groupsAreUndoneAsAWhole("INSERT INTO hostile VALUES ('bomb')");
  }

  /// What was done before the bomb in its group is undone with it, and whoever did it is told so.
  private void groupsAreUndoneAsAWhole(String bomb) throws Exception {
    int shared = 0;
    for (int round = 0; round < ROUNDS; round++) {
      String name = "round-" + round + "-";

      List<Throwable> told = explode(name, bomb);

      assertThat(told).allMatch(KvException.Unavailable.class::isInstance);
      long kept = List.of("body", "command").stream().filter(n -> words.contains(name + n)).count();
      assertThat(kept).isEqualTo(2 - told.size());
      assertThat(words.contains(name + "bomb")).isFalse();
      shared += told.size();
    }

    assertThat(shared).as("callers who shared a group with a bomb").isPositive();
    words.put("later", "works");
    assertThat(words.get("later")).contains("works");
  }

  /// Has a body and a command done in the bomb's group, unless that is cut in between.
  ///
  /// @return what these were told
  private List<Throwable> explode(String name, String bomb) throws Exception {
    Callers callers = Callers.onPlatformThreads();
    Callers bomber = Callers.onPlatformThreads();
    CountDownLatch holds = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    callers.start(() ->
        database.transact(() -> {
          words.put(name + "body", "held");
          holds.countDown();
          goOn.await();
        }));
    holds.await();
    callers.start(() -> words.put(name + "command", "waits"));
    Callers.awaitThat("the command waits", () -> writer().waitingTurns() == 1);
    bomber.start(() -> dropBomb(name, bomb));
    Callers.awaitThat("the bomb waits", () -> writer().waitingTurns() == 2);
    goOn.countDown();
    assertThat(bomber.join()).isEmpty();
    return callers.join();
  }

  /// A body that cares about no error must not write on outside of its transaction.
  private void dropBomb(String name, String bomb) {
    assertUnavailable(() ->
        database.transact(() -> {
          words.put(name + "bomb", "before");
          assertUnavailable(() -> database.update(bomb));
          assertUnavailable(() -> words.put(name + "bomb", "after"));
          assertUnavailable(() -> words.get(name + "bomb"));
          assertUnavailable(() -> words.entry(name + "bomb"));
          assertUnavailable(() -> words.remove(name + "bomb"));
          assertUnavailable(() -> database.update("INSERT INTO note VALUES ('after')"));
          assertUnavailable(() -> database.query("SELECT 1", row -> row.number(1)));
          assertUnavailable(() -> database.transact(() -> words.put(name + "bomb", "nested")));
          assertUnavailable(() -> database.store(StoreSpec.of("late", Codec.text())));
        }));
    assertThat(notes()).doesNotContain("after");
  }

  @Test
  void exhaustedSequenceIsNobodysSuccess() {
    database.update("CREATE TABLE last (id INTEGER PRIMARY KEY AUTOINCREMENT)");
    database.update("INSERT INTO last VALUES (9223372036854775807)");

    Throwable thrown =
        catchThrowable(() ->
            database.transact(() -> {
              words.put("neighbour", "lost");
              // SQLite says that the disk is full, so the engine stops.
              database.update("INSERT INTO last VALUES (NULL)");
            }));

    assertThat(thrown).isInstanceOf(KvException.Stopped.class);
    if (place == Place.FILE) {
      database.close();
      database = place.open(directory, DatabaseOptions.defaults());
      assertThat(database.store(WORDS).contains("neighbour")).isFalse();
    }
  }

  private void createTrigger(String raise) {
    database.update(
        """
        CREATE TRIGGER bomb BEFORE INSERT ON note WHEN NEW.text = 'bomb'
        BEGIN SELECT %s; END
        """
            .formatted(raise));
  }

  private static void assertRejected(ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOf(KvException.Rejected.class);
  }

  private static void assertUnavailable(ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOf(KvException.Unavailable.class);
  }

  private List<String> notes() {
    return database.query("SELECT text FROM note ORDER BY text", Place::text);
  }

  private Writer writer() {
    return ((SqlDatabase) database).engine().writer();
  }
}
