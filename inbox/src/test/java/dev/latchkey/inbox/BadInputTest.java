package dev.latchkey.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.latchkey.kv.Codec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is out of bounds is refused with which, and what is allowed; nothing of it is kept.
final class BadInputTest {

  @TempDir Path directory;

  private static String times(int count) {
    return "x".repeat(count);
  }

  @Test
  void namesOfDeliveriesAreBounded() {
    Map<String, String> none = Map.of();
    byte[] body = {};

    assertThat(new Delivery(times(64), times(256), times(100), none, body).id()).hasSize(256);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Delivery(times(65), "id", "kind", none, body))
        .withMessage("source has 65 characters, limit 64");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Delivery("s", times(257), "kind", none, body))
        .withMessage("id has 257 characters, limit 256");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Delivery("s", "id", times(101), none, body))
        .withMessage("kind has 101 characters, limit 100");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Delivery("s", "", "kind", none, body))
        .withMessage("id is empty");
  }

  @Test
  void headersAreBounded() {
    Map<String, String> many = new HashMap<>();
    for (int i = 0; i <= 100; i++) {
      many.put("X-" + i, "v");
    }

    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Delivery("s", "id", "kind", many, new byte[0]))
        .withMessage("delivery has 101 headers, limit 100");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Delivery("s", "id", "kind", Map.of("X", times(65_536)), new byte[0]))
        .withMessage("headers have 65537 characters, limit 65536");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\nb", "a\0b", "\u001b[31m", "\ud800"})
  void namesWithControlCharactersOrLoneSurrogatesAreRefused(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Delivery("s", name, "kind", Map.of(), new byte[0]));
    assertThatIllegalArgumentException().isThrownBy(() -> NewWork.of("kind", name));
    assertThatIllegalArgumentException().isThrownBy(() -> NewWork.of("kind", "lane", name));
    assertThatIllegalArgumentException().isThrownBy(() -> Cancellation.ofLane(name, "reason"));
  }

  @Test
  void worksAreBounded() {
    NewWork work = NewWork.of(times(100), times(512), times(512)).withSubject(times(65_536));

    assertThat(work.lane()).hasSize(512);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> NewWork.of("kind", times(513), "key"))
        .withMessage("lane has 513 characters, limit 512");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> NewWork.of("kind", "lane", times(513)))
        .withMessage("key has 513 characters, limit 512");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> work.withSubject(times(65_537)))
        .withMessage("subject has 65537 characters, limit 65536");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> NewWork.of("k", "l").withPriority(1_001))
        .withMessage("work k l has the priority 1001, allowed are -1000 to 1000");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> NewWork.of("k", "l").withDebounce(Duration.ofDays(8), Duration.ofDays(9)))
        .withMessageStartingWith("quiet is PT192H, allowed are");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> NewWork.of("k", "l").withDebounce(Duration.ofDays(2), Duration.ofDays(1)))
        .withMessageStartingWith("longest is PT24H, allowed are PT48H to");
  }

  @Test
  void routingsAreBounded() {
    NewWork work = NewWork.of("k", "l");
    Cancellation cancellation = Cancellation.ofKey("key", "reason");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> Routing.to(Collections.nCopies(101, work)))
        .withMessage("routing names 101 works, limit 100");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Routing(List.of(), Collections.nCopies(101, cancellation)))
        .withMessage("routing names 101 cancellations, limit 100");
  }

  @Test
  void routerThatReturnsNullLeavesTheDeliveryWithADeadWork() {
    try (Rig rig =
        Rig.open(Storage.FILE, directory, options -> options.withRouter(BadInputTest::nothing))) {

      Receipt receipt = rig.send("build", "lane");

      assertThat(receipt).isEqualTo(Receipt.ACCEPTED);
      assertThat(rig.newest().state()).isEqualTo(WorkState.DEAD);
      assertThat(rig.newest().error())
          .isEqualTo("router failed: NullPointerException: router returned null");
    }
  }

  @SuppressWarnings("NullAway") // What a caller without null checks may do.
  private static Routing nothing(Delivery delivery) {
    return null;
  }

  @Test
  void workersAndQueriesAreBounded() {
    try (Rig rig = Rig.open(Storage.MEMORY, directory)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> rig.inbox().handler("build", 0, task -> Outcome.done()))
          .withMessage("workers is 0, allowed are 1 to 100000");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> InboxOptions.of(Rig::route).withMaxRunning(0))
          .withMessage("maxRunning is 0, allowed are 1 to 100000");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> WorkQuery.newest(1_001))
          .withMessage("limit is 1001, allowed are 1 to 1000");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new WorkQuery(Set.of(), times(513), null, null, null, null, 1))
          .withMessage("lane has 513 characters, limit 512");
    }
  }

  @Test
  void optionsAreBounded() {
    InboxOptions options = InboxOptions.of(Rig::route);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> options.withMaxBodyBytes(-1))
        .withMessage("maxBodyBytes is -1, allowed are 0 to 268435456");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> options.withMaxBytesInFlight(0))
        .withMessageStartingWith("maxBytesInFlight is 0, allowed are 1 to");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> options.withMaxBacklog(0))
        .withMessageStartingWith("maxBacklog is 0, allowed are 1 to");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> options.withMinFreeBytes(-1))
        .withMessageStartingWith("minFreeBytes is -1, allowed are 0 to");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> options.withDrainTimeout(Duration.ofMillis(-1)))
        .withMessage("drainTimeout is PT-0.001S, allowed are zero to PT1H");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> options.withDrainTimeout(Duration.ofHours(1).plusMillis(1)));
  }

  @Test
  void kindsAndKeysAreBoundedWhereverTheyAreNamed() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> NewWork.of(times(101), "lane"))
        .withMessage("kind has 101 characters, limit 100");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> NewWork.of("", "lane"))
        .withMessage("kind is empty");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> NewWork.of("kind", "lane", ""))
        .withMessage("key is empty");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Cancellation.ofKey(times(513), "reason"))
        .withMessage("key has 513 characters, limit 512");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Limit(times(257), 1, Duration.ofHours(1)))
        .withMessage("bucket has 257 characters, limit 256");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> NewWork.of("k", "l").withLimits(Collections.nCopies(17, limit())))
        .withMessage("work k l has 17 limits, at most 16");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> NewWork.of("k", "l").withLimits(limit(), limit()))
        .withMessageStartingWith("work k l names a bucket twice");
  }

  private static Limit limit() {
    return new Limit("bucket", 1, Duration.ofHours(1));
  }

  @Test
  void reasonOfACancellationIsCutAndOnOneLine() {
    Cancellation cancellation = Cancellation.ofKey("key", "a\nb" + times(600));

    assertThat(cancellation.reason()).hasSize(500).startsWith("a b");
  }

  @Test
  void stepWithoutAResultIsAFailureThatSaysWhichAndKeepsNothing() {
    try (Rig rig = Rig.open(Storage.MEMORY, directory)) {
      rig.handler(
          "free", task -> Outcome.done(task.step("look", "", Codec.text(), BadInputTest::none)));
      rig.handler(
          "paid", task -> Outcome.done(task.paidStep("ask", "", Codec.text(), BadInputTest::none)));
      rig.send("free", "a");
      rig.send("paid", "b");

      rig.runDue();

      assertThat(rig.work(1).error()).isEqualTo("NullPointerException: step look returned null");
      assertThat(rig.work(2).error()).isEqualTo("NullPointerException: step ask returned null");
      assertThat(rig.inbox().works(2))
          .extracting(WorkView::reason)
          .containsExactly(WaitReason.RETRY, WaitReason.RETRY);
      assertThat(rig.texts("SELECT name || ' ' || state || ' ' || failed FROM latchkey_step"))
          .containsExactly("ask INTENT 1");
    }
  }

  @SuppressWarnings("NullAway") // What a body without null checks may do.
  private static String none() {
    return null;
  }

  @Test
  void reservationsAreBounded() {
    Limit limit = new Limit("tokens", 10, Duration.ofHours(1));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Reservation(limit, 0))
        .withMessage("reservation of bucket tokens has 0 units, at least 1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Limit("tokens", 0, Duration.ofHours(1)))
        .withMessageStartingWith("limit of bucket tokens has 0 units, allowed are 1 to");
  }
}
