package dev.latchkey.github;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.github.FakeGitHub.Fate;
import dev.latchkey.github.FakeGitHub.Reply;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// An answer that is cut, stalls, is too large or is no answer: what is then known.
class LostAnswerTest extends OnFakeGitHub {
  private static final NewReview REVIEW = new NewReview(SHA, "Body", List.of());

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "WHOLE")
  void aReadWithoutItsAnswerIsUnavailableByItsDeadline(Fate fate) {
    fake.on("GET " + PULL, Reply.of(200, Examples.pullRequest()).with(fate));

    assertEndsSoon(() ->
        assertThatThrownBy(() -> github.pullRequest(REPOSITORY, 7, verySoon()))
            .isInstanceOf(GitHubException.Unavailable.class)
            .hasMessageContaining("GET " + PULL));
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "WHOLE")
  void aWriteWithoutItsAnswerIsOfUnknownOutcome(Fate fate) {
    fake.on("POST " + REVIEWS, Reply.of(200, Examples.review(3, "PENDING")).with(fate));
    fake.on("DELETE " + REVIEWS + "/3", Reply.of(200, "{\"id\": 3}").with(fate));
    ThrowingCallable create = () -> github.createPendingReview(REPOSITORY, 7, REVIEW, verySoon());
    ThrowingCallable delete = () -> github.deletePendingReview(REPOSITORY, 7, 3, verySoon());

    assertEndsSoon(() -> {
      assertThatThrownBy(create).isInstanceOf(GitHubException.OutcomeUnknown.class);
      assertThatThrownBy(delete).isInstanceOf(GitHubException.OutcomeUnknown.class);
    });

    assertThat(fake.seen("POST " + REVIEWS)).hasSize(1);
    assertThat(fake.seen("DELETE " + REVIEWS + "/3")).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource(names = {"STALL_AT_ONCE", "STALL_IN_BODY"})
  void aConnectionThatStallsIsClosedAtTheDeadline(Fate fate) throws InterruptedException {
    fake.on("GET " + PULL, Reply.of(200, Examples.pullRequest()).with(fate));

    assertThatThrownBy(() -> github.pullRequest(REPOSITORY, 7, verySoon()))
        .isInstanceOf(GitHubException.Unavailable.class);

    assertThat(fake.hangUps.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void closingEndsACallUnderWay() throws InterruptedException {
    CountDownLatch came = new CountDownLatch(1);
    fake.on(
        "GET " + PULL,
        request -> {
          came.countDown();
          return Reply.of(200, "").with(Fate.STALL_AT_ONCE);
        });
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Thread caller =
        new Thread(() -> {
          try {
            github.pullRequest(REPOSITORY, 7, Deadline.after(Duration.ofHours(1)));
          } catch (GitHubException e) {
            failure.set(e);
          }
        });

    caller.start();
    assertThat(came.await(10, TimeUnit.SECONDS)).isTrue();
    github.close();
    caller.join(10_000);

    assertThat(failure.get()).isInstanceOf(GitHubException.Unavailable.class);
  }

  @Test
  void aWriteOnAKeptConnectionThatIsCutIsNotSentTwice() {
    fake.on("GET " + PULL, Reply.of(200, Examples.pullRequest()));
    fake.on("POST " + REVIEWS, Reply.of(200, "").with(Fate.CUT_AT_ONCE));
    github.pullRequest(REPOSITORY, 7, soon());

    assertThatThrownBy(() -> github.createPendingReview(REPOSITORY, 7, REVIEW, soon()))
        .isInstanceOf(GitHubException.OutcomeUnknown.class);

    assertThat(fake.seen("POST " + REVIEWS)).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource(names = {"CUT_IN_BODY", "STALL_IN_BODY"})
  void aRefusalIsKnownByItsStatusEvenIfItsBodyIsLost(Fate fate) {
    fake.on("POST " + REVIEWS, Reply.of(422, "{\"message\": \"x\"}").with(fate));

    assertThatThrownBy(() -> github.createPendingReview(REPOSITORY, 7, REVIEW, verySoon()))
        .isInstanceOfSatisfying(
            GitHubException.Invalid.class, e -> assertThat(e.errors()).isEmpty());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "ok",
        "null",
        "[]",
        "{}",
        "{\"id\": \"3\", \"state\": \"PENDING\"}",
        "{\"id\": 3, \"state\": \"WITHDRAWN\"}",
        "{\"id\": 3, \"id\": 3, \"state\": \"PENDING\"}",
        "{\"id\": 99999999999999999999, \"state\": \"PENDING\"}",
        "{\"id\": 3, \"state\": \"PENDING\"} {}"
      })
  void aSuccessThatCantBeReadIsUnknownForAWriteAndUnavailableForARead(String body) {
    fake.on("POST " + REVIEWS, Reply.of(200, body));
    fake.on("GET " + PULL, Reply.of(200, body));

    assertThatThrownBy(() -> github.createPendingReview(REPOSITORY, 7, REVIEW, soon()))
        .isInstanceOf(GitHubException.OutcomeUnknown.class);
    assertThatThrownBy(() -> github.pullRequest(REPOSITORY, 7, soon()))
        .isInstanceOf(GitHubException.Unavailable.class);
  }

  @Test
  void aBodyUpToTheCapIsReadAndOneByteMoreIsNot() throws IOException {
    String json = Examples.pullRequest();
    GitHubOptions options = options().withMaxBodyBytes(2_000);
    try (GitHub capped = GitHub.of(options)) {
      fake.on("GET " + PULL, Reply.of(200, json + " ".repeat(2_000 - json.length())));
      assertThat(capped.pullRequest(REPOSITORY, 7, soon()).number()).isEqualTo(7);

      fake.on("GET " + PULL, Reply.of(200, json + " ".repeat(2_001 - json.length())));
      assertThatThrownBy(() -> capped.pullRequest(REPOSITORY, 7, soon()))
          .isInstanceOf(GitHubException.Unavailable.class)
          .hasMessageContaining("more than 2000 bytes");

      fake.on("POST " + REVIEWS, Reply.of(200, " ".repeat(2_001)));
      assertThatThrownBy(() -> capped.createPendingReview(REPOSITORY, 7, REVIEW, soon()))
          .isInstanceOf(GitHubException.OutcomeUnknown.class)
          .hasMessageContaining("more than 2000 bytes");
    }
  }

  @Test
  void withoutAConnectionNothingWasSent() throws IOException {
    fake.on("DELETE " + REVIEWS + "/3", Reply.of(204, ""));
    github.deletePendingReview(REPOSITORY, 7, 3, soon());

    fake.close();

    assertThatThrownBy(() -> github.createPendingReview(REPOSITORY, 7, REVIEW, soon()))
        .isInstanceOf(GitHubException.Unavailable.class)
        .hasMessageContaining("no connection");
    assertThatThrownBy(() -> github.deletePendingReview(REPOSITORY, 7, 3, soon()))
        .isInstanceOf(GitHubException.Unavailable.class);
  }

  @Test
  void afterItsDeadlineNothingIsSent() {
    Deadline over = Deadline.after(Duration.ZERO);

    assertThatThrownBy(() -> github.app(over))
        .isInstanceOf(GitHubException.Unavailable.class)
        .hasMessageContaining("deadline");
    assertThatThrownBy(() -> github.createPendingReview(REPOSITORY, 7, REVIEW, over))
        .isInstanceOf(GitHubException.Unavailable.class);
    assertThat(fake.seen("POST " + REVIEWS)).isEmpty();
  }

  @Test
  void anInterruptEndsACallAndStays() throws InterruptedException {
    CountDownLatch came = new CountDownLatch(1);
    fake.on(
        "POST " + REVIEWS,
        request -> {
          came.countDown();
          return Reply.of(200, "").with(Fate.STALL_AT_ONCE);
        });
    AtomicReference<Throwable> failure = new AtomicReference<>();
    AtomicReference<Boolean> interrupted = new AtomicReference<>();
    Thread caller =
        new Thread(() -> {
          try {
            github.createPendingReview(REPOSITORY, 7, REVIEW, soon());
          } catch (GitHubException e) {
            failure.set(e);
            interrupted.set(Thread.currentThread().isInterrupted());
          }
        });

    caller.start();
    assertThat(came.await(10, TimeUnit.SECONDS)).isTrue();
    caller.interrupt();
    caller.join();

    assertThat(failure.get()).isInstanceOf(GitHubException.OutcomeUnknown.class);
    assertThat(interrupted.get()).isTrue();
  }

  /// Well before the fake or a default of the client would end it.
  private static void assertEndsSoon(Runnable calls) {
    long start = System.nanoTime();

    calls.run();

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
  }
}
