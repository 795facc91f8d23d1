package dev.latchkey.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Fetching what was missed from the sender's own list.
@Timeout(60)
@ParameterizedClass
@EnumSource(Storage.class)
final class CatchUpTest {

  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final Rig rig;
  private final SenderList sender = new SenderList(2);

  CatchUpTest(Storage storage, @TempDir Path directory) {
    rig = Rig.open(storage, directory, options -> options.withMaxBodyBytes(64));
  }

  @AfterEach
  void close() {
    rig.close();
  }

  private Instant minutes(long number) {
    return HandClock.START.plus(MINUTE.multipliedBy(number));
  }

  /// Looks once before anything was sent, so that the watermark stands at the clock's start.
  private void lookFirst(int calls) throws Exception {
    rig.inbox().source(sender, calls);
    rig.inbox().catchUp("test");
    sender.calls.clear();
  }

  @Test
  void whatIsUnknownIsStoredOldestFirstAndWhatIsKnownIsNotFetched() throws Exception {
    lookFirst(100);
    for (int i = 1; i <= 5; i++) {
      sender.add("m" + i, minutes(i));
    }
    rig.inbox().accept(Rig.delivery("m3", "build", "m3"));
    rig.clock.advance(Duration.ofMinutes(10));

    CatchUpReport report = rig.inbox().catchUp("test");

    assertThat(report).isEqualTo(new CatchUpReport(7, 5, 4, 0, 0, true));
    assertThat(sender.fetched()).containsExactly("m1", "m2", "m4", "m5");
    assertThat(rig.texts("SELECT via || ' ' || id FROM latchkey_delivery ORDER BY seq"))
        .containsExactly("WEBHOOK m3", "CATCH_UP m1", "CATCH_UP m2", "CATCH_UP m4", "CATCH_UP m5");
    assertThat(rig.events).contains(new Event.CaughtUp("test", report));
  }

  @Test
  void whatWasCaughtUpIsADuplicateWhenItComesAfterAll() throws Exception {
    lookFirst(100);
    sender.add("m1", minutes(1));
    rig.clock.advance(MINUTE);
    rig.inbox().catchUp("test");

    Receipt receipt = rig.inbox().accept(Rig.delivery("m1", "build", "m1"));

    assertThat(receipt).isEqualTo(Receipt.DUPLICATE);
    assertThat(rig.inbox().works(10)).hasSize(1);
  }

  @Test
  void theFirstLookGoesBackAQuarterOfAnHour() throws Exception {
    rig.inbox().source(sender, 100);

    rig.inbox().catchUp("test");

    assertThat(sender.calls).containsExactly("list " + minutes(-15));
  }

  @Test
  void eachLookBeginsAQuarterOfAnHourBeforeTheLastOneBegan() throws Exception {
    lookFirst(100);
    rig.clock.set(minutes(60));
    rig.inbox().catchUp("test");
    rig.clock.set(minutes(70));

    rig.inbox().catchUp("test");

    assertThat(sender.calls).containsExactly("list " + minutes(-15), "list " + minutes(45));
  }

  @Test
  void daysOfAbsenceAreCaughtUpAfterAReopening() throws Exception {
    lookFirst(100);
    sender.add("m1", minutes(5));
    rig.closeInbox();
    rig.clock.advance(Duration.ofDays(3));

    rig.inbox().source(sender, 100);
    CatchUpReport report = rig.inbox().catchUp("test");

    assertThat(report.stored()).isEqualTo(1);
    assertThat(sender.calls.getFirst()).isEqualTo("list " + minutes(-15));
  }

  @Test
  void aLookThatFailsMovesNoWatermark() throws Exception {
    lookFirst(100);
    sender.add("m1", minutes(1));
    rig.clock.set(minutes(60));
    sender.down = true;

    assertThatThrownBy(() -> rig.inbox().catchUp("test")).isInstanceOf(IOException.class);
    sender.down = false;
    CatchUpReport report = rig.inbox().catchUp("test");

    assertThat(report.stored()).isEqualTo(1);
    assertThat(report.complete()).isTrue();
  }

