package dev.latchkey.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The command for the inbox.
@Command(
    name = "inbox",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    usageHelpAutoWidth = true,
    description = "Measures inbox beside db-scheduler and a table with polling, in one run.")
final class InboxCommand implements Callable<Integer> {
  private static final String BACKLOG = "backlog ";
  private static final String RECOVERY = "recovery";

  @Option(
      names = "--only",
      paramLabel = "PATTERN",
      defaultValue = "",
      description =
          "Runs the rows in whose name this regular expression is found; 'backlog full_pool',"
              + " 'backlog busy_lane', 'backlog full_limit' and 'recovery' too.")
  Pattern only;

  @Option(
      names = "--peers",
      paramLabel = "PEER",
      split = ",",
      description = "Runs only these of ${COMPLETION-CANDIDATES}.")
  List<QueuePeer> peers = List.of(QueuePeer.values());

  @Option(
      names = "--rounds",
      defaultValue = "5",
      description = "Of each peer in each row; default: ${DEFAULT-VALUE}.")
  int rounds;

  @Option(
      names = "--seconds",
      defaultValue = "0.6",
      description = "The length of a round; default: ${DEFAULT-VALUE}.")
  double seconds;

  @Option(
      names = "--warm-up",
      paramLabel = "SECONDS",
      defaultValue = "0.6",
      description = "Before each peer's first round in each row; default: ${DEFAULT-VALUE}.")
  double warmUp;

  @Option(
      names = "--backlog",
      paramLabel = "WORKS",
      defaultValue = "1000000",
      description = "How many wait beside those measured; default: ${DEFAULT-VALUE}.")
  int backlog;

  @Option(
      names = "--interrupted",
      paramLabel = "WORKS",
      defaultValue = "10000",
      description = "How many run when the process is killed; default: ${DEFAULT-VALUE}.")
  int interrupted;

  @Option(
      names = "--quick",
      description =
          "Takes a glance, in less than a minute: three rounds of 0.15 s, a backlog of 20,000,"
              + " 1,000 interrupted.")
  boolean quick;

  @Mixin Place place = new Place();

  @Spec CommandSpec spec;

  private final InstantSource clock;
  private final Instant begin;

  InboxCommand(InstantSource clock) {
    this.clock = clock;
    this.begin = clock.instant();
  }

  @Override
  public Integer call() throws Exception {
    Logs.quieten();
    QueuePlan plan = plan();
    place.prepare();
    Map<String, String> machine = Machine.queueFacts(place.folder, clock.instant(), Place.commit());
    MarkdownReport report = new MarkdownReport(System.out);
    report.machine(machine);
    Map<String, JsonReport.Times> syncs = new LinkedHashMap<>();
    List<QueueOutcome> outcomes = new ArrayList<>();
    List<Figure> figures = new ArrayList<>();
    Path root = Files.createTempDirectory(place.folder, "latchkey-bench-");
    try {
      sync("before", report, syncs);
      rows(plan, root, report, outcomes);
      outcomes.stream().map(List::of).map(Goals::of).forEach(figures::addAll);
      figures(plan, root, figures);
      report.figures("inbox", figures);
      sync("after", report, syncs);
    } finally {
      Folders.delete(root);
    }
    if (place.json != null) {
      InboxJsonReport.of(machine, syncs, outcomes, figures).write(place.json);
    }
    return CommandLine.ExitCode.OK;
  }

  private void rows(QueuePlan plan, Path root, MarkdownReport report, List<QueueOutcome> outcomes)
      throws Exception {
    report.queueHead();
    for (QueueRow row : plan.rows()) {
      progress(row.name());
      try (QueueRace race = new QueueRace(row, plan, root)) {
        List<QueueOutcome> of = race.run();
        outcomes.addAll(of);
        report.queueRow(of);
      }
    }
  }

  private void figures(QueuePlan plan, Path root, List<Figure> figures) throws Exception {
    if (!plan.peers().contains(QueuePeer.INBOX)) {
      return;
    }
    Backlog of = new Backlog(plan, root);
    for (Backlog.Shape shape : Backlog.Shape.values()) {
      if (only.matcher(name(shape)).find()) {
        progress(name(shape));
        figures.add(of.measure(shape));
      }
    }
    if (only.matcher(RECOVERY).find()) {
      progress(RECOVERY);
      figures.addAll(new Recovery(root, plan.interrupted()).measure());
    }
  }

  private static String name(Backlog.Shape shape) {
    return BACKLOG + shape.name().toLowerCase(Locale.ROOT);
  }

  /// Says on standard error what is under way, as a run takes minutes.
  private void progress(String row) {
    long passed = Duration.between(begin, clock.instant()).toSeconds();
    System.err.println("bench: at " + passed + " s: " + row);
  }

  private void sync(String when, MarkdownReport report, Map<String, JsonReport.Times> syncs)
      throws IOException {
    Latencies sync = DiskSync.measure(place.folder);
    report.sync(when, sync);
    syncs.put(when, JsonReport.Times.of(sync));
  }

  private QueuePlan plan() {
    if (rounds < 1) {
      throw new ParameterException(spec.commandLine(), "--rounds is at least 1");
    }
    requireHundreds("--backlog", backlog);
    requireHundreds("--interrupted", interrupted);
    List<QueueRow> rows =
        QueueRow.all().stream().filter(row -> only.matcher(row.name()).find()).toList();
    return quick
        ? new QueuePlan(rows, peers, 3, seconds(0.15), seconds(0.2), 20_000, 1_000)
        : new QueuePlan(
            rows, peers, rounds, seconds(seconds), seconds(warmUp), backlog, interrupted);
  }

  /// They are filled in by the hundred.
  private void requireHundreds(String option, int works) {
    if (works < 100 || works % 100 != 0) {
      throw new ParameterException(spec.commandLine(), option + " is a multiple of 100");
    }
  }

  private static Duration seconds(double seconds) {
    return Duration.ofNanos(Math.round(seconds * 1e9));
  }
}
