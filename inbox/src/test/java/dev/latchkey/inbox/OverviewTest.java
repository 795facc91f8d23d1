package dev.latchkey.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// What people are shown.
@ParameterizedClass
@EnumSource(Storage.class)
final class OverviewTest {

  private final Rig rig;

  OverviewTest(Storage storage, @TempDir Path directory) {
    rig = Rig.open(storage, directory);
  }

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void emptyInboxCountsZeroes() {
    InboxStats stats = rig.inbox().stats();

    assertThat(stats.works())
        .isEqualTo(
            Map.of(
                WorkState.READY, 0L,
                WorkState.WAITING, 0L,
                WorkState.RUNNING, 0L,
                WorkState.DONE, 0L,
                WorkState.DEAD, 0L,
                WorkState.HELD, 0L,
                WorkState.CANCELLED, 0L));
    assertThat(stats.accepted()).isZero();
    assertThat(stats.duplicates()).isZero();
    assertThat(stats.ignored()).isZero();
    assertThat(stats.oldestDue()).isNull();
    assertThat(rig.inbox().works(1)).isEmpty();
  }

  @Test
  void worksAreCountedByState() {
    rig.handler("fine", task -> Outcome.done());
    rig.handler("later", task -> Outcome.later(rig.clock.instant().plusSeconds(60), "later"));
    rig.handler("looks", task -> Outcome.done(rig.inbox().stats().works().toString()));
    rig.send("fine", "a");
    rig.send("later", "b");
    rig.send("unheard-of", "c");
    rig.send("looks", "d");
    rig.runDue();

    rig.send("fine", "e");

    assertThat(rig.inbox().stats().works())
        .isEqualTo(
            Map.of(
                WorkState.READY, 1L,
                WorkState.WAITING, 1L,
                WorkState.RUNNING, 0L,
                WorkState.DONE, 2L,
                WorkState.DEAD, 1L,
                WorkState.HELD, 0L,
                WorkState.CANCELLED, 0L));
    assertThat(rig.work(4).outcome()).contains("RUNNING=1");
  }

  @Test
  void oldestDueIsSinceWhenAWorkCouldHaveRun() {
    rig.handler("later", task -> Outcome.later(rig.clock.instant().plusSeconds(60), "later"));
    rig.send("later", "a");
    rig.runDue();

    assertThat(rig.inbox().stats().oldestDue()).isNull();
    rig.clock.advance(Duration.ofSeconds(30));
    rig.send("later", "b");
    assertThat(rig.inbox().stats().oldestDue()).isEqualTo(HandClock.START.plusSeconds(30));
    rig.runDue();
    rig.clock.advance(Duration.ofSeconds(60));
    assertThat(rig.inbox().stats().oldestDue()).isEqualTo(HandClock.START.plusSeconds(60));
  }

  @Test
  void newestWorksComeFirstWithEverythingAboutThem() {
    rig.handler(
        "flaky",
        task -> {
          throw new RetryAt(rig.clock.instant().plusSeconds(60), "503", new IOException());
        });
    rig.send("other", "x");
    rig.clock.advance(Duration.ofSeconds(1));
    rig.send("flaky", "lane key");
    rig.clock.advance(Duration.ofSeconds(1));

    rig.runDue();

    WorkView work = rig.inbox().works(1).getFirst();
    assertThat(work)
        .isEqualTo(
            new WorkView(
                2,
                "flaky",
                "lane",
                "key",
                "",
                WorkState.WAITING,
                WaitReason.RETRY,
                0,
                2,
                0,
                1,
                HandClock.START.plusSeconds(62),
                "",
                "RetryAt: 503",
                HandClock.START.plusSeconds(1),
                HandClock.START.plusSeconds(2),
                null,
                false,
                false));
    assertThat(rig.inbox().works(10)).extracting(WorkView::id).containsExactly(2L, 1L);
  }

  @Test
  void listIsBounded() {
    assertThatIllegalArgumentException().isThrownBy(() -> rig.inbox().works(0));
    assertThatIllegalArgumentException().isThrownBy(() -> rig.inbox().works(1_001));
  }

  @Test
  void payloadIsTheFirstDeliveryThatLedToAWork() {
    rig.send("fine", "lane first");
    rig.send("fine", "lane first");

    assertThat(rig.inbox().payload(1)).contains(Rig.delivery("d1", "fine", "lane first"));
    assertThat(rig.inbox().payload(2)).isEmpty();
  }
}
