package dev.latchkey.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
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

/// The command for the server.
@Command(
    name = "webhooks",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    usageHelpAutoWidth = true,
    description =
        "Measures the server, a process of its own, beside the same routes without a store, in one"
            + " run: webhooks accepted, its start and its memory.")
final class WebhooksCommand implements Callable<Integer> {

  @Option(
      names = "--only",
      paramLabel = "PATTERN",
      defaultValue = "",
      description = "Runs the rows in whose name this regular expression is found.")
  Pattern only;

  @Option(
      names = "--seconds",
      defaultValue = "10",
      description = "The length of a row for each server; default: ${DEFAULT-VALUE}.")
  double seconds;

  @Option(
      names = "--warm-up",
      paramLabel = "SECONDS",
      defaultValue = "3",
      description = "Before each row, twice that when a server is new; default: ${DEFAULT-VALUE}.")
  double warmUp;

  @Option(
      names = "--starts",
      defaultValue = "5",
      description = "How often the server is started; default: ${DEFAULT-VALUE}.")
  int starts;

  @Option(
      names = "--quick",
      description = "Takes a glance, in less than a minute: rows of 1 s, two starts.")
  boolean quick;

  @Mixin Place place = new Place();

  @Spec CommandSpec spec;

  private final InstantSource clock;

  WebhooksCommand(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public Integer call() throws Exception {
    if (starts < 1) {
      throw new ParameterException(spec.commandLine(), "--starts is at least 1");
    }
    Logs.quieten();
    place.prepare();
    Map<String, String> machine =
        Machine.serverFacts(place.folder, clock.instant(), Place.commit());
    machine.put("load average before", Machine.load());
    MarkdownReport report = new MarkdownReport(System.out);
    report.machine(machine);
    Map<String, JsonReport.Times> syncs = new LinkedHashMap<>();
    List<ServerOutcome> outcomes = new ArrayList<>();
    List<ServerRace.Count> counts = List.of();
    List<Figure> figures = new ArrayList<>();
    Path root = Files.createTempDirectory(place.folder, "latchkey-bench-");
    try {
      // First, while the machine has nothing else of ours to do.
      figures.addAll(new ServerStarts(root, quick ? 2 : starts, seconds(2)).measure());
      sync("before", report, syncs);
      report.serverHead();
      counts =
          race()
              .run(
                  root,
                  outcome -> {
                    report.serverRow(outcome);
                    outcomes.add(outcome);
                  });
      figures.addAll(0, ServerGoals.of(outcomes));
      figures.addAll(ServerGoals.of(counts.getFirst()));
      report.figures("webhooks", figures);
      sync("after", report, syncs);
      machine.put("load average after", Machine.load());
      report.note("Load average after the run: " + machine.get("load average after") + ".");
    } finally {
      Folders.delete(root);
    }
    if (place.json != null) {
      new ServerJsonReport(machine, syncs, ServerJsonReport.lines(outcomes), counts, figures)
          .write(place.json);
    }
    return CommandLine.ExitCode.OK;
  }

  private ServerRace race() {
    List<ServerRow> rows =
        ServerRow.all().stream().filter(row -> only.matcher(row.name()).find()).toList();
    return quick
        ? new ServerRace(rows, seconds(0.5), seconds(1))
        : new ServerRace(rows, seconds(warmUp), seconds(seconds));
  }

  private void sync(String when, MarkdownReport report, Map<String, JsonReport.Times> syncs)
      throws IOException {
    Latencies sync = DiskSync.measure(place.folder);
    report.sync(when, sync);
    syncs.put(when, JsonReport.Times.of(sync));
  }

  private static Duration seconds(double seconds) {
    return Duration.ofNanos(Math.round(seconds * 1e9));
  }
}
