package dev.latchkey.bench;

import dev.latchkey.review.Diffs;
import dev.latchkey.review.FileDiff;
import dev.latchkey.review.Plan;
import dev.latchkey.review.ReviewOptions;
import dev.latchkey.review.Snapshot;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The command for the diff parser.
@Command(
    name = "diff",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    usageHelpAutoWidth = true,
    description =
        "Measures review's diff parser beside JGit's and java-diff-utils', and the planning of a"
            + " large pull request, in one run and one thread.")
final class DiffCommand implements Callable<Integer> {
  static final int PULL_REQUEST_FILES = 3_000;

  private static final double PARSE_GOAL = 100;
  private static final double PLAN_GOAL_SECONDS = 2;
  private static final long SEED = 20_261_125;

  @Option(
      names = "--peers",
      paramLabel = "PEER",
      split = ",",
      description = "Runs only these of ${COMPLETION-CANDIDATES}.")
  List<DiffPeer> peers = List.of(DiffPeer.values());

  @Option(
      names = "--megabytes",
      defaultValue = "50",
      description = "The length of the text, at most 500; default: ${DEFAULT-VALUE}.")
  int megabytes;

  @Option(
      names = "--rounds",
      defaultValue = "9",
      description = "How often each reads the text; default: ${DEFAULT-VALUE}.")
  int rounds;

  @Option(
      names = "--warm-up",
      paramLabel = "ROUNDS",
      defaultValue = "5",
      description = "How often each reads it beforehand; default: ${DEFAULT-VALUE}.")
  int warmUp;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Writes the figures to this file too.")
  @Nullable Path json;

  @Spec CommandSpec spec;

  private final InstantSource clock;

  DiffCommand(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public Integer call() throws IOException {
    if (rounds < 1 || warmUp < 0 || megabytes < 1 || megabytes > 500) {
      throw new ParameterException(
          spec.commandLine(), "--rounds is at least 1, --megabytes 1 to 500");
    }
    Map<String, String> machine = Machine.parserFacts(clock.instant(), Place.commit());
    MarkdownReport report = new MarkdownReport(System.out);
    report.machine(machine);
    List<Figure> figures = new ArrayList<>();
    // First, while nothing is warm but the collector: a review pays for its first call.
    planning(figures);
    List<DiffOutcome> outcomes =
        new DiffRace(DiffText.ofBytes(megabytes * 1_000_000, SEED), peers).run(warmUp, rounds);
    report.diffHead();
    report.diffRows(outcomes);
    outcomes.stream()
        .filter(outcome -> outcome.peer() == DiffPeer.REVIEW)
        .map(Rounds::perSecond)
        .forEach(speed -> figures.add(parsing(speed)));
    report.figures("diff", figures);
    if (json != null) {
      DiffJsonReport.of(machine, outcomes, figures).write(json);
    }
    return CommandLine.ExitCode.OK;
  }

  private static Figure parsing(Spread speed) {
    return new Figure(
        "parsing, one thread",
        "%,.0f MB/s (%,.0f–%,.0f)".formatted(speed.median(), speed.least(), speed.most()),
        ">= %.0f MB/s".formatted(PARSE_GOAL),
        speed.median() >= PARSE_GOAL);
  }

  /// The first time, which is what a process that was just started needs, and the median of all.
  private void planning(List<Figure> figures) {
    byte[] text = DiffText.ofFiles(PULL_REQUEST_FILES, SEED);
    double[] seconds = new double[rounds];
    long changes = 0;
    for (int i = 0; i < rounds; i++) {
      long begin = System.nanoTime();
      List<FileDiff> files = Diffs.parse(text);
      Plan plan = Plan.of(Snapshot.ofDiff("acme/shop", files), ReviewOptions.of("scripted:bench"));
      seconds[i] = (System.nanoTime() - begin) / 1e9;
      changes = files.stream().mapToLong(file -> file.additions() + file.deletions()).sum();
      if (plan.chunks().isEmpty()) {
        throw new IllegalStateException("the plan is empty");
      }
    }
    String what =
        "parsing and planning %,d files, %,d changed lines".formatted(PULL_REQUEST_FILES, changes);
    figures.add(planned(what + ", in a new process", seconds[0]));
    figures.add(planned(what + ", median", Spread.of(Arrays.stream(seconds)).median()));
  }

  private static Figure planned(String what, double seconds) {
    return new Figure(
        what,
        "%.2f s".formatted(seconds),
        "< %.0f s".formatted(PLAN_GOAL_SECONDS),
        seconds < PLAN_GOAL_SECONDS);
  }
}
