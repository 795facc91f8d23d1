package dev.latchkey.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ApiListenerTest {
  private static final String REVIEWS = "/pulls/1/reviews";

  private final TestApp app = new TestApp();

  @BeforeEach
  void openPullRequest() {
    app.open();
  }

  @AfterEach
  void stop() {
    app.close();
  }

  @Test
  void aListenerIsToldBeforeAndAfterARequestIsApplied() throws IOException {
    var token = app.token();
    var seen = new ArrayList<String>();
    app.github()
        .listener(
            new ApiListener() {
              @Override
              public Fate before(ApiRequest request) {
                seen.add("before " + request.method() + " " + pending());
                return Fate.proceed();
              }

              @Override
              public Fate after(ApiRequest request, int status) {
                seen.add("after " + status + " " + pending());
                return Fate.proceed();
              }
            });

    app.send("POST", "/repos/octo/parcels" + REVIEWS, token, "{\"body\":\"x\"}");

    assertThat(seen).containsExactly("before POST 0", "after 200 1");
  }

  @Test
  void aRequestDroppedBeforeIsNotApplied() throws IOException {
    var token = app.token();
    app.github().listener(before(Fate.drop()));

    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> app.send("POST", "/repos/octo/parcels" + REVIEWS, token, "{}"));

    assertThat(pending()).isZero();
    assertThat(app.github().writes()).isEmpty();
  }

  @Test
  void aRequestDroppedAfterwardsIsAppliedAndItsAnswerLost() throws IOException {
    var token = app.token();
    app.github().listener(after(Fate.drop()));

    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> app.send("POST", "/repos/octo/parcels" + REVIEWS, token, "{}"));

    assertThat(pending()).isEqualTo(1);
    assertThat(app.github().writes()).extracting(ApiWrite::status).containsExactly(200);
  }

  @Test
  void aFailureBeforeIsNotApplied() throws IOException {
    var token = app.token();
    app.github().listener(before(Fate.fail(503)));

    var answer = app.send("POST", "/repos/octo/parcels" + REVIEWS, token, "{}");

    assertThat(answer.status()).isEqualTo(503);
    assertThat(pending()).isZero();
  }

  @Test
  void aFailureAfterwardsIsApplied() throws IOException {
    var token = app.token();
    app.github().listener(after(Fate.fail(502)));

    var answer = app.send("POST", "/repos/octo/parcels" + REVIEWS, token, "{}");

    assertThat(answer.status()).isEqualTo(502);
    assertThat(answer.text()).startsWith("<html>");
    assertThat(pending()).isEqualTo(1);
  }

  @Test
  void aListenerThatBlocksHoldsUpItsRequestOnly()
      throws IOException, InterruptedException, ExecutionException {
    var token = app.token();
    var reached = new CountDownLatch(1);
    var release = new CountDownLatch(1);
    app.github()
        .listener(
            new ApiListener() {
              @Override
              public Fate before(ApiRequest request) {
                if (request.write()) {
                  reached.countDown();
                  awaited(release);
                }
                return Fate.proceed();
              }
            });

    try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
      var held =
          clients.submit(
              () -> app.send("POST", "/repos/octo/parcels" + REVIEWS, token, "{\"body\":\"x\"}"));
      reached.await();
      var other = app.send("GET", "/repos/octo/parcels/pulls/1", token, "");
      var pendingMeanwhile = pending();
      release.countDown();

      assertThat(other.status()).isEqualTo(200);
      assertThat(pendingMeanwhile).isZero();
      assertThat(held.get().status()).isEqualTo(200);
    }
  }

  @Test
  void theHeadMayMoveBetweenTwoPages() throws IOException {
    var token = app.token();
    app.github()
        .listener(
            new ApiListener() {
              @Override
              public Fate before(ApiRequest request) {
                if (request.query().contains("page=2")) {
                  app.github().push(app.repository(), 1, "d".repeat(40), List.of());
                }
                return Fate.proceed();
              }
            });

    var files = "/repos/octo/parcels/pulls/1/files";
    var first = app.send("GET", files + "?per_page=1", token, "");
    var second = app.send("GET", files + "?per_page=1&page=2", token, "");

    assertThat(first.json().size()).isEqualTo(1);
    assertThat(second.json().size()).isZero();
    assertThat(app.github().pullRequests(app.repository()).getFirst().headSha())
        .isEqualTo("d".repeat(40));
  }

  @Test
  void writesAreRecordedInOrderWithRefusals() throws IOException {
    app.post(REVIEWS, "{\"body\":\"x\"}");
    app.post(REVIEWS, "{\"body\":\"y\"}");
    app.get(REVIEWS);

    var writes = app.github().writes();

    assertThat(writes).extracting(ApiWrite::status).containsExactly(200, 422);
    assertThat(writes).extracting(ApiWrite::refusedByPendingReview).containsExactly(false, true);
    assertThat(writes.getLast().body()).isEqualTo("{\"body\":\"y\"}");
    assertThat(writes.getFirst().at()).isEqualTo(app.clock().instant());
  }

  @Test
  void onlyServerErrorsAreFailures() {
    assertThatIllegalArgumentException().isThrownBy(() -> Fate.fail(404));
  }

  private int pending() {
    return app.github().pendingReviews(app.repository(), 1).size();
  }

  private static ApiListener before(Fate fate) {
    return new ApiListener() {
      @Override
      public Fate before(ApiRequest request) {
        return fate;
      }
    };
  }

  private static ApiListener after(Fate fate) {
    return new ApiListener() {
      @Override
      public Fate after(ApiRequest request, int status) {
        return fate;
      }
    };
  }

  private static void awaited(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
