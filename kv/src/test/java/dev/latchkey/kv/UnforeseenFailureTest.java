package dev.latchkey.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnforeseenFailureTest {

  private static final StoreSpec<String> WORDS = StoreSpec.of("words", Codec.text());
  private static final StoreSpec<String> LATE = StoreSpec.of("late", Codec.text());
  private static final DatabaseOptions OPTIONS =
      DatabaseOptions.defaults().withLockTimeout(Duration.ofSeconds(5));

  /// Run by whoever leads, after every eighth commit.
  private static final String LOOK_AT_THE_LOG = ".*wal_checkpoint.NOOP.*";

  @TempDir Path directory;
  private FailingConnection connection;
  private Session session;
  private Engine engine;
  private Database database;
  private Store<String> words;

  @BeforeEach
  void open() throws Exception {
    DatabaseFile file = DatabaseFile.at(DatabaseFile.resolve(path()));
    Ownership ownership = Ownership.claim(file);
    ownership.lock();
    connection = FailingConnection.open(file);
    session = Session.over(connection);
    engine = Engine.ofFile(session, file, ownership, OPTIONS);
    engine.handles = 1;
    database = new SqlDatabase(engine, OPTIONS);
    words = database.store(WORDS);
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void whatWasCommittedIsASuccessThoughTheLeaderFailsAfterwards() {
    List<String> acknowledged = new ArrayList<>();
    failBefore(LOOK_AT_THE_LOG);

    assertThatThrownBy(() -> putUntilItFails("key-", acknowledged))
        .isInstanceOf(KvException.Stopped.class)
        .hasMessageContaining("on purpose");

    database.close();
    try (Database again = Database.open(path())) {
      Store<String> kept = again.store(WORDS);
      assertThat(acknowledged).isNotEmpty().allMatch(kept::contains);
      assertThat(kept.contains("key-" + acknowledged.size())).isFalse();
    }
  }

  @Test
  void everyWaitingTurnEndsWithStopped() throws Exception {
    Callers callers = Callers.onPlatformThreads();
    Callers virtual = Callers.onVirtualThreads();
    CountDownLatch leads = new CountDownLatch(1);
    connection.before(
        LOOK_AT_THE_LOG,
        () -> {
          leads.countDown();
          Callers.awaitThat("all are waiting", () -> engine.writer().waitingTurns() == 20);
          throw new OutOfMemoryError("on purpose");
        });

    callers.start(() -> assertStops(() -> putUntilItFails("leader-", new ArrayList<>())));
    leads.await();
    for (int i = 0; i < 5; i++) {
      for (Callers some : List.of(callers, virtual)) {
        some.start(() -> assertStops(() -> words.put("command", "lost")));
        some.start(() -> assertStops(() -> database.transact(() -> words.put("body", "lost"))));
      }
    }

    assertThat(callers.join()).isEmpty();
    assertThat(virtual.join()).isEmpty();
    assertThat(engine.writer().waitingTurns()).isZero();
  }

  @Test
  void virtualCallersAreServedOnAfterOurOwnLeaderFailed() throws Exception {
    Callers first = Callers.onVirtualThreads();
    Callers later = Callers.onVirtualThreads();
    List<String> acknowledged = new ArrayList<>();
    failBefore(LOOK_AT_THE_LOG);

    first.start(() -> assertStops(() -> putUntilItFails("key-", acknowledged)));
    assertThat(first.join()).isEmpty();
    for (int i = 0; i < 5; i++) {
      later.start(
          () -> assertStops(() -> engine.writer().apply(ignored -> true, OPTIONS.lockTimeout())));
    }

    assertThat(later.join()).isEmpty();
    assertThat(acknowledged).isNotEmpty();
  }

  @Test
  void failureToUndoAGroupStopsTheEngineAndHidesNothing() {
    failBefore("ROLLBACK");

    assertThatThrownBy(() ->
            database.transact(() -> {
              throw new IllegalArgumentException("the body's own");
            }))
        .hasMessage("the body's own");

    assertStops(() -> words.put("a", "1"));
  }

  @Test
  void failureBeforeTheCommitIsToldAsNothingChanged() {
    failBefore("UPDATE kv_meta .*");

    assertThatThrownBy(() -> words.put("a", "1"))
        .isInstanceOf(KvException.Unavailable.class)
        .hasMessageContaining("nothing was changed");

    assertStops(() -> words.put("a", "1"));
    database.close();
    try (Database again = Database.open(path())) {
      assertThat(again.store(WORDS).contains("a")).isFalse();
    }
  }

  @Test
  void failureInTheCommitIsToldAsUnknown() {
    failBefore("COMMIT");

    assertThatThrownBy(() -> words.put("a", "1")).isInstanceOf(KvException.OutcomeUnknown.class);

    assertStops(() -> words.put("a", "1"));
  }

  @Test
  void halfOfACommandIsNotCommittedWithTheOthersOfItsGroup() throws Exception {
    Callers holder = Callers.onPlatformThreads();
    Callers creator = Callers.onPlatformThreads();
    CountDownLatch holds = new CountDownLatch(1);
    holder.start(() ->
        database.transact(() -> {
          words.put("holder", "held");
          failBefore("INSERT INTO kv_stores .*");
          holds.countDown();
          Callers.awaitThat("one is waiting", () -> engine.writer().waitingTurns() == 1);
        }));
    holds.await();

    creator.start(() -> database.store(LATE));

    assertThat(creator.join()).singleElement().isInstanceOf(OutOfMemoryError.class);
    List<Throwable> told = holder.join();
    assertThat(told).allMatch(KvException.Unavailable.class::isInstance);
    assertThat(words.contains("holder")).isEqualTo(told.isEmpty());
    database.store(LATE).put("a", "1");
    assertThat(database.store(LATE).get("a")).contains("1");
  }

  @Test
  void partThatCanNotBeUndoneIsNotCommittedWithTheRest() {
    assertThatThrownBy(() ->
            database.transact(() -> {
              words.put("outer", "1");
              assertThatThrownBy(() ->
                      database.transact(() -> {
                        words.put("inner", "1");
                        failBefore("ROLLBACK TO kv");
                        throw new IllegalArgumentException("the body's own");
                      }))
                  .hasMessage("the body's own");
            }))
        .isInstanceOf(KvException.Unavailable.class);

    assertThat(words.contains("outer")).isFalse();
    assertThat(words.contains("inner")).isFalse();
    words.put("later", "works");
    assertThat(words.get("later")).contains("works");
  }

  @Test
  void membersOfAnAbandonedGroupAreToldWhatIsTrue() throws Exception {
    Group group = new Group(engine, session, 1_000);

    Turn<Boolean> open = member(group);
    group.abandon();
    session.run("ROLLBACK");
    Turn<Boolean> committing = member(group);
    session.forgetStatementsLater();
    connection.before("COMMIT", group::abandon);
    group.commit();
    group.tellMembers();
    Turn<Boolean> committed = member(group);
    group.commit();
    group.abandon();

    assertThatThrownBy(open::outcome).isInstanceOf(KvException.Unavailable.class);
    assertThatThrownBy(committing::outcome).isInstanceOf(KvException.OutcomeUnknown.class);
    assertThat(committed.outcome()).isTrue();
  }

  private static Turn<Boolean> member(Group group) {
    Turn<Boolean> turn = Turn.ofBody();
    group.begin(null);
    group.add(turn);
    return turn;
  }

  /// Far more often than until the next look at the log.
  private void putUntilItFails(String prefix, List<String> acknowledged) {
    for (int i = 0; i < 100; i++) {
      words.put(prefix + i, "kept");
      acknowledged.add(prefix + i);
    }
  }

  private void failBefore(String pattern) {
    // One that was prepared earlier would not be prepared again.
    session.forgetStatementsLater();
    connection.before(
        pattern,
        () -> {
          throw new OutOfMemoryError("on purpose");
        });
  }

  private static void assertStops(ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOf(KvException.Stopped.class);
  }

  private Path path() {
    return directory.resolve("data.db");
  }
}
