package dev.latchkey.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.latchkey.kv.Codec;
import dev.latchkey.kv.Database;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Tables of the first version, as its release left them, are brought up to this one's.
@ParameterizedClass
@EnumSource(Storage.class)
final class MigrationTest {

  private static final long NOW = HandClock.START.toEpochMilli();
  private static final long HOUR = Duration.ofHours(1).toMillis();

  private final Storage storage;
  @TempDir Path directory;
  private Database database;
  private final HandClock clock = new HandClock();
  private final List<String> ran = new ArrayList<>();

  MigrationTest(Storage storage) {
    this.storage = storage;
  }

  @BeforeEach
  void makeTheFirstVersion() {
    database = storage.open(directory);
    database.transact(() -> Schema.migrate(database, 1));
    for (String id : List.of("one", "two", "three")) {
      database.update(
          """
          INSERT INTO latchkey_delivery
            (source, id, kind, headers, sha256, received_at, works, duplicates, body)
          VALUES ('test', ?, 'build', 'X-Event: build
          ', ?, ?, 1, 2, ?)
          """,
          id,
          Hashes.sha256(id.getBytes(StandardCharsets.UTF_8)),
          NOW,
          id.getBytes(StandardCharsets.UTF_8));
    }
    work(1, "ready", "READY", null);
    work(2, "limited", "WAITING", "LIMIT");
    work(3, "failed", "WAITING", "RETRY");
    work(4, "delayed", "WAITING", "DELAY");
    work(5, "running", "RUNNING", null);
    work(6, "done", "DONE", null);
    work(7, "dead", "DEAD", null);
    for (int work = 1; work <= 7; work++) {
      database.update(
          "INSERT INTO latchkey_cause (work, source, delivery) VALUES (?, 'test', 'one')", work);
    }
    database.update(
        "INSERT INTO latchkey_cause (work, source, delivery) VALUES (5, 'test', 'two')");
    limit(2, "full", 1);
    limit(5, "paid", 3);
    charge("full", "6", "SETTLED");
    charge("paid", "5", "SETTLED");
    charge("other", "3", "RESERVED");
    charge("other", "7", "RELEASED");
    step(5, "plan", "DONE", "a plan");
    step(5, "ask", "INTENT", null);
    database.update("INSERT INTO latchkey_owner (id, owner) VALUES (1, 'a dead one')");
  }

  @AfterEach
  void close() {
    database.close();
  }

