package dev.latchkey.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// GitHub, "Webhook events and payloads" and "Validating webhook deliveries".
final class DeliveryRulesTest {
  private final TestApp app = new TestApp();
  private final Receiver receiver = new Receiver();

  @BeforeEach
  void openPullRequest() {
    app.open();
    app.github().webhook(receiver.url());
  }

  @AfterEach
  void stop() {
    app.close();
    receiver.close();
  }

  @Test
  void aDeliveryIsSignedOverItsRawBytes() throws GeneralSecurityException {
    app.github().send(opened());

    var request = receiver.received().getFirst();
    var mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(TestApp.SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    var expected = mac.doFinal(request.body().getBytes(StandardCharsets.UTF_8));
    assertThat(request.header("x-hub-signature-256"))
        .hasValue("sha256=" + HexFormat.of().formatHex(expected));
  }

  @Test
  void aDeliveryHasGitHubsHeaders() {
    var delivery = opened();

    app.github().send(delivery);

    var request = receiver.received().getFirst();
    assertThat(request.method()).isEqualTo("POST");
    assertThat(request.path()).isEqualTo("/hook");
    assertThat(request.header("x-github-event")).hasValue("pull_request");
    assertThat(request.header("x-github-delivery")).hasValue(delivery.id());
    assertThat(request.header("x-github-hook-id").orElseThrow()).containsOnlyDigits();
    assertThat(request.header("user-agent").orElseThrow()).startsWith("GitHub-Hookshot/");
    assertThat(request.header("content-type")).hasValue("application/json");
    assertThat(UUID.fromString(delivery.id()).toString()).isEqualTo(delivery.id());
  }

  @Test
  void aPayloadSaysWhatWasDoneToWhichPullRequest() {
    app.github().send(opened());

    var json = PlainHttp.JSON.readTree(receiver.received().getFirst().body());
    assertThat(json.path("action").asString()).isEqualTo("opened");
    assertThat(json.path("number").asInt()).isEqualTo(1);
    assertThat(json.path("pull_request").path("head").path("sha").asString())
        .isEqualTo(TestApp.HEAD);
    assertThat(json.path("pull_request").path("draft").asBoolean(true)).isFalse();
    assertThat(json.path("repository").path("id").asLong()).isEqualTo(app.repository().id());
    assertThat(json.path("repository").path("owner").path("login").asString()).isEqualTo("octo");
    assertThat(json.path("installation").path("id").asLong())
        .isEqualTo(app.repository().installation());
    assertThat(json.path("sender").path("type").asString()).isEqualTo("User");
  }

  @Test
  void aPushsPayloadSaysWhatTheHeadWas() {
    app.github().push(app.repository(), 1, "d".repeat(40), List.of());

    app.github().send(app.github().pullRequestDelivery(app.repository(), 1, "synchronize"));

    var json = PlainHttp.JSON.readTree(receiver.received().getFirst().body());
    assertThat(json.path("before").asString()).isEqualTo(TestApp.HEAD);
    assertThat(json.path("after").asString()).isEqualTo("d".repeat(40));
  }

  @Test
  void aLateDeliveryTellsTheStateOfItsTime() {
    var late = opened();
    app.github().push(app.repository(), 1, "d".repeat(40), List.of());

    app.github().send(late);

    var json = PlainHttp.JSON.readTree(receiver.received().getFirst().body());
    assertThat(json.path("pull_request").path("head").path("sha").asString())
        .isEqualTo(TestApp.HEAD);
  }

  @Test
  void aRedeliveryHasTheSameIdAndBytes() {
    var delivery = opened();
    app.github().send(delivery);
    app.github().push(app.repository(), 1, "d".repeat(40), List.of());

    app.github().redeliver(delivery.id());

    var first = receiver.received().getFirst();
    var second = receiver.received().getLast();
    assertThat(receiver.received()).hasSize(2);
    assertThat(second.header("x-github-delivery")).isEqualTo(first.header("x-github-delivery"));
    assertThat(second.header("x-hub-signature-256")).isEqualTo(first.header("x-hub-signature-256"));
    assertThat(second.body()).isEqualTo(first.body());
  }

  @Test
  void aDeliveryCanBeSentConcurrentlyWithItself() throws ExecutionException, InterruptedException {
    var delivery = opened();
    var bothThere = new CountDownLatch(2);
    receiver.answer(_ -> {
      bothThere.countDown();
      awaited(bothThere);
      return Loopback.Outgoing.of(202, "text/plain", "taken");
    });

    var attempts = new ArrayList<Future<DeliveryAttempt>>();
    try (var senders = Executors.newVirtualThreadPerTaskExecutor()) {
      attempts.add(senders.submit(() -> app.github().send(delivery)));
      attempts.add(senders.submit(() -> app.github().send(delivery)));
    }

    for (var attempt : attempts) {
      assertThat(attempt.get().accepted()).isTrue();
    }
  }

  @Test
  void anAnswerOtherThanSuccessIsNotAcceptedAndNeverSentAgain() {
    receiver.answer(_ -> Loopback.Outgoing.of(503, "text/plain", "later"));

    var attempt = app.github().send(opened());

    assertThat(attempt.accepted()).isFalse();
    assertThat(attempt.result()).isEqualTo(new DeliveryAttempt.Result.Answered(503, "later"));
    assertThat(receiver.received()).hasSize(1);
  }

  @Test
  void aBrokenConnectionIsAFailureInTheLog() {
    receiver.answer(_ -> {
      throw new Loopback.Dropped();
    });

    var attempt = app.github().send(opened());

    assertThat(attempt.result()).isInstanceOf(DeliveryAttempt.Result.Failed.class);
    assertThat(app.github().attempts()).containsExactly(attempt);
    assertThat(receiver.received()).hasSize(1);
  }

  @Test
  void aReceiverThatIsNotThereIsAFailureInTheLog() {
    receiver.close();

    var attempt = app.github().send(opened());

    assertThat(attempt.result()).isInstanceOf(DeliveryAttempt.Result.Failed.class);
  }

  @Test
  void everyAttemptIsLogged() {
    var first = opened();
    var second = opened();

    app.github().send(second);
    app.github().send(first);
    app.github().redeliver(second.id());

    assertThat(app.github().attempts())
        .extracting(attempt -> attempt.delivery().id())
        .containsExactly(second.id(), first.id(), second.id());
    assertThat(app.github().attempts().getFirst().sentAt()).isEqualTo(app.clock().instant());
  }

  @Test
  void anAnswerThatTakesTooLongIsAFailure() {
    var options =
        SimulatedGitHubOptions.of(
            app.clock(), TestApp.ID, TestApp.KEYS.getPublic(), TestApp.SECRET);
    var never = new CountDownLatch(1);
    receiver.answer(_ -> {
      awaited(never);
      return Loopback.Outgoing.of(202, "text/plain", "taken");
    });

    try (var sender = new WebhookSender(options, Duration.ofMillis(200))) {
      var attempt = sender.send(opened(), receiver.url());

      assertThat(attempt.result())
          .isEqualTo(new DeliveryAttempt.Result.Failed("no answer within PT0.2S"));
    }
    never.countDown();
  }

  @Test
  void gitHubWaitsTenSeconds() {
    assertThat(WebhookSender.ANSWER_WITHIN).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void whatWasNeverSentCanNotBeRedelivered() {
    assertThatIllegalArgumentException().isThrownBy(() -> app.github().redeliver("unknown"));
  }

  @Test
  void nothingIsSentWithoutAWebhook() {
    try (var other = new TestApp()) {
      var delivery = other.github().delivery("ping", "", "{}".getBytes(StandardCharsets.UTF_8));

      assertThatIllegalStateException().isThrownBy(() -> other.github().send(delivery));
    }
  }

  @Test
  void anyEventCanBeDelivered() {
    var body = "{\"zen\":\"Keep it logically awesome.\"}";
    app.github().webhook(URI.create(receiver.url() + "?q=1"));

    app.github().send(app.github().delivery("ping", "", body.getBytes(StandardCharsets.UTF_8)));

    var request = receiver.received().getFirst();
    assertThat(request.header("x-github-event")).hasValue("ping");
    assertThat(request.query()).isEqualTo("q=1");
    assertThat(request.body()).isEqualTo(body);
  }

  private SimulatedDelivery opened() {
    return app.github().pullRequestDelivery(app.repository(), 1, "opened");
  }

  private static void awaited(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
