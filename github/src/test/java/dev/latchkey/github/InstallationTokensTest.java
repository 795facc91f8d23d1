package dev.latchkey.github;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.github.FakeGitHub.Fate;
import dev.latchkey.github.FakeGitHub.Reply;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class InstallationTokensTest extends OnFakeGitHub {
  private static final String MINT = "POST /app/installations/42/access_tokens";

  @BeforeEach
  void servePullRequest() {
    fake.on("GET " + PULL, Reply.of(200, Examples.pullRequest()));
  }

  @Test
  void oneTokenServesManyCalls() {
    github.pullRequest(REPOSITORY, 7, soon());
    github.pullRequest(REPOSITORY, 7, soon());

    assertThat(fake.door.minted).hasValue(1);
    assertThat(fake.seen("GET " + PULL))
        .extracting(s -> s.headers().get("authorization"))
        .containsOnly("Bearer ghs_canary1");
  }

  @Test
  void aTokenIsRenewedFiveMinutesBeforeItExpires() {
    github.pullRequest(REPOSITORY, 7, soon());

    fake.clock.advance(FakeDoor.TOKEN_LIFE.minusMinutes(5).minusSeconds(1));
    github.pullRequest(REPOSITORY, 7, soon());
    assertThat(fake.door.minted).hasValue(1);

    fake.clock.advance(Duration.ofSeconds(1));
    github.pullRequest(REPOSITORY, 7, soon());
    assertThat(fake.door.minted).hasValue(2);
  }

  @Test
  void aRevokedTokenIsReplacedOnce() {
    github.pullRequest(REPOSITORY, 7, soon());
    fake.door.tokens.clear();

    PullRequest pull = github.pullRequest(REPOSITORY, 7, soon());

    assertThat(pull.number()).isEqualTo(7);
    assertThat(fake.door.minted).hasValue(2);
    assertThat(fake.seen("GET " + PULL)).hasSize(3);
  }

  @Test
  void aWriteRefusedForItsTokenIsSentAgain() {
    fake.on("DELETE " + REVIEWS + "/3", Reply.of(204, ""));
    github.pullRequest(REPOSITORY, 7, soon());
    fake.door.tokens.clear();

    github.deletePendingReview(REPOSITORY, 7, 3, soon());

    assertThat(fake.seen("DELETE " + REVIEWS + "/3")).hasSize(2);
  }

  @Test
  void aFreshTokenRefusedIsBadCredentialsAndNotKept() {
    fake.on("GET " + PULL, Reply.of(401, "{\"message\": \"Bad credentials\"}"));

    assertThatThrownBy(() -> github.pullRequest(REPOSITORY, 7, soon()))
        .isInstanceOf(GitHubException.BadCredentials.class);

    assertThat(fake.door.minted).hasValue(2);
    fake.on("GET " + PULL, Reply.of(200, Examples.pullRequest()));
    github.pullRequest(REPOSITORY, 7, soon());
    assertThat(fake.door.minted).hasValue(3);
  }

  @Test
  void aRefusedKeyIsBadCredentialsAndSaysWhatToCheck() {
    fake.on(MINT, Reply.of(401, "{\"message\": \"A JSON web token could not be decoded\"}"));

    assertThatThrownBy(() -> github.pullRequest(REPOSITORY, 7, soon()))
        .isInstanceOf(GitHubException.BadCredentials.class)
        .hasMessageContainingAll("could not be decoded", "id", "key", "clock");
    assertThat(fake.seen(MINT)).hasSize(1);
  }

  @Test
  void aFailedRequestIsNotKept() {
    fake.on(MINT, Reply.of(502, ""));
    assertThatThrownBy(() -> github.pullRequest(REPOSITORY, 7, soon()))
        .isInstanceOf(GitHubException.Unavailable.class);

    fake.on(MINT, request -> fake.door.token(request));
    github.pullRequest(REPOSITORY, 7, soon());

    assertThat(fake.seen(MINT)).hasSize(2);
  }

  @Test
  void aRemovedInstallationIsNotFound() {
    fake.on(MINT, Reply.of(404, "{\"message\": \"Not Found\"}"));

    assertThatThrownBy(() -> github.pullRequest(REPOSITORY, 7, soon()))
        .isInstanceOf(GitHubException.NotFound.class)
        .hasMessageContaining("/app/installations/42/access_tokens");
  }

  @Test
  void manyWhoWaitShareOneRequest() throws Exception {
    CountDownLatch mayMint = new CountDownLatch(1);
    fake.on(
        MINT,
        request -> {
          awaitQuietly(mayMint);
          return fake.door.token(request);
        });
    ConcurrentLinkedQueue<PullRequest> read = new ConcurrentLinkedQueue<>();
    List<Thread> readers =
        IntStream.range(0, 16)
            .mapToObj(i -> new Thread(() -> read.add(github.pullRequest(REPOSITORY, 7, soon()))))
            .toList();

    readers.forEach(Thread::start);
    awaitAllWaiting(readers);
    mayMint.countDown();
    for (Thread reader : readers) {
      reader.join();
    }

    assertThat(read).hasSize(16);
    assertThat(fake.seen(MINT)).hasSize(1);
  }

  @Test
  void whoWaitsLeavesAtItsOwnDeadline() {
    fake.on(MINT, Reply.of(201, "").with(Fate.STALL_AT_ONCE));

    assertThatThrownBy(() -> github.pullRequest(REPOSITORY, 7, verySoon()))
        .isInstanceOf(GitHubException.Unavailable.class)
        .hasMessageContaining("nothing was sent");
  }

  @Test
  void anAnswerWithoutAUsableTokenIsUnavailableAndNotQuoted() {
    for (String answer :
        List.of(
            "{\"token\": \"ghs_canary\\nX: y\", \"expires_at\": \"2026-03-01T13:00:00Z\"}",
            "{\"token\": \"ghs_canary\", \"expires_at\": \"ghs_canary\"}",
            "{\"token\": ghs_canary}",
            "ghs_canary",
            "{}")) {
      fake.on(MINT, Reply.of(201, answer));

      assertThatThrownBy(() -> github.pullRequest(REPOSITORY, 7, soon()))
          .isInstanceOf(GitHubException.Unavailable.class)
          .satisfies(e -> assertThat(Traces.of(e)).doesNotContain("canary"));
    }
  }

  private static void awaitAllWaiting(List<Thread> threads) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (threads.stream().anyMatch(t -> t.getState() != Thread.State.TIMED_WAITING)) {
      assertThat(System.nanoTime()).isLessThan(end);
      Thread.onSpinWait();
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