  private void work(long id, String lane, String state, @Nullable String reason) {
    boolean ended = state.equals("DONE") || state.equals("DEAD");
    database.update(
        """
        INSERT INTO latchkey_work (id, kind, lane, work_key, subject, state, reason, attempt, epoch,
          owner, next_at, outcome, error, first_at, updated_at, claimed_at, ended_at)
        VALUES (?, 'build', ?, ?, ?, ?, ?, 2, 3, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        id,
        lane,
        "key " + lane,
        "subject " + lane,
        state,
        reason,
        state.equals("RUNNING") ? "a dead one" : null,
        NOW + HOUR,
        state.equals("DONE") ? "done then" : "",
        state.equals("DEAD") ? "dead then" : "",
        NOW,
        NOW,
        NOW,
        ended ? NOW : null);
  }

  private void limit(long work, String bucket, int units) {
    database.update(
        "INSERT INTO latchkey_limit (work, bucket, units, window_millis) VALUES (?, ?, ?, ?)",
        work,
        bucket,
        units,
        HOUR);
  }

  private void charge(String bucket, String ref, String state) {
    database.update(
        "INSERT INTO latchkey_charge (bucket, ref, at, units, state) VALUES (?, ?, ?, 1, ?)",
        bucket,
        ref,
        NOW,
        state);
  }

  private void step(long work, String name, String state, @Nullable String output) {
    database.update(
        """
        INSERT INTO latchkey_step (work, name, input_hash, call, state, output)
        VALUES (?, ?, ?, 1, ?, ?)
        """,
        work,
        name,
        Hashes.sha256(new byte[0]),
        state,
        output == null ? null : output.getBytes(StandardCharsets.UTF_8));
  }

  private Inbox open() {
    Inbox inbox = Inbox.open(database, InboxOptions.of(Rig::route).withClock(clock));
    inbox.handler(
        "build",
        task -> {
          if (task.lane().equals("running")) {
            String plan = task.step("plan", "", Codec.text(), () -> "another plan");
            ran.add(plan + ", " + task.paidStep("ask", "", Codec.text(), () -> "answer"));
          }
          ran.add(task.id() + " " + task.subject() + " " + task.deliveries());
          return Outcome.done("done now");
        });
    return inbox;
  }

  @Test
  void everythingIsKeptAndTheInterruptedOneIsReady() {
    try (Inbox inbox = open()) {
      assertThat(inbox.works(10).reversed())
          .extracting(WorkView::id, WorkView::lane, WorkView::state, WorkView::reason)
          .containsExactly(
              tuple(1L, "ready", WorkState.READY, null),
              tuple(2L, "limited", WorkState.READY, null),
              tuple(3L, "failed", WorkState.WAITING, WaitReason.RETRY),
              tuple(4L, "delayed", WorkState.WAITING, WaitReason.DELAY),
              tuple(5L, "running", WorkState.READY, null),
              tuple(6L, "done", WorkState.DONE, null),
              tuple(7L, "dead", WorkState.DEAD, null));
      assertThat(inbox.stats().duplicates()).isEqualTo(6);
      assertThat(inbox.accept(Rig.delivery("two", "build", "two"))).isEqualTo(Receipt.DUPLICATE);
      assertThat(inbox.story(5).orElseThrow().deliveries())
          .extracting(WorkStory.CauseView::id)
          .containsExactlyInAnyOrder("one", "two");
      assertThat(inbox.story(2).orElseThrow().limits())
          .containsExactly(new Limit("full", 1, Duration.ofHours(1)));
      assertThat(database.check()).isEmpty();
      Queues.requireInOrder(database);
    }
  }

  @Test
  void liveWorksCanBeDoneAndWhatWasSpentStaysSpent() {
    try (Inbox inbox = open()) {
      inbox.runDue();
      List<String> atOnce = List.copyOf(ran);
      WorkView limited = inbox.works(10).get(5);
      clock.advance(Duration.ofHours(1));
      inbox.runDue();

      assertThat(atOnce)
          .containsExactly(
              "1 subject ready [test/one]",
              "a plan, answer",
              "5 subject running [test/one, test/two]");
      assertThat(limited.reason()).isEqualTo(WaitReason.LIMIT);
      assertThat(limited.nextAt()).isEqualTo(HandClock.START.plus(Duration.ofHours(1)));
      assertThat(inbox.stats().works())
          .containsEntry(WorkState.DONE, 6L)
          .containsEntry(WorkState.DEAD, 1L);
      assertThat(inbox.replay(7)).containsExactly(8L);
    }
  }

  @Test
  void deliveryThatCouldNotBeRoutedIsStillRoutedAgainByAReplay() {
    work(9, "unrouted test/three", "DEAD", null);
    database.update(
        "UPDATE latchkey_work SET work_key = 'unrouted test/three', epoch = 0 WHERE id = 9");
    database.update(
        "INSERT INTO latchkey_cause (work, source, delivery) VALUES (9, 'test', 'three')");

    try (Inbox inbox = open()) {
      List<Long> works = inbox.replay(9);

      assertThat(works).containsExactly(10L);
      assertThat(inbox.works(1).getFirst().lane()).isEqualTo("three");
      assertThat(inbox.works(2).getLast().resolved()).isTrue();
    }
  }

  @Test
  void chargeThatMayCountInALongWindowOutlivesItsWork() {
    // The first version forgot the limits of works that had ended, and so their windows.
    charge("year", "6", "SETTLED");

    try (Inbox inbox = open()) {
      clock.advance(Duration.ofDays(60));
      inbox.sweep();
      List<String> afterTwoMonths = buckets();
      clock.advance(Duration.ofDays(3_600));
      inbox.sweep();

      assertThat(inbox.story(6)).isEmpty();
      assertThat(afterTwoMonths).contains("year");
      assertThat(buckets()).isEmpty();
    }
  }

  private List<String> buckets() {
    return database.query(
        "SELECT bucket FROM latchkey_charge WHERE ref = '6'", row -> String.valueOf(row.text(1)));
  }

  @Test
  void idOfAWorkThatIsNoMoreIsNotUsedAgain() {
    work(20, "absorbed", "READY", null);
    database.update("DELETE FROM latchkey_work WHERE id = 20");

    try (Inbox inbox = open()) {
      inbox.accept(Rig.delivery("four", "build", "four"));

      assertThat(inbox.works(1).getFirst().id()).isEqualTo(21);
    }
  }

  @Test
  void queuesOfALaneThatRanGoOnInTheirOrderAndTheNextOfTheKeyIsTakenOver() {
    work(8, "behind", "READY", null);
    work(9, "next", "READY", null);
    work(10, "unpaid", "RUNNING", null);
    database.update("UPDATE latchkey_work SET lane = 'running' WHERE id IN (8, 9)");
    database.update("UPDATE latchkey_work SET work_key = 'key running' WHERE id = 9");
    limit(10, "unpaid", 1);
    charge("unpaid", "10", "RESERVED");

    try (Inbox inbox = open()) {
      Queues.requireInOrder(database);
      inbox.runDue();

      assertThat(ran)
          .containsExactly(
              "1 subject ready [test/one]",
              "a plan, answer",
              "5 subject next [test/one, test/two]",
              "another plan, answer",
              "8 subject behind []",
              "10 subject unpaid []");
      assertThat(inbox.works(20)).extracting(WorkView::id).doesNotContain(9L);
      assertThat(inbox.story(10).orElseThrow().charges())
          .extracting(WorkStory.ChargeView::state)
          .containsExactly("RELEASED");
    }
  }

  @Test
  void tablesOfALaterVersionAreRefusedAndLeftAlone() {
    open().close();
    database.update("UPDATE latchkey_schema SET version = 3");

    assertThatExceptionOfType(InboxException.Unusable.class)
        .isThrownBy(this::open)
        .withMessage("the inbox's tables have version 3, and this release knows versions up to 2");

    assertThat(database.check()).isEmpty();
    assertThat(database.query("SELECT COUNT(*) FROM latchkey_work", row -> row.number(1)))
        .containsExactly(7L);
  }

  @Test
  void openingAgainChangesNothingMore() {
    open().close();
    List<String> before =
        database.query(
            "SELECT id || state || updated_at FROM latchkey_work",
            row -> String.valueOf(row.text(1)));

    open().close();

    assertThat(
            database.query(
                "SELECT id || state || updated_at FROM latchkey_work",
                row -> String.valueOf(row.text(1))))
        .isEqualTo(before);
  }
}
