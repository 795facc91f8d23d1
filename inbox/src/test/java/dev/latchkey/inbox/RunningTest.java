package dev.latchkey.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// A started inbox, with its real threads.
@ParameterizedClass
@EnumSource(Storage.class)
@Timeout(60)
final class RunningTest {

  private final Storage storage;
  private final Path directory;
  private final Semaphore ended = new Semaphore(0);
  private final Semaphore postponed = new Semaphore(0);
  private Rig rig;

  RunningTest(Storage storage, @TempDir Path directory) {
    this.storage = storage;
    this.directory = directory;
    rig = open(8);
  }

  private Rig open(int workers) {
    return Rig.open(
        storage,
        directory,
        options ->
            options.withWorkers(workers).withListener(event -> count(ended, postponed, event)));
  }

  private static void count(Semaphore ended, Semaphore postponed, Event event) {
    if (event instanceof Event.Ended) {
      ended.release();
    } else if (event instanceof Event.Postponed) {
      postponed.release();
    }
  }

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void acceptedWorkStartsByItself() throws Exception {
    rig.handler("build", task -> Outcome.done("by itself"));
    rig.inbox().start();

    rig.send("build", "lane");
    ended.acquire();

    assertThat(rig.newest().outcome()).isEqualTo("by itself");
  }

  @Test
  void workAcceptedBeforeStartIsDoneAfterIt() throws Exception {
    rig.handler("build", task -> Outcome.done());
    rig.send("build", "lane");

    rig.inbox().start();
    ended.acquire();

    assertThat(rig.newest().state()).isEqualTo(WorkState.DONE);
  }

  @Test
  void waitingWorkStartsOnceTheClockIsThere() throws Exception {
    AtomicInteger runs = new AtomicInteger();
    rig.handler(
        "patient",
        task ->
            runs.incrementAndGet() == 1
                ? Outcome.later(HandClock.START.plus(Duration.ofHours(1)), "in an hour")
                : Outcome.done());
    rig.inbox().start();
    rig.send("patient", "lane");
    postponed.acquire();

    rig.clock.advance(Duration.ofHours(1));
    rig.inbox().wake();
    ended.acquire();

    assertThat(runs).hasValue(2);
    assertThat(rig.newest().state()).isEqualTo(WorkState.DONE);
  }

  @Test
  void neverTwoOfALaneRunAtTheSameTime() throws Exception {
    Map<String, AtomicInteger> inside = new ConcurrentHashMap<>();
    AtomicInteger most = new AtomicInteger();
    AtomicInteger runs = new AtomicInteger();
    rig.handler(
        "build",
        task -> {
          AtomicInteger lane = inside.computeIfAbsent(task.lane(), l -> new AtomicInteger());
          most.accumulateAndGet(lane.incrementAndGet(), Math::max);
          Thread.onSpinWait();
          runs.incrementAndGet();
          lane.decrementAndGet();
          return Outcome.done();
        });
    rig.inbox().start();

    int works = 16 * 20;
    try (ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> sent = new ArrayList<>();
      for (int sender = 0; sender < 16; sender++) {
        int first = sender * 20;
        sent.add(senders.submit(() -> sendTwenty(first)));
      }
      for (Future<?> one : sent) {
        one.get();
      }
    }
    ended.acquire(works);

    assertThat(most).hasValue(1);
    assertThat(runs).hasValue(works);
    assertThat(inside).hasSize(3);
  }

  private void sendTwenty(int first) {
    for (int i = first; i < first + 20; i++) {
      rig.send("build", "lane" + i % 3 + " key" + i);
    }
  }

  @Test
  void worksOfDifferentLanesRunAtTheSameTime() throws Exception {
    CyclicBarrier together = new CyclicBarrier(8);
    rig.handler("build", task -> Outcome.done("" + together.await(30, TimeUnit.SECONDS)));
    rig.inbox().start();

    for (int lane = 0; lane < 8; lane++) {
      rig.send("build", "lane" + lane);
    }
    ended.acquire(8);

    assertThat(rig.inbox().stats().works()).containsEntry(WorkState.DONE, 8L);
  }

  @Test
  void noMoreThanTheWorkersRunAtTheSameTime() throws Exception {
    rig.close();
    rig = open(2);
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CyclicBarrier both = new CyclicBarrier(2);
    rig.handler(
        "build",
        task -> {
          most.accumulateAndGet(inside.incrementAndGet(), Math::max);
          both.await(30, TimeUnit.SECONDS);
          inside.decrementAndGet();
          return Outcome.done();
        });
    rig.inbox().start();

    for (int lane = 0; lane < 20; lane++) {
      rig.send("build", "lane" + lane);
    }
    ended.acquire(20);

    assertThat(most.get()).isEqualTo(2);
  }

  @Test
  void worksOfOneKeyNeverRunAtTheSameTimeEvenInTwoLanes() {
    rig.handler("inner", task -> Outcome.done());
    rig.handler(
        "outer",
        task -> {
          rig.send("inner", "b key");
          return Outcome.done("" + rig.runDue());
        });
    rig.send("outer", "a key");

    rig.runDue();

    assertThat(rig.work(1).outcome()).isEqualTo("0");
    assertThat(rig.work(2).state()).isEqualTo(WorkState.DONE);
  }

  @Test
  void handlersAreRegisteredOnceAndBeforeStart() {
    rig.handler("build", task -> Outcome.done());

    assertThatIllegalStateException()
        .isThrownBy(() -> rig.handler("build", task -> Outcome.done()));
    rig.inbox().start();
    assertThatIllegalStateException()
        .isThrownBy(() -> rig.handler("other", task -> Outcome.done()));
    assertThatIllegalStateException().isThrownBy(rig.inbox()::start);
  }

  @Test
  void healthFollowsTheLifeOfTheInbox() {
    Inbox inbox = rig.inbox();
    InboxHealth opened = inbox.health();
    inbox.start();
    InboxHealth started = inbox.health();

    inbox.close();

    assertThat(opened).isEqualTo(InboxHealth.OPEN);
    assertThat(started).isEqualTo(InboxHealth.WORKING);
    assertThat(inbox.health()).isEqualTo(InboxHealth.CLOSED);
  }

  @Test
  void databaseThatFailsForGoodStopsTheWorkAndShowsInTheHealth() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch over = new CountDownLatch(1);
    rig.handler(
        "build",
        task -> {
          running.countDown();
          over.await();
          return Outcome.done();
        });
    Inbox inbox = rig.inbox();
    inbox.start();
    rig.send("build", "lane");
    running.await();

    rig.database.close();
    inbox.wake();
    while (inbox.health() == InboxHealth.WORKING) {
      Thread.onSpinWait();
    }
    over.countDown();

    assertThat(inbox.health()).isEqualTo(InboxHealth.STOPPED);
    assertThatIllegalStateException().isThrownBy(() -> rig.send("build", "lane"));
  }
}
