package dev.latchkey.bench;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
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

/// The command.
@Command(
    name = "bench/run",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    usageHelpAutoWidth = true,
    description =
        "Measures kv beside naive JDBC, RocksDB and LMDB, in one run; with 'inbox', inbox beside"
            + " its peers, with 'diff' the diff parser beside its own, and with 'webhooks' the"
            + " server beside itself without a store.")
final class Main implements Callable<Integer> {

  @Option(
      names = "--only",
      paramLabel = "PATTERN",
      defaultValue = "",
      description = "Runs the rows in whose name this regular expression is found, 'idle' too.")
  Pattern only;

  @Option(
      names = "--peers",
      paramLabel = "PEER",
      split = ",",
      description = "Runs only these of ${COMPLETION-CANDIDATES}.")
  List<Peer> peers = List.of(Peer.values());

  @Option(
      names = "--rounds",
      defaultValue = "7",
      description = "Of each peer in each row; default: ${DEFAULT-VALUE}.")
  int rounds;

  @Option(
      names = "--seconds",
      defaultValue = "0.7",
      description = "The length of a round; default: ${DEFAULT-VALUE}.")
  double seconds;

  @Option(
      names = "--warm-up",
      paramLabel = "SECONDS",
      defaultValue = "0.7",
      description = "Before each peer's first round in each row; default: ${DEFAULT-VALUE}.")
  double warmUp;

  @Option(
      names = "--idle",
      paramLabel = "SECONDS",
      defaultValue = "5",
      description = "How long nothing is done in the idle row; default: ${DEFAULT-VALUE}.")
  double idle;

  @Option(
      names = "--quick",
      description = "Takes a glance, in less than a minute: three rounds of 0.15 s, 20,000 keys.")
  boolean quick;

  @Option(
      names = "--keys",
      defaultValue = "100000",
      description = "How many are there beforehand; default: ${DEFAULT-VALUE}.")
  int keys;

  @Mixin Place place = new Place();

  @Spec CommandSpec spec;

  private final InstantSource clock;
  private final Instant begin;

  private Main(InstantSource clock) {
    this.clock = clock;
    this.begin = clock.instant();
  }

  public static void main(String[] arguments) {
    // Figures are written the same way everywhere.
    Locale.setDefault(Locale.ROOT);
    InstantSource clock = InstantSource.system();
    CommandLine line = new CommandLine(new Main(clock));
    line.addSubcommand(new InboxCommand(clock));
    line.addSubcommand(new DiffCommand(clock));
    line.addSubcommand(new WebhooksCommand(clock));
    System.exit(line.setCaseInsensitiveEnumValuesAllowed(true).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    Plan plan = plan();
    place.prepare();
    Map<String, String> machine = Machine.facts(place.folder, clock.instant(), Place.commit());
    MarkdownReport report = new MarkdownReport(System.out);
    report.machine(machine);
    measure(plan, machine, report);
    return CommandLine.ExitCode.OK;
  }

  private void measure(Plan plan, Map<String, String> machine, MarkdownReport report)
      throws Exception {
    Keys preloaded = new Keys(plan.keys());
    Results results = new Results();
    Map<String, JsonReport.Times> syncs = new LinkedHashMap<>();
    List<Figure> figures = List.of();
    try (Folders folders = new Folders(place.folder, preloaded)) {
      sync("before", report, syncs);
      report.head();
      for (Row row : plan.rows()) {
        progress(row.name());
        try (Race race = new Race(row, plan, preloaded, folders)) {
          List<Outcome> outcomes = race.run();
          results.add(row, outcomes);
          report.row(outcomes, results);
        }
      }
      if (plan.idle().isPositive()) {
        progress(Idleness.NAME);
        figures = new Idleness(folders, preloaded, plan.idle()).measure();
        report.figures(Idleness.NAME, figures);
      }
      sync("after", report, syncs);
    }
    if (place.json != null) {
      new JsonReport(machine, syncs, JsonReport.lines(results), figures).write(place.json);
    }
  }

  /// Says on standard error what is under way, as a run takes minutes.
  private void progress(String row) {
    long seconds = Duration.between(begin, clock.instant()).toSeconds();
    System.err.println("bench: at " + seconds + " s: " + row);
  }

  private void sync(String when, MarkdownReport report, Map<String, JsonReport.Times> syncs)
      throws IOException {
    Latencies sync = DiskSync.measure(place.folder);
    report.sync(when, sync);
    syncs.put(when, JsonReport.Times.of(sync));
  }

  private Plan plan() {
    List<Row> rows = Rows.all().stream().filter(row -> only.matcher(row.name()).find()).toList();
    boolean isIdle = only.matcher(Idleness.NAME).find();
    if (rows.isEmpty() && !isIdle) {
      throw new ParameterException(
          spec.commandLine(), "--only: no row's name has " + only + " in it");
    }
    if (rounds < 1 || keys < 1) {
      throw new ParameterException(spec.commandLine(), "--rounds and --keys are at least 1");
    }
    Plan plan =
        quick
            ? new Plan(rows, peers, 3, seconds(0.15), seconds(0.2), seconds(2), 20_000)
            : new Plan(rows, peers, rounds, seconds(seconds), seconds(warmUp), seconds(idle), keys);
    return isIdle ? plan : plan.withoutIdle();
  }

  private static Duration seconds(double seconds) {
    return Duration.ofNanos(Math.round(seconds * 1e9));
  }
}
