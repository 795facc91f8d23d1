package dev.latchkey.github;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.github.FakeGitHub.Reply;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WriteTurnsTest extends OnFakeGitHub {
  private static final String DELETE = "DELETE " + REVIEWS + "/3";
  private static final Request REQUEST = Request.delete("/x");

  @Test
  void writesOfOneInstallationAreAPauseApart() {
    Duration pause = Duration.ofMillis(150);
    List<Long> times = new CopyOnWriteArrayList<>();
    fake.on(
        DELETE,
        request -> {
          times.add(System.nanoTime());
          return Reply.of(204, "");
        });
    try (GitHub paced = GitHub.of(options().withWriteInterval(pause))) {
      IntStream.range(0, 3).forEach(i -> paced.deletePendingReview(REPOSITORY, 7, 3, soon()));
    }

    assertThat(times).hasSize(3);
    assertThat(times.get(1) - times.get(0)).isGreaterThanOrEqualTo(pause.toNanos());
    assertThat(times.get(2) - times.get(1)).isGreaterThanOrEqualTo(pause.toNanos());
  }

  @Test
  void aRefusedWriteCountsToo() {
    fake.on(DELETE, Reply.of(422, ""));
    try (GitHub paced = GitHub.of(options().withWriteInterval(Duration.ofMinutes(1)))) {
      assertThatThrownBy(() -> paced.deletePendingReview(REPOSITORY, 7, 3, soon()))
          .isInstanceOf(GitHubException.Invalid.class);

      assertThatThrownBy(() -> paced.deletePendingReview(REPOSITORY, 7, 3, soon()))
          .isInstanceOf(GitHubException.Unavailable.class)
          .hasMessageContaining("pause");
    }
    assertThat(fake.seen(DELETE)).hasSize(1);
  }

  @Test
  void readsAndOtherInstallationsDoNotWait() {
    WriteTurns turns = new WriteTurns(Duration.ofMinutes(1));

    assertThat(turns.<Integer>inTurn(1, REQUEST, soon(), () -> 1)).isEqualTo(1);
    assertThat(turns.<Integer>inTurn(2, REQUEST, soon(), () -> 2)).isEqualTo(2);

    fake.on("GET " + PULL, Reply.of(200, Examples.pullRequest()));
    fake.on(DELETE, Reply.of(204, ""));
    try (GitHub paced = GitHub.of(options().withWriteInterval(Duration.ofMinutes(1)))) {
      paced.deletePendingReview(REPOSITORY, 7, 3, soon());
      paced.pullRequest(REPOSITORY, 7, soon());
    }
    assertThat(fake.seen("GET " + PULL)).hasSize(1);
  }

  @Test
  void neverTwoWritesOfOneInstallationAtATime() throws InterruptedException {
    WriteTurns turns = new WriteTurns(Duration.ZERO);
    AtomicInteger under = new AtomicInteger();
    AtomicInteger done = new AtomicInteger();
    ConcurrentLinkedQueue<Integer> most = new ConcurrentLinkedQueue<>();
    List<Thread> writers =
        IntStream.range(0, 8)
            .mapToObj(i ->
                new Thread(() -> {
                  for (int write = 0; write < 50; write++) {
                    turns.inTurn(1, REQUEST, soon(), () -> write(under, most, done));
                  }
                }))
            .toList();

    writers.forEach(Thread::start);
    for (Thread writer : writers) {
      writer.join();
    }

    assertThat(done).hasValue(400);
    assertThat(most).containsOnly(1);
  }

  @Test
  void whoWaitsForATurnLeavesAtItsDeadline() throws InterruptedException {
    WriteTurns turns = new WriteTurns(Duration.ZERO);
    CountDownLatch taken = new CountDownLatch(1);
    CountDownLatch over = new CountDownLatch(1);
    Thread slow =
        new Thread(() ->
            turns.inTurn(
                1,
                REQUEST,
                soon(),
                () -> {
                  taken.countDown();
                  return await(over);
                }));
    slow.start();
    await(taken);

    assertThatThrownBy(() -> turns.inTurn(1, REQUEST, verySoon(), () -> true))
        .isInstanceOf(GitHubException.Unavailable.class)
        .hasMessageContaining("not sent");

    over.countDown();
    slow.join();
    assertThat(turns.<Boolean>inTurn(1, REQUEST, soon(), () -> true)).isTrue();
  }

  @Test
  void closingEndsAPause() throws InterruptedException {
    WriteTurns turns = new WriteTurns(Duration.ofMinutes(1));
    turns.inTurn(1, REQUEST, soon(), () -> true);
    ConcurrentLinkedQueue<RuntimeException> failures = new ConcurrentLinkedQueue<>();
    Thread waiting =
        new Thread(() -> {
          try {
            Deadline later = Deadline.after(Duration.ofHours(1));
            turns.inTurn(1, REQUEST, later, () -> true);
          } catch (IllegalStateException e) {
            failures.add(e);
          }
        });
    waiting.start();

    turns.close();
    waiting.join(10_000);

    assertThat(waiting.isAlive()).isFalse();
    assertThat(failures).hasSize(1);
  }

  @Test
  void manyInstallationsAreNotKept() {
    WriteTurns turns = new WriteTurns(Duration.ZERO);

    IntStream.range(0, 5_000).forEach(i -> turns.inTurn(i, REQUEST, soon(), () -> true));

    assertThat(turns.lanes()).isLessThanOrEqualTo(1_000);
  }

  private static boolean write(
      AtomicInteger under, ConcurrentLinkedQueue<Integer> most, AtomicInteger done) {
    most.add(under.incrementAndGet());
    for (int i = 0; i < 100; i++) {
      Thread.onSpinWait();
    }
    under.decrementAndGet();
    done.incrementAndGet();
    return true;
  }

  private static boolean await(CountDownLatch latch) {
    try {
      return latch.await(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
