package dev.latchkey.review;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A pull request of 3,000 files and 100,000 changed lines is parsed and planned in a heap of 256
/// MiB. How long that took is printed and not judged: other work slows a machine down.
class LargePlanTest {
  private static final long PATIENCE_SECONDS = 300;
  private static final long HALF_OF_THE_HEAP = 128L << 20;

  @TempDir Path folder;

  private record Ended(int exitCode, String output) {
    /// Lines of the form `name = value`.
    Map<String, String> figures() {
      return output
          .lines()
          .filter(line -> line.contains(" = "))
          .map(line -> line.split(" = ", 2))
          .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
    }
  }

  private Ended run(String heap) throws IOException, InterruptedException {
    Path output = folder.resolve("output");
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx" + heap,
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            LargePlanChild.class.getName());
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    Process process = builder.redirectOutput(output.toFile()).start();
    try {
      assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
      return new Ended(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void threeThousandFilesArePlannedInASmallHeap() throws Exception {
    Ended child = run("256m");

    System.out.println(child.output());
    assertThat(child.exitCode()).isZero();
    assertThat(child.figures())
        .containsEntry("files", "3000")
        .containsEntry("changes", "100000")
        .containsEntry("files of the plan", "3000")
        .containsEntry("files of the whole plan", "3000");
    assertThat(Long.parseLong(child.figures().get("live bytes"))).isLessThan(HALF_OF_THE_HEAP);
  }

  @Test
  void samePullRequestHasTheSamePlanInAnyProcess() throws Exception {
    byte[] text = LargeDiff.of(LargePlanChild.SEED, LargePlanChild.FILES, LargePlanChild.CHANGES);
    Snapshot snapshot = Snapshot.ofDiff("acme/shop", Diffs.parse(text));

    Map<String, String> figures = run("256m").figures();

    String plan = LargePlanChild.digest(Plan.of(snapshot, Samples.options()));
    assertThat(figures)
        .containsEntry("plan", plan)
        .containsEntry("same plan", plan)
        .containsEntry("whole plan", LargePlanChild.digest(LargePlanChild.everything(snapshot)));
  }

  /// A heap that is too small must be noticed, or the first test shows nothing.
  @Test
  void childThatNeedsMoreThanItsHeapFails() throws Exception {
    Ended child = run("16m");

    assertThat(child.exitCode()).isNotZero();
    assertThat(child.output()).contains("OutOfMemoryError");
  }
}
