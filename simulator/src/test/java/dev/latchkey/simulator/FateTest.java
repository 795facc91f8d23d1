package dev.latchkey.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JacksonException;

final class FateTest {
  private static final String COMMENTS = "/repos/octo/parcels/issues/1/comments";
  private static final String HELLO = "{\"body\":\"hello\"}";

  private final TestApp app = new TestApp();
  private String token = "";

  @BeforeEach
  void openPullRequest() throws IOException {
    app.open();
    token = app.token();
  }

  @AfterEach
  void stop() {
    app.close();
  }

  @Test
  void aHeldWriteIsAppliedWhenItIsReleasedThoughItsSenderIsGone() {
    var release = new CompletableFuture<Boolean>();
    before(Fate.hold(release));

    assertThatExceptionOfType(IOException.class).isThrownBy(this::post);
    var meanwhile = comments();
    release.complete(true);
    app.github().awaitHeld();

    assertThat(meanwhile).isZero();
    assertThat(comments()).isEqualTo(1);
    assertThat(app.github().writes()).extracting(ApiWrite::status).containsExactly(201);
  }

  @Test
  void aHeldWriteIsAppliedAfterItsTime() {
    before(Fate.hold(Duration.ofMillis(20)));

    assertThatExceptionOfType(IOException.class).isThrownBy(this::post);
    app.github().awaitHeld();

    assertThat(comments()).isEqualTo(1);
    assertThat(app.github().writes()).hasSize(1);
  }

  @Test
  void aHeldWriteThatIsNeverReleasedIsNeverApplied() {
    before(Fate.hold(new CompletableFuture<Boolean>()));

    assertThatExceptionOfType(IOException.class).isThrownBy(this::post);

    assertThat(comments()).isZero();
    assertThat(app.github().writes()).isEmpty();
  }

  @Test
  void aStalledRequestIsAppliedAndAnsweredWhenItIsReleased()
      throws ExecutionException, InterruptedException {
    var reached = new CountDownLatch(1);
    var release = new CompletableFuture<Boolean>();
    app.github()
        .listener(
            new ApiListener() {
              @Override
              public Fate before(ApiRequest request) {
                reached.countDown();
                return Fate.stall(release);
              }
            });

    try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
      var answer = clients.submit(this::post);
      reached.await();
      var meanwhile = comments();
      release.complete(true);

      assertThat(meanwhile).isZero();
      assertThat(answer.get().status()).isEqualTo(201);
    }
  }

  @Test
  void anAnswerThatIsStalledAfterwardsIsAppliedAlready()
      throws ExecutionException, InterruptedException {
    var reached = new CountDownLatch(1);
    var release = new CompletableFuture<Boolean>();
    app.github()
        .listener(
            new ApiListener() {
              @Override
              public Fate after(ApiRequest request, int status) {
                reached.countDown();
                return Fate.stall(release);
              }
            });

    try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
      var answer = clients.submit(this::post);
      reached.await();
      var meanwhile = comments();
      release.complete(true);

      assertThat(meanwhile).isEqualTo(1);
      assertThat(answer.get().status()).isEqualTo(201);
    }
  }

  @Test
  void closingLetsGoOfWhatIsStalled() throws InterruptedException {
    var reached = new CountDownLatch(1);
    app.github()
        .listener(
            new ApiListener() {
              @Override
              public Fate before(ApiRequest request) {
                reached.countDown();
                return Fate.stall(new CompletableFuture<Boolean>());
              }
            });

    try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
      var answer = clients.submit(this::post);
      reached.await();
      app.close();

      assertThatExceptionOfType(ExecutionException.class).isThrownBy(answer::get);
    }
  }

  @Test
  void aSlowAnswerComesWholeInTheEnd() throws IOException {
    after(Fate.slow(100, Duration.ofMillis(3)));
    var started = System.nanoTime();

    var answer = post();

    assertThat(answer.status()).isEqualTo(201);
    assertThat(answer.json().path("body").asString()).isEqualTo("hello");
    var pieces = (answer.text().length() + 99) / 100;
    assertThat(Duration.ofNanos(System.nanoTime() - started))
        .isGreaterThanOrEqualTo(Duration.ofMillis(3).multipliedBy(pieces - 1L));
  }

  @Test
  void anAnswerThatBreaksOffIsAppliedAndAnErrorForItsReader() {
    after(Fate.breakOff(10));

    assertThatExceptionOfType(IOException.class).isThrownBy(this::post);

    assertThat(comments()).isEqualTo(1);
  }

  @Test
  void readsBreakOffToo() {
    before(Fate.breakOff(10));

    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> app.send("GET", "/repos/octo/parcels/pulls/1", token, ""));
  }

  @Test
  void aGarbledAnswerIsAppliedAndNoJson() throws IOException {
    before(Fate.garble());

    var answer = post();

    assertThat(answer.status()).isEqualTo(201);
    assertThatExceptionOfType(JacksonException.class).isThrownBy(answer::json);
    assertThat(comments()).isEqualTo(1);
  }

  @Test
  void aRefusalHasGitHubsFormAndIsNotApplied() throws IOException {
    before(Fate.refuse(422, Map.of("X-Reason", "test"), "Validation Failed"));

    var answer = post();

    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.message()).isEqualTo("Validation Failed");
    assertThat(answer.headers()).containsEntry("x-reason", "test");
    assertThat(comments()).isZero();
    assertThatIllegalArgumentException().isThrownBy(() -> Fate.refuse(500, Map.of(), "no"));
  }

  @Test
  void limitsSayWhenToComeBack() throws IOException {
    before(Fate.secondaryLimit(Duration.ofSeconds(90)));
    var secondary = post();
    before(Fate.primaryLimit(Instant.ofEpochSecond(1_800_000_000)));
    var primary = post();

    assertThat(secondary.status()).isEqualTo(403);
    assertThat(secondary.headers()).containsEntry("retry-after", "90");
    assertThat(secondary.message()).contains("secondary rate limit");
    assertThat(primary.status()).isEqualTo(403);
    assertThat(primary.headers())
        .containsEntry("x-ratelimit-remaining", "0")
        .containsEntry("x-ratelimit-reset", "1800000000");
  }

  @Test
  void aTokenMayBeWorthlessInMidWay() throws IOException {
    before(Fate.badCredentials());

    var answer = post();

    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.message()).isEqualTo("Bad credentials");
  }

  private PlainHttp.Answer post() throws IOException {
    return app.send("POST", COMMENTS, token, HELLO);
  }

  private int comments() {
    return app.github().people().comments(app.repository(), 1).size();
  }

  private void before(Fate fate) {
    app.github()
        .listener(
            new ApiListener() {
              @Override
              public Fate before(ApiRequest request) {
                return fate;
              }
            });
  }

  private void after(Fate fate) {
    app.github()
        .listener(
            new ApiListener() {
              @Override
              public Fate after(ApiRequest request, int status) {
                return fate;
              }
            });
  }
}
