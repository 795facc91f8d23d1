package dev.latchkey.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.latchkey.kv.Codec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// How many works run at the same time, of a kind and of all: with real threads.
@ParameterizedClass
@EnumSource(Storage.class)
@Timeout(60)
final class PoolTest {

  private static final Limit TWO = new Limit("acme", 2, Duration.ofHours(1));

  private final Storage storage;
  private final Path directory;
  private Rig rig;

  /// What the router makes of the next delivery.
  private volatile NewWork next = NewWork.of("slow", "lane");

  /// How many slow works have begun, and how many quick ones and works of all kinds have ended.
  private final Semaphore begun = new Semaphore(0);

  private final Semaphore quick = new Semaphore(0);
  private final Semaphore ended = new Semaphore(0);
  private final AtomicInteger slow = new AtomicInteger();
  private final CountDownLatch mayEnd = new CountDownLatch(1);
  private final Set<String> inside = ConcurrentHashMap.newKeySet();
  private final AtomicInteger most = new AtomicInteger();

  PoolTest(Storage storage, @TempDir Path directory) {
    this.storage = storage;
    this.directory = directory;
    rig = open(options -> options);
  }

  @AfterEach
  void close() {
    mayEnd.countDown();
    rig.close();
  }

  private Rig open(UnaryOperator<InboxOptions> change) {
    return Rig.open(
        storage,
        directory,
        options ->
            change.apply(
                options.withRouter(delivery -> Routing.to(next)).withListener(this::count)));
  }

  private void count(Event event) {
    if (event instanceof Event.Ended(var claim, _, _)) {
      ended.release();
      if (claim.kind().equals("quick")) {
        quick.release();
      }
    }
  }

  private void send(NewWork work) {
    next = work;
    rig.send("any", "");
  }

  private Outcome slow(Task task) throws InterruptedException {
    slow.incrementAndGet();
    begun.release();
    mayEnd.await();
    return Outcome.done();
  }

  private Outcome pay(Task task) {
    return Outcome.done(task.paidStep("pay", "", Codec.text(), () -> "paid"));
  }

  /// Starts with a pool of one for slow works, and lets one of them run in a lane of its own.
  private void startWithTheSlowPoolFull() throws InterruptedException {
    rig.inbox().handler("slow", 1, this::slow);
    rig.handler("quick", this::pay);
    rig.inbox().start();
    send(NewWork.of("slow", "first"));
    begun.acquire();
  }

  private void assertSlowRanAloneUntilNowAndAllEnd(int works) throws InterruptedException {
    int slowUntilNow = slow.get();

    mayEnd.countDown();
    ended.acquire(works);

    assertThat(slowUntilNow).isEqualTo(1);
    assertThat(rig.inbox().stats().works()).containsEntry(WorkState.DONE, (long) works);
  }

  @Test
  void fullPoolOfAKindHoldsUpNoOtherKind() throws Exception {
    startWithTheSlowPoolFull();

    for (int lane = 0; lane < 20; lane++) {
      send(NewWork.of("slow", "slow" + lane).withPriority(9));
    }
    send(NewWork.of("quick", "quick"));
    quick.acquire();

    assertSlowRanAloneUntilNowAndAllEnd(22);
  }

  @Test
  void fullPoolOfAKindHoldsUpNoOtherKindInTheSameLane() throws Exception {
    startWithTheSlowPoolFull();

    send(NewWork.of("slow", "lane").withPriority(9));
    send(NewWork.of("quick", "lane"));
    quick.acquire();

    assertSlowRanAloneUntilNowAndAllEnd(3);
  }

  @Test
  void fullPoolOfAKindHoldsUpNoOtherKindInTheLineOfALimit() throws Exception {
    rig.inbox().handler("slow", 1, this::slow);
    rig.handler("quick", this::pay);
    for (String lane : List.of("a", "b", "c")) {
      send(NewWork.of("quick", lane).withLimits(TWO));
    }
    send(NewWork.of("slow", "d").withLimits(TWO).withPriority(-1));
    rig.runDue();
    send(NewWork.of("slow", "d").withLimits(TWO).withPriority(9));
    quick.acquire(2);
    rig.inbox().start();
    send(NewWork.of("slow", "first"));
    begun.acquire();

    rig.clock.advance(Duration.ofHours(1));
    rig.inbox().wake();
    quick.acquire();

    assertThat(rig.work(4).reason()).isEqualTo(WaitReason.LIMIT);
    mayEnd.countDown();
    ended.acquire(5);
    assertThat(rig.inbox().stats().works()).containsEntry(WorkState.DONE, 5L);
  }

  @Test
  void poolOfAKindIsWhatItsHandlerWasRegisteredWith() throws Exception {
    CyclicBarrier three = new CyclicBarrier(3);
    rig.inbox().handler("slow", 3, task -> inside(task, three));
    rig.inbox().start();

    for (int lane = 0; lane < 12; lane++) {
      send(NewWork.of("slow", "lane" + lane));
    }
    ended.acquire(12);

    assertThat(most).hasValue(3);
  }

  private Outcome inside(Task task, CyclicBarrier together) throws Exception {
    inside.add(task.lane());
    most.accumulateAndGet(inside.size(), Math::max);
    together.await(30, TimeUnit.SECONDS);
    inside.remove(task.lane());
    return Outcome.done();
  }

  @Test
  void noMoreThanTheMaximumOfAllKindsRunAtTheSameTime() throws Exception {
    rig.close();
    rig = open(options -> options.withMaxRunning(2));
    CyclicBarrier two = new CyclicBarrier(2);
    for (String kind : List.of("a", "b", "c")) {
      rig.handler(kind, task -> inside(task, two));
    }
    rig.inbox().start();

    for (int lane = 0; lane < 12; lane++) {
      send(NewWork.of(List.of("a", "b", "c").get(lane % 3), "lane" + lane));
    }
    ended.acquire(12);

    assertThat(most).hasValue(2);
  }

  @Test
  void roomThatComesFreeGoesToTheBestOfThoseWhichWaitForThePool() throws Exception {
    List<Long> order = new CopyOnWriteArrayList<>();
    rig.inbox()
        .handler(
            "slow",
            1,
            task -> {
              order.add(task.id());
              return slow(task);
            });
    rig.inbox().start();
    send(NewWork.of("slow", "first"));
    begun.acquire();

    send(NewWork.of("slow", "a"));
    send(NewWork.of("slow", "b").withPriority(1));
    send(NewWork.of("slow", "c").withPriority(2));
    mayEnd.countDown();
    ended.acquire(4);

    assertThat(order).containsExactly(1L, 4L, 3L, 2L);
  }

  @Test
  void kindWithoutHandlerNeedsNoRoomOfOthers() throws Exception {
    startWithTheSlowPoolFull();

    send(NewWork.of("unknown", "lane"));
    ended.acquire();
    WorkView unknown = rig.newest();
    mayEnd.countDown();
    ended.acquire();

    assertThat(unknown.state()).isEqualTo(WorkState.DEAD);
    assertThat(unknown.error()).isEqualTo("no handler for kind unknown");
  }

  @Test
  void poolsWithoutRoomAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> rig.inbox().handler("slow", 0, this::slow));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> InboxOptions.of(Rig::route).withWorkers(0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> InboxOptions.of(Rig::route).withMaxRunning(0));
  }
}
