package dev.latchkey.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.simulator.SamplePullRequests;
import java.time.Duration;
import java.util.Collections;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class DemoTrafficTest {
  private final DemoWorld world =
      DemoWorld.start(
          _ -> "nothing",
          new DemoSource("parcels", "a sample", SamplePullRequests.all().subList(0, 4)));
  private final DemoTraffic traffic = new DemoTraffic(world);
  private WebhookTaker taker = WebhookTaker.start(0);

  @BeforeEach
  void listen() {
    world.github().webhook(taker.url());
  }

  @AfterEach
  void stop() {
    world.close();
    taker.close();
  }

  @Test
  void someAreSentTwiceAndSomeAtOnce() throws InterruptedException {
    traffic.send();

    var times =
        traffic.deliveries().stream()
            .map(delivery -> Collections.frequency(taker.received(), delivery.id()))
            .toList();
    // The first twice, the second at once with itself, the third's two once each, the fourth later.
    assertThat(times).containsExactly(2, 3, 1, 1, 0);
  }

  @Test
  void aPushIsToldBeforeTheOpeningItFollowed() throws InterruptedException {
    traffic.send();

    var order =
        traffic.deliveries().subList(2, 4).stream()
            .map(delivery -> taker.received().indexOf(delivery.id()))
            .toList();
    assertThat(traffic.deliveries().subList(2, 4))
        .extracting(delivery -> delivery.action())
        .containsExactly("synchronize", "opened");
    assertThat(order).isSorted();
  }

  @Test
  void whatWasSentInVainIsSentAgainUntilItIsAccepted() throws InterruptedException {
    var port = taker.port();
    taker.close();
    traffic.sendWhileDown();
    var failed = world.github().attempts();
    taker = WebhookTaker.start(port);

    var accepted = traffic.sendUntilAccepted(new DemoBell(), Duration.ofSeconds(20));

    assertThat(failed).hasSize(1).noneMatch(attempt -> attempt.accepted());
    assertThat(accepted).isTrue();
    assertThat(taker.received()).hasSize(5).doesNotHaveDuplicates();
  }

  @Test
  void whatIsNeverAcceptedIsGivenUp() throws InterruptedException {
    taker.answer(503);

    assertThat(traffic.sendUntilAccepted(new DemoBell(), Duration.ZERO)).isFalse();
  }
}
