package dev.latchkey.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.testkit.Scale;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Processes are killed on one file again and again, at named points and by chance, while a parent
/// that outlives them plays the sender, the model and the outside. What is left is judged by the
/// promises of the inbox.
@Timeout(1_200)
final class StormTest {

  private static final long SEED = 20_261_125;
  private static final int KILLS_PER_FILE = 16;

  @TempDir Path directory;

  @Test
  void killsAtNamedPointsBreakNoPromise() throws Exception {
    int rounds = Scale.pick(2, 13, 125);
    int reached = 0;
    int kills = 0;
    for (int from = 0; from < rounds; from += 2) {
      try (Storm storm = storm("named" + from, StormBug.NONE, SEED + from)) {
        for (int round = from; round < Math.min(rounds, from + 2); round++) {
          for (String point : Storm.POINTS) {
            storm.killAt(point);
            kills++;
          }
        }
        storm.calm();
        storm.judge();
        reached += storm.pointsReached();
      }
    }

    System.out.println("StormTest: " + reached + " of " + kills + " kills at their named point");
    // A point may not come up in a life; then its child was killed at the end of its time.
    assertThat(reached).isGreaterThanOrEqualTo(kills * 3 / 4);
  }

  @Test
  void killsByChanceBreakNoPromise() throws Exception {
    int kills = Scale.pick(8, 50, 1_000);
    for (int from = 0; from < kills; from += KILLS_PER_FILE) {
      try (Storm storm = storm("random" + from, StormBug.NONE, SEED + from)) {
        for (int kill = from; kill < Math.min(kills, from + KILLS_PER_FILE); kill++) {
          storm.killAtRandom();
        }
        storm.calm();
        storm.judge();
        assertThat(storm.world.acknowledged).hasSize(storm.deliveries());
      }
    }

    System.out.println("StormTest: " + kills + " kills by chance");
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void everyPlantedBugIsFound(StormBug bug) throws Exception {
    String found = "";
    for (int seed = 1; seed <= 5 && found.isEmpty(); seed++) {
      try (Storm storm = storm(bug + "-" + seed, bug, seed)) {
        storm.killAt("after-effect");
        storm.killAt("after-step");
        storm.killAt("in-paid-call");
        storm.calm();
        storm.judge();
      } catch (AssertionError failure) {
        found = failure.toString();
      }
    }

    System.out.println(bug + ": " + found.lines().limit(2).toList());
    assertThat(found).isNotEmpty();
  }

  private Storm storm(String name, StormBug bug, long seed) throws Exception {
    return new Storm(Files.createDirectory(directory.resolve(name)), bug, seed);
  }
}
