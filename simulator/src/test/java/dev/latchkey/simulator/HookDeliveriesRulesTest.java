package dev.latchkey.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// GitHub, "REST API endpoints for GitHub App webhooks".
final class HookDeliveriesRulesTest {
  private static final String LIST = "/app/hook/deliveries";

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
  void theListNamesTheNewestFirstWithoutAHook() throws IOException {
    var first = sent("opened");
    var second = sent("closed");

    var list = app.asApp("GET", LIST).json();

    assertThat(list.size()).isEqualTo(2);
    assertThat(list.path(0).path("guid").asString()).isEqualTo(second.id());
    assertThat(list.path(1).path("guid").asString()).isEqualTo(first.id());
    assertThat(list.path(0).path("event").asString()).isEqualTo("pull_request");
    assertThat(list.path(0).path("action").asString()).isEqualTo("closed");
    assertThat(list.path(0).path("status_code").asInt()).isEqualTo(202);
    assertThat(list.path(0).path("status").asString()).isEqualTo("OK");
    assertThat(list.path(0).path("delivered_at").asString()).isEqualTo("2026-11-01T12:00:00Z");
    assertThat(list.path(0).path("repository_id").asLong()).isEqualTo(app.repository().id());
    assertThat(list.toString()).doesNotContain("hook_id");
  }

  @Test
  void theListComesInPagesByCursorThatStayWhenMoreAreSent() throws IOException {
    var oldest = sent("opened");
    sent("closed");
    sent("reopened");

    var first = app.asApp("GET", LIST + "?per_page=2");
    sent("closed");
    var link = first.headers().getOrDefault("link", "");
    var next = link.substring(link.indexOf('<') + 1, link.indexOf('>'));
    var second = app.asApp("GET", next.substring(app.github().uri().toString().length()));

    assertThat(link).endsWith("rel=\"next\"").contains("cursor=");
    assertThat(second.json().size()).isEqualTo(1);
    assertThat(second.json().path(0).path("guid").asString()).isEqualTo(oldest.id());
    assertThat(second.headers()).doesNotContainKey("link");
    assertThat(app.asApp("GET", LIST + "?cursor=2").status()).isEqualTo(400);
  }

  @Test
  void oneDeliveryHasItsPayloadAsParsedJson() throws IOException {
    var delivery = sent("opened");
    var id = app.asApp("GET", LIST).json().path(0).path("id").asLong();

    var json = app.asApp("GET", LIST + "/" + id).json();

    var headers = json.path("request").path("headers");
    assertThat(json.path("request").path("payload"))
        .isEqualTo(PlainHttp.JSON.readTree(delivery.body()));
    assertThat(headers.path("X-GitHub-Event").asString()).isEqualTo("pull_request");
    assertThat(headers.path("X-GitHub-Delivery").asString()).isEqualTo(delivery.id());
    assertThat(json.path("response").path("payload").asString()).isEqualTo("taken");
    assertThat(app.asApp("GET", LIST + "/99").status()).isEqualTo(404);
  }

  @Test
  void aReceiverThatIsDownIsLoggedAndNeverTriedAgain() throws IOException {
    receiver.close();

    sent("opened");

    var list = app.asApp("GET", LIST).json();
    assertThat(list.size()).isEqualTo(1);
    assertThat(list.path(0).path("status_code").asInt()).isEqualTo(502);
    assertThat(list.path(0).path("status").asString()).isEqualTo("failed to connect to host");
  }

  @Test
  void aConnectionThatBreaksOffHasNoStatus() throws IOException {
    receiver.answer(_ -> {
      throw new Loopback.Dropped();
    });

    sent("opened");

    var logged = app.asApp("GET", LIST).json().path(0);
    assertThat(logged.path("status_code").asInt(-1)).isZero();
  }

  @Test
  void anAnswerThatIsNoSuccessIsLoggedWithItsStatus() throws IOException {
    receiver.answer(_ -> Loopback.Outgoing.of(503, "text/plain", "later"));

    sent("opened");

    var logged = app.asApp("GET", LIST).json().path(0);
    assertThat(logged.path("status_code").asInt()).isEqualTo(503);
    assertThat(logged.path("status").asString()).isEqualTo("Invalid HTTP Response: 503");
  }