  @Test
  void aBudgetThatIsSpentLeavesTheRestToTheNextLooks() throws Exception {
    lookFirst(6);
    for (int i = 1; i <= 12; i++) {
      sender.add("m" + i, minutes(i));
    }
    rig.clock.set(minutes(60));

    CatchUpReport first = rig.inbox().catchUp("test");
    int looks = 1;
    for (CatchUpReport next = first; !next.complete(); looks++) {
      next = rig.inbox().catchUp("test");
      assertThat(next.calls()).isLessThanOrEqualTo(6);
    }

    assertThat(first).isEqualTo(new CatchUpReport(6, 6, 3, 0, 0, false));
    assertThat(looks).isBetween(3, 8);
    assertThat(sender.fetched()).doesNotHaveDuplicates().hasSize(12);
    assertThat(rig.inbox().works(100)).hasSize(12);
  }

  @Test
  void whatTheSenderNoLongerHasIsPassedOver() throws Exception {
    lookFirst(100);
    sender.add("m1", minutes(1));
    sender.add("m2", minutes(2));
    sender.gone.add("m1");
    rig.clock.set(minutes(10));

    CatchUpReport report = rig.inbox().catchUp("test");

    assertThat(report.gone()).isEqualTo(1);
    assertThat(report.stored()).isEqualTo(1);
    assertThat(report.complete()).isTrue();
  }

  @Test
  void oneThatCantBeReadHoldsUpNoOtherAndIsTriedAgain() throws Exception {
    lookFirst(100);
    for (int i = 1; i <= 3; i++) {
      sender.add("m" + i, minutes(i));
    }
    sender.broken.add("m1");
    rig.clock.set(minutes(10));

    CatchUpReport first = rig.inbox().catchUp("test");
    sender.broken.clear();
    CatchUpReport second = rig.inbox().catchUp("test");

    assertThat(first).isEqualTo(new CatchUpReport(5, 3, 2, 0, 1, false));
    assertThat(second).isEqualTo(new CatchUpReport(3, 3, 1, 0, 0, true));
  }

  @Test
  void oneThatCantBeReadHoldsUpNoLaterPageAndMovesNoWatermark() throws Exception {
    lookFirst(4);
    for (int i = 1; i <= 9; i++) {
      sender.add("m" + i, minutes(i));
    }
    sender.broken.add("m9");
    rig.clock.set(minutes(60));

    for (int looks = 0; looks < 12; looks++) {
      assertThat(catchUpOrFail()).isFalse();
    }
    List<String> whileOneIsBroken = rig.texts("SELECT id FROM latchkey_delivery ORDER BY id");
    long watermark = rig.number("SELECT watermark FROM latchkey_source");
    sender.broken.clear();
    int looks = 1;
    while (!catchUpOrFail() && looks < 12) {
      looks++;
    }

    assertThat(whileOneIsBroken).containsExactly("m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8");
    assertThat(watermark).isEqualTo(HandClock.START.toEpochMilli());
    assertThat(rig.inbox().works(10)).hasSize(9);
    assertThat(looks).isLessThan(12);
    assertThat(rig.number("SELECT watermark FROM latchkey_source"))
        .isEqualTo(minutes(60).toEpochMilli());
  }

  @Test
  void bodiesThatAreTooLargeHoldUpNoOther() throws Exception {
    lookFirst(100);
    for (int i = 1; i <= 4; i++) {
      sender.add("x".repeat(64) + i, minutes(i));
    }
    sender.add("m5", minutes(5));
    rig.clock.set(minutes(10));

    CatchUpReport report = rig.inbox().catchUp("test");

    assertThat(report).isEqualTo(new CatchUpReport(8, 5, 1, 0, 4, false));
    assertThat(rig.texts("SELECT id FROM latchkey_delivery")).containsExactly("m5");
  }

  /// Returns whether the look was complete; one in which nothing could be read fails.
  private boolean catchUpOrFail() throws Exception {
    try {
      return rig.inbox().catchUp("test").complete();
    } catch (IOException unreadable) {
      return false;
    }
  }

  @Test
  void whatWasStoredBeforeTheProcessDiedInALookIsNotFetchedAgain() throws Exception {
    lookFirst(100);
    for (int i = 1; i <= 5; i++) {
      sender.add("m" + i, minutes(i));
    }
    sender.deadly.add("m3");
    rig.clock.set(minutes(60));

    assertThatThrownBy(() -> rig.inbox().catchUp("test")).isInstanceOf(SenderList.Death.class);
    rig.killInbox();
    long watermark = rig.number("SELECT watermark FROM latchkey_source");
    sender.deadly.clear();
    sender.calls.clear();
    rig.inbox().source(sender, 100);
    CatchUpReport report = rig.inbox().catchUp("test");

    assertThat(watermark).isEqualTo(HandClock.START.toEpochMilli());
    assertThat(sender.fetched()).containsExactly("m3", "m4", "m5");
    assertThat(report.complete()).isTrue();
    assertThat(rig.inbox().works(10)).hasSize(5);
  }

