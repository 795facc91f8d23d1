package dev.latchkey.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.testkit.Scale;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Many lives of an inbox, each told by its seed. `-Dlatchkey.seed=N` tells one of them again.
final class SimulationTest {

  private static final int SEEDS_FOR_A_BUG = 40;

  @TempDir Path directory;

  private static List<Long> seeds() {
    String one = System.getProperty("latchkey.seed");
    return one != null
        ? List.of(Long.parseLong(one))
        : LongStream.rangeClosed(1, Scale.pick(50, 500, 100_000)).boxed().toList();
  }

  private void live(long seed, SimBug bug) throws Exception {
    Path folder = Files.createDirectory(directory.resolve("seed" + seed));
    try (Simulation simulation = new Simulation(seed, folder, bug)) {
      simulation.run();
    }
  }

  @Test
  void everyLifeKeepsItsPromises() throws Exception {
    int lives = 0;
    for (long seed : seeds()) {
      try {
        live(seed, SimBug.NONE);
      } catch (Exception | AssertionError failure) {
        throw new AssertionError("seed " + seed + ", again with -Dlatchkey.seed=" + seed, failure);
      }
      lives++;
    }

    System.out.println("SimulationTest: " + lives + " seeds");
    assertThat(lives).isPositive();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void everyPlantedBugIsFound(SimBug bug) throws IOException {
    String found = "";
    for (long seed = 1; seed <= SEEDS_FOR_A_BUG && found.isEmpty(); seed++) {
      try {
        live(seed, bug);
      } catch (Exception | AssertionError failure) {
        found = "seed " + seed + ": " + failure;
      }
    }

    System.out.println(bug + ": " + found.lines().limit(3).toList());
    assertThat(found).isNotEmpty();
  }
}
