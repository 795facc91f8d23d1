package dev.latchkey.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.simulator.SamplePullRequests;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The demonstration as a newcomer sees it, with the real server as its child.
final class DemoTest {
  private final List<String> told = new ArrayList<>();

  @Test
  void theServerSurvivesTwoKillsAndReviewsEverythingOnce() throws InterruptedException {
    var source = new DemoSource("parcels", "a sample", SamplePullRequests.all().subList(0, 3));

    DemoReport report;
    try (var demo = Demo.of(source, DemoModel.replies(), told::add)) {
      demo.start();
      report = demo.run();
    }

    assertThat(report.problems()).isEmpty();
    assertThat(report.kills()).isEqualTo(2);
    assertThat(report.counts().reviewsPosted()).isEqualTo(3);
    assertThat(report.counts().duplicates()).isPositive();
    assertThat(report.counts().findingsInline()).isPositive();
    assertThat(report.counts().refusedWrites()).isZero();
    assertThat(told)
        .contains("killed the server during a model call", "started it again on the same database");
  }

  @Test
  void nothingIsLeftBehind() throws InterruptedException {
    var source = new DemoSource("parcels", "a sample", SamplePullRequests.all().subList(0, 1));
    var world = DemoWorld.start(_ -> "nothing", source);
    var server = DemoServer.start(world.configuration(0, 0), world.folder(), world.bell());
    var runningBefore = server.running();

    server.stop();
    world.close();

    assertThat(runningBefore).isTrue();
    assertThat(server.running()).isFalse();
    assertThat(Files.exists(world.folder())).isFalse();
  }
}