  @Test
  void aSenderThatFailsAllTheTimeIsNotAskedForEachOne() throws Exception {
    lookFirst(100);
    for (int i = 1; i <= 9; i++) {
      sender.add("m" + i, minutes(i));
      sender.broken.add("m" + i);
    }
    rig.clock.set(minutes(10));

    assertThatThrownBy(() -> rig.inbox().catchUp("test")).hasMessage("can't be read");

    assertThat(sender.fetched()).hasSize(3);
  }

  @Test
  void moreThanTheBudgetThatAreGoneOrBrokenDontHoldUpTheRest() throws Exception {
    lookFirst(8);
    for (int i = 1; i <= 7; i++) {
      sender.add("gone" + i, minutes(i));
      sender.gone.add("gone" + i);
    }
    for (int i = 1; i <= 3; i++) {
      sender.add("broken" + i, minutes(20 + i));
      sender.broken.add("broken" + i);
    }
    sender.add("last", minutes(30));
    rig.clock.set(minutes(40));

    for (int look = 0; look < 12; look++) {
      try {
        rig.inbox().catchUp("test");
      } catch (IOException broken) {
        assertThat(broken).hasMessage("can't be read");
      }
    }

    assertThat(rig.texts("SELECT id FROM latchkey_delivery")).containsExactly("last");
  }

  @Test
  void aPageThatIsNoMoreMakesTheNextLookBeginAnew() throws Exception {
    lookFirst(4);
    for (int i = 1; i <= 9; i++) {
      sender.add("m" + i, minutes(i));
      rig.inbox().accept(Rig.delivery("m" + i, "build", "m" + i));
    }
    rig.clock.set(minutes(10));
    CatchUpReport partial = rig.inbox().catchUp("test");
    sender.down = true;
    assertThatThrownBy(() -> rig.inbox().catchUp("test")).isInstanceOf(IOException.class);
    sender.down = false;
    sender.calls.clear();

    rig.inbox().catchUp("test");

    assertThat(partial.complete()).isFalse();
    assertThat(sender.calls.getFirst()).isEqualTo("list " + minutes(-15));
  }

  @Test
  void deliveryOfAnotherNameThanListedIsRefused() throws Exception {
    DeliverySource liar =
        new DeliverySource() {
          @Override
          public String name() {
            return "liar";
          }

          @Override
          public Page list(Instant since, @Nullable String cursor) {
            return new Page(List.of(new Sent("m1", "1", since)), null);
          }

          @Override
          public Optional<Delivery> fetch(Sent sent) {
            return Optional.of(Rig.delivery("other", "build", "lane"));
          }
        };
    rig.inbox().source(liar, 10);

    assertThatThrownBy(() -> rig.inbox().catchUp("liar"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("source liar gave")
        .hasMessageContaining("for the listed id m1");

    assertThat(rig.inbox().works(10)).isEmpty();
  }

  @Test
  void startedInboxCatchesUpByItself() throws Exception {
    sender.add("m1", minutes(-1));
    CountDownLatch done = new CountDownLatch(1);
    rig.handler(
        "build",
        task -> {
          done.countDown();
          return Outcome.done();
        });
    rig.inbox().source(sender, 100);

    rig.inbox().start();
    done.await();

    assertThat(sender.fetched()).containsExactly("m1");
  }

  @Test
  void failureOfALookIsTold() throws Exception {
    sender.down = true;
    rig.inbox().source(sender, 100);

    rig.inbox().start();
    while (rig.events.isEmpty()) {
      Thread.onSpinWait();
    }

    assertThat(rig.events)
        .containsExactly(new Event.LookFailed("test", "IOException: sender is down"));
  }

  @Test
  void sourcesAreRegisteredOnceAndBeforeStartAndWithinBounds() {
    rig.inbox().source(sender, 2);

    assertThatIllegalStateException().isThrownBy(() -> rig.inbox().source(sender, 2));
    assertThatIllegalArgumentException().isThrownBy(() -> rig.inbox().source(sender, 1));
    assertThatThrownBy(() -> rig.inbox().catchUp("unheard-of"))
        .isInstanceOf(NoSuchElementException.class)
        .hasMessage("there is no source unheard-of");
    rig.inbox().start();
    assertThatIllegalStateException().isThrownBy(() -> rig.inbox().source(new SenderList(1), 2));
  }
}
