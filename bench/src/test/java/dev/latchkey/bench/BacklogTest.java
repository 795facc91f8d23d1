package dev.latchkey.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class BacklogTest {

  @BeforeAll
  static void quieten() {
    Logs.quieten();
  }

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource
  void worksAreDoneBesideThoseThatWait(Backlog.Shape shape) throws Exception {
    QueuePlan plan = new QueuePlan(List.of(), List.of(), 1, Duration.ZERO, Duration.ZERO, 200, 1);

    Figure figure = new Backlog(plan, folder).measure(shape);

    assertThat(figure.name()).contains("200 works");
    assertThat(figure.value()).matches("[0-9,]*[1-9][0-9,]*/s, .*").doesNotContain("NaN");
  }

  @Test
  void worksOfAKilledProcessAreRunningAgain() throws Exception {
    List<Figure> figures = new Recovery(folder, 100).measure();

    assertThat(figures).hasSize(2).allMatch(Figure::isMet);
    assertThat(folder).isEmptyDirectory();
  }
}
