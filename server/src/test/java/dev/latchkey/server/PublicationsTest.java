package dev.latchkey.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.kv.Database;
import dev.latchkey.kv.DatabaseOptions;
import dev.latchkey.testkit.ManualClock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PublicationsTest {

  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration WINDOW = Duration.ofSeconds(30);
  private static final ReviewKey KEY = new ReviewKey(1, 7, "a".repeat(40), "main", 1);

  private final ManualClock clock = ManualClock.at(START);
  private final Database database = Database.inMemory(DatabaseOptions.defaults().withClock(clock));

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void whatWasNeverTriedNeedsNoPatience() {
    assertThat(new Publications(database, clock).settledAt(KEY, WINDOW)).isEmpty();
  }

  @Test
  void aWriteOfThisProcessSettlesAWindowAfterIt() {
    Publications publications = new Publications(database, clock);
    clock.advance(Duration.ofSeconds(5));

    publications.attempt(KEY);

    assertThat(publications.settledAt(KEY, WINDOW)).contains(START.plusSeconds(35));
  }

  @Test
  void aWriteOfADeadProcessCanHaveBeenSentUntilThisOneStarted() {
    new Publications(database, clock).attempt(KEY);
    clock.advance(Duration.ofSeconds(20));

    Publications successor = new Publications(database, clock);

    assertThat(successor.settledAt(KEY, WINDOW)).contains(START.plusSeconds(50));
  }

  @Test
  void butNotLaterThanItsDeadline() {
    new Publications(database, clock).attempt(KEY);
    clock.advance(Duration.ofHours(2));

    Publications successor = new Publications(database, clock);

    assertThat(successor.settledAt(KEY, WINDOW)).contains(START.plusSeconds(90));
  }

  @Test
  void whatIsPublishedIsFoundAndNeedsNoPatience() {
    Publications publications = new Publications(database, clock);
    publications.attempt(KEY);
    Publications.Publication done =
        new Publications.Publication("acme/web#7", KEY.head(), 5, "No findings", false, false);

    publications.published(KEY, done);

    assertThat(publications.find(KEY)).contains(done);
    assertThat(publications.settledAt(KEY, WINDOW)).isEmpty();
  }

  @Test
  void theMarkersOfADatabaseStayTheSame() {
    String marker = new Publications(database, clock).markers().write(KEY);

    assertThat(new Publications(database, clock).markers().read(marker)).contains(KEY.hash());
  }
}