  @Test
  void aRedeliveryThatIsAskedForIsMarkedAsOne() throws IOException, InterruptedException {
    sent("opened");
    var id = app.asApp("GET", LIST).json().path(0).path("id").asLong();
    var again = new CountDownLatch(1);
    receiver.answer(_ -> {
      again.countDown();
      return Loopback.Outgoing.of(202, "text/plain", "taken");
    });

    var answer = app.asApp("POST", LIST + "/" + id + "/attempts");
    again.await();

    var received = receiver.received();
    assertThat(answer.status()).isEqualTo(202);
    assertThat(received).hasSize(2);
    assertThat(received.getLast().body()).isEqualTo(received.getFirst().body());
    assertThat(received.getLast().header("x-github-delivery"))
        .isEqualTo(received.getFirst().header("x-github-delivery"));
    assertThat(app.asApp("POST", LIST + "/99/attempts").status()).isEqualTo(404);
  }

  @Test
  void whatIsSentTwiceIsARedeliveryTheSecondTime() throws IOException {
    var delivery = sent("opened");
    app.github().redeliver(delivery.id());

    var list = app.asApp("GET", LIST).json();

    assertThat(list.path(0).path("redelivery").asBoolean()).isTrue();
    assertThat(list.path(1).path("redelivery").asBoolean(true)).isFalse();
    assertThat(list.path(0).path("guid").asString()).isEqualTo(delivery.id());
    assertThat(list.path(0).path("id").asLong()).isNotEqualTo(list.path(1).path("id").asLong());
  }

  @Test
  void deliveriesAreKeptForThreeDays() throws IOException {
    sent("opened");
    app.clock().advance(Duration.ofDays(3).minusSeconds(1));
    sent("closed");

    var before = app.asApp("GET", LIST).json();
    app.clock().advance(Duration.ofSeconds(1));
    var after = app.asApp("GET", LIST).json();

    assertThat(before.size()).isEqualTo(2);
    assertThat(after.size()).isEqualTo(1);
    assertThat(app.asApp("GET", LIST + "/1").status()).isEqualTo(404);
    assertThat(app.asApp("POST", LIST + "/1/attempts").status()).isEqualTo(404);
  }

  @Test
  void anEnterpriseServerKeepsThemLonger() throws IOException {
    var rules = SimulatedRules.relaxed().withDeliveriesKept(Duration.ofDays(7));
    try (var other = new TestApp(options -> options.withRules(rules))) {
      other.open();
      other.github().webhook(receiver.url());
      other.github().send(other.github().deliveries().ping());
      other.clock().advance(Duration.ofDays(6));

      assertThat(other.asApp("GET", LIST).json().size()).isEqualTo(1);
    }
  }

  @Test
  void anInactiveWebhookHasNoDeliveries() throws IOException {
    sent("opened");
    app.github().webhookActive(false);

    var attempt = app.github().send(app.github().deliveries().ping());
    var list = app.asApp("GET", LIST);
    app.github().webhookActive(true);

    assertThat(attempt.accepted()).isFalse();
    assertThat(receiver.received()).hasSize(1);
    assertThat(list.status()).isEqualTo(200);
    assertThat(list.json().size()).isZero();
    assertThat(app.asApp("GET", LIST).json().size()).isEqualTo(1);
  }

  @Test
  void theListIsForTheAppItself() throws IOException {
    var answer =
        PlainHttp.send(
            "GET",
            URI.create(app.github().uri() + LIST),
            Map.of("User-Agent", "t", "Authorization", "Bearer " + app.token()),
            "");

    assertThat(answer.status()).isEqualTo(401);
  }

  private SimulatedDelivery sent(String action) {
    var delivery = app.github().deliveries().pullRequest(app.repository(), 1, action);
    app.github().send(delivery);
    return delivery;
  }
}
