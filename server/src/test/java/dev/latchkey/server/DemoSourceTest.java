package dev.latchkey.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.latchkey.simulator.SimulatorException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DemoSourceTest {
  private final List<String> told = new ArrayList<>();

  @TempDir Path folder;

  @Test
  void aFolderThatWasNamedMustBeInARepository() {
    assertThatExceptionOfType(SimulatorException.NotARepository.class)
        .isThrownBy(() -> DemoSource.of(folder, 3, told::add))
        .withMessageContaining(folder.toString());
  }

  @Test
  void aRepositoryWithoutHistoryGivesTheSampleAndSaysSo() throws IOException, InterruptedException {
    new ProcessBuilder("git", "init", "--quiet").directory(folder.toFile()).start().waitFor();

    var source = DemoSource.of(folder, 3, told::add);

    assertThat(source.changes()).hasSize(3);
    assertThat(source.description()).isEqualTo("the sample that Latchkey brings along");
    assertThat(told).hasSize(1).first().asString().endsWith("taking the sample");
  }
}
