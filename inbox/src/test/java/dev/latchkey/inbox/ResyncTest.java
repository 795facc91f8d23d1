package dev.latchkey.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Looking at the present state whether or not a delivery came.
@Timeout(60)
@ParameterizedClass
@EnumSource(Storage.class)
final class ResyncTest {

  private static final Duration HOUR = Duration.ofHours(1);

  private final Rig rig;

  ResyncTest(Storage storage, @TempDir Path directory) {
    rig = Rig.open(storage, directory);
  }

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void whatItNamesIsMadeAndWhatIsLiveAbsorbsIt() throws Exception {
    rig.send("build", "a build a");
    rig.inbox()
        .resync("all", HOUR, () -> List.of(NewWork.of("build", "a"), NewWork.of("build", "b")));

    int made = rig.inbox().resync("all");

    assertThat(made).isEqualTo(1);
    assertThat(rig.inbox().works(10)).extracting(WorkView::lane).containsExactly("b", "a");
    assertThat(rig.texts("SELECT via FROM latchkey_delivery ORDER BY seq"))
        .containsExactly("WEBHOOK", "RESYNC");
    assertThat(rig.events).contains(new Event.Resynced("all", 2, 1));
  }

  @Test
  void moreThanADeliveryMayNameAreSpreadOverSeveral() throws Exception {
    rig.inbox()
        .resync(
            "all",
            HOUR,
            () -> IntStream.range(0, 250).mapToObj(i -> NewWork.of("build", "lane" + i)).toList());

    int made = rig.inbox().resync("all");

    assertThat(made).isEqualTo(250);
    assertThat(rig.texts("SELECT works FROM latchkey_delivery ORDER BY seq"))
        .containsExactly("100", "100", "50");
  }

  @Test
  void nothingToLookAtLeavesNothingBehind() throws Exception {
    rig.inbox().resync("all", HOUR, List::of);

    int made = rig.inbox().resync("all");

    assertThat(made).isZero();
    assertThat(rig.number("SELECT COUNT(*) FROM latchkey_delivery")).isZero();
  }

  @Test
  void aloneItIsAWayOfWorkingWithoutAnyWebhook() throws Exception {
    CountDownLatch done = new CountDownLatch(2);
    rig.handler(
        "build",
        task -> {
          done.countDown();
          return Outcome.done();
        });
    rig.inbox()
        .resync("all", HOUR, () -> List.of(NewWork.of("build", "a"), NewWork.of("build", "b")));

    rig.inbox().start();
    done.await();

    assertThat(rig.texts("SELECT DISTINCT via FROM latchkey_delivery")).containsExactly("RESYNC");
  }

  @Test
  void failureIsThrownToWhoAskedAndToldOtherwise() {
    rig.inbox()
        .resync(
            "all",
            HOUR,
            () -> {
              throw new IOException("no list");
            });

    assertThatThrownBy(() -> rig.inbox().resync("all")).hasMessage("no list");
    rig.inbox().start();
    while (rig.events.isEmpty()) {
      Thread.onSpinWait();
    }

    assertThat(rig.events).containsExactly(new Event.LookFailed("all", "IOException: no list"));
  }

  @Test
  void resyncsAreRegisteredOnceAndBeforeStartAndWithinBounds() {
    rig.inbox().resync("all", HOUR, List::of);

    assertThatIllegalStateException().isThrownBy(() -> rig.inbox().resync("all", HOUR, List::of));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> rig.inbox().resync("quick", Duration.ofMillis(999), List::of));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> rig.inbox().resync("slow", Duration.ofDays(8), List::of));
    assertThatThrownBy(() -> rig.inbox().resync("unheard-of"))
        .isInstanceOf(NoSuchElementException.class)
        .hasMessage("there is no resync unheard-of");
    rig.inbox().start();
    assertThatIllegalStateException().isThrownBy(() -> rig.inbox().resync("new", HOUR, List::of));
  }
}
