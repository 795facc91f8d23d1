package dev.latchkey.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.simulator.ProposedChange;
import dev.latchkey.simulator.SimulatedFile;
import dev.latchkey.simulator.SimulatedGitHub;
import dev.latchkey.simulator.SimulatedGitHubOptions;
import dev.latchkey.simulator.SimulatedModel;
import dev.latchkey.simulator.SimulatedModelOptions;
import dev.latchkey.simulator.SimulatedRepository;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A pull request as large as GitHub shows, at a server with 256 MiB.
class HugePullRequestTest {

  private static final int FILES = 3_000;
  private static final int LINES = 34;

  @TempDir private Path folder;

  @Test
  void threeThousandFilesAreReviewedInPartAndLeaveTheServerStanding() throws Exception {
    InstantSource clock = InstantSource.system();
    Path log = folder.resolve("child.log");
    try (SimulatedGitHub github =
            SimulatedGitHub.start(
                SimulatedGitHubOptions.of(clock, "4711", TestKeys.publicKey(), TestServer.SECRET));
        SimulatedModel model =
            SimulatedModel.start(SimulatedModelOptions.of(clock, TestReplies.scripted()));
        ChildProcess child =
            new ChildProcess("NOWHERE", PlantedBug.NONE, settings(github, model), log)) {
      SimulatedRepository repository = github.addRepository("acme", "web");
      github.webhook(
          URI.create("http://127.0.0.1:" + child.await("ready ") + "/api/github/webhooks"));
      int huge = open(github, repository, AppWorld.A, files());
      int small = open(github, repository, AppWorld.B, AppWorld.FILES);

      github.send(github.pullRequestDelivery(repository, huge, "opened"));
      github.send(github.pullRequestDelivery(repository, small, "opened"));
      child.tell("finish");
      child.await("idle");

      assertThat(child.awaitEnd()).isZero();
      assertThat(github.visibleReviews(repository, huge))
          .singleElement()
          .satisfies(review -> {
            assertThat(review.body()).contains("Part of the change was not reviewed");
            assertThat(review.comments()).hasSizeBetween(1, 10);
          });
      assertThat(github.visibleReviews(repository, small)).hasSize(1);
      assertThat(github.checkRuns(repository))
          .hasSize(2)
          .allMatch(run -> run.status().equals("completed"));
      assertThat(Files.readString(log)).doesNotContain("OutOfMemoryError");
    }
  }

  private Map<String, String> settings(SimulatedGitHub github, SimulatedModel model) {
    Map<String, String> variables = new HashMap<>(TestServer.settings(folder));
    variables.put("GITHUB_API_URL", github.uri().toString());
    variables.put("LATCHKEY_MODEL_URL", model.uri().toString());
    variables.put("LATCHKEY_SETTLE_WINDOW", "50ms");
    return variables;
  }

  private static int open(
      SimulatedGitHub github, SimulatedRepository repository, String head, List<SimulatedFile> of) {
    return github.open(
        repository, new ProposedChange("Huge", "", "octocat", "0".repeat(40), head, false, of));
  }

  private static List<SimulatedFile> files() {
    return IntStream.range(0, FILES)
        .mapToObj(i -> SimulatedFile.added("src/F" + i + ".java", patch(i)))
        .toList();
  }

  private static String patch(int file) {
    return "@@ -0,0 +1,"
        + LINES
        + " @@\n"
        + IntStream.range(0, LINES)
            .mapToObj(line -> "+  int v" + line + " = call(" + file + ", " + line + ");")
            .collect(Collectors.joining("\n"));
  }
}
