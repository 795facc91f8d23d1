package dev.latchkey.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.testkit.Scale;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A writing process is killed as `kill -9` does: every write that it reported as done is there, no
/// part of a transaction is, and the file is open again within a second.
class CrashTest {

  private static final long SEED = 20_300_101;
  private static final List<KillLoad> LOADS =
      List.of(KillLoad.MIXED, KillLoad.LIGHT, KillLoad.HEAVY);

  private static final int KILLS_AT_A_POINT = Scale.pick(1, 4, 45);
  private static final int RANDOM_KILLS = Scale.pick(1, 24, 500);
  private static final int KILLS_WHILE_OPENING = Scale.pick(1, 16, 150);

  private static final int KILLS_BESIDE_A_SECOND_HANDLE = Scale.pick(1, 6, 60);

  /// A file is used again for so many kills, then there is a new one.
  private static final int KILLS_OF_A_FILE = 4;

  @TempDir Path directory;

  /// The first opening loads SQLite, which isn't what is measured.
  @BeforeAll
  static void loadSqlite(@TempDir Path elsewhere) {
    for (int i = 0; i < 2; i++) {
      Database.open(elsewhere.resolve("data.db")).close();
    }
  }

  @AfterAll
  static void report() {
    System.out.printf(
        "kills=%d slowest_reopening_ms=%d seed=%d%n",
        Killing.KILLS.get(), Killing.SLOWEST_NANOS.get() / 1_000_000, SEED);
  }

  static List<KillPoint> points() {
    return Scale.pick(0, 1, 1) == 0 ? KillPoint.some() : KillPoint.all();
  }

  @ParameterizedTest
  @MethodSource("points")
  void nothingAcknowledgedIsLostAndNoPartIsThereAfterAKillAt(KillPoint point) throws Exception {
    Killing killing = inDirectory(0);
    int inTime = 0;
    for (int i = 0; i < KILLS_AT_A_POINT; i++) {
      if (i > 0 && (i % KILLS_OF_A_FILE == 0 || point.isInOpening())) {
        killing = inDirectory(i);
      }

      inTime += killing.at(point, LOADS.get(i % LOADS.size()), PlantedBug.NONE) ? 1 : 0;

      killing.check();
    }
    // A file may have grown whole before the kill gets to it.
    assertThat(inTime).as("kills that came in time").isPositive();
  }

  @Test
  void nothingAcknowledgedIsLostAndNoPartIsThereAfterKillsAnywhere() throws Exception {
    Random random = new Random(SEED);
    Killing killing = inDirectory(0);
    for (int i = 0; i < RANDOM_KILLS; i++) {
      if (i > 0 && i % (2 * KILLS_OF_A_FILE) == 0) {
        killing = inDirectory(i);
      }

      killing.after(50 + random.nextInt(600), LOADS.get(i % LOADS.size()), PlantedBug.NONE);

      // Every other one is left for the next child to open.
      if (i % 2 == 1 || i == RANDOM_KILLS - 1) {
        killing.check();
      }
    }
  }

  @Test
  void killBetweenTheFileAndItsSchemaLeavesAFileThatIsAdopted() throws Exception {
    Killing killing = inDirectory(0);

    var _ = killing.at(KillPoint.FILE_CREATED, KillLoad.LIGHT, PlantedBug.NONE);
    var _ = killing.at(KillPoint.SCHEMA_BEGUN, KillLoad.LIGHT, PlantedBug.NONE);

    killing.check();
  }

  /// The log is long, so that much of the opening is its recovery.
  @Test
  void killsInARowWhileTheFileIsOpenedChangeNothing() throws Exception {
    Random random = new Random(SEED);
    Killing killing = inDirectory(0);
    var _ = killing.at(KillPoint.COPYING, KillLoad.MIXED, PlantedBug.NONE);

    for (int i = 0; i < KILLS_WHILE_OPENING; i++) {
      killing.whileOpening(Duration.ofMillis(random.nextInt(200)));
    }

    killing.check();
  }

  @Test
  void killsWhileASecondHandleOpensLoseNothing() throws Exception {
    Killing killing = inDirectory(0);
    for (int i = 0; i < KILLS_BESIDE_A_SECOND_HANDLE; i++) {
      killing.whileASecondHandleOpens(1 + i % 3);

      killing.check();
    }
  }

  @Test
  void harnessFindsAnAcknowledgementBeforeItsWrite() throws Exception {
    Killing killing = inDirectory(0);

    var _ = killing.at(KillPoint.BEFORE_COMMIT, KillLoad.LIGHT, PlantedBug.ACKNOWLEDGES_FIRST);

    assertThatThrownBy(killing::check)
        .isInstanceOf(AssertionError.class)
        .hasMessageMatching("(?s).*(acknowledged (puts|pairs)|slot of|the count).*");
  }

  @Test
  void harnessFindsAcknowledgedWritesThatWereNotCommitted() throws Exception {
    Killing killing = inDirectory(0);

    killing.after(26, KillLoad.LIGHT, PlantedBug.COMMITS_LATER);

    assertThatThrownBy(killing::check)
        .isInstanceOf(AssertionError.class)
        .hasMessageMatching("(?s).*(acknowledged (puts|pairs)|slot of|the count).*");
  }

  @Test
  void harnessFindsAPartOfATransaction() throws Exception {
    Killing killing = inDirectory(0);

    var _ = killing.at(KillPoint.IN_A_BODY, KillLoad.LIGHT, PlantedBug.WRITES_HALVES);

    assertThatThrownBy(killing::check)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("pairs");
  }

  @Test
  void harnessFindsVersionsThatWouldBeUsedAgain() throws Exception {
    Killing killing = inDirectory(0);

    killing.after(30, KillLoad.LIGHT, PlantedBug.FORGETS_VERSIONS);

    assertThatThrownBy(killing::check)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("highest version");
  }

  private Killing inDirectory(int number) throws IOException {
    return new Killing(Files.createDirectory(directory.resolve("file-" + number)));
  }
}
