package dev.latchkey.kv;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Everything at once, for minutes: with the profile `soak`, and `latchkey.soak.minutes`.
class SoakTest {

  @TempDir Path directory;

  @Test
  @Tag("soak")
  void nothingIsLostTornOrLeakedInManyMinutes() throws Exception {
    soak(Duration.ofMinutes(Integer.getInteger("latchkey.soak.minutes", 10)));
  }

  @Test
  void nothingIsLostTornOrLeakedInAFewSeconds() throws Exception {
    soak(Duration.ofSeconds(2));
  }

  private void soak(Duration time) throws Exception {
    long seed = System.nanoTime();
    SoakRun run = new SoakRun(directory, time, seed);

    assertThat(run.run()).as("seed %d, %s", seed, run.report()).isEmpty();

    System.out.println(run.report() + " seed=" + seed);
  }

  @Test
  void pairsThatAreTornAreFoundOut() throws Exception {
    SoakRun run = new SoakRun(directory, Duration.ofSeconds(20), 7).tearing();

    assertThat(run.run()).anyMatch(fault -> fault.contains("pairs differ"));
  }
}
