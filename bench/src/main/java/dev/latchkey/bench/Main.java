package dev.latchkey.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// The command.
@Command(
    name = "bench/run",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Measures kv beside naive JDBC, RocksDB and LMDB in one run.")
final class Main implements Callable<Integer> {

  @Option(
      names = "--only",
      paramLabel = "PATTERN",
      defaultValue = "",
      description = "run only the rows in whose name this regular expression is found")
  Pattern only;

  @Option(
      names = "--peers",
      split = ",",
      defaultValue = "KV,KV_LARGE,NAIVE,ROCKSDB,LMDB",
      description = "of ${COMPLETION-CANDIDATES}; default: all")
  List<Peer> peers;

  @Option(names = "--rounds", defaultValue = "5", description = "of each peer in each row")
  int rounds;

  @Option(names = "--seconds", defaultValue = "1.0", description = "of a round")
  double seconds;

  @Option(
      names = "--warm-up",
      defaultValue = "1.0",
      description = "seconds before the first round of each peer in each row")
  double warmUp;

  @Option(names = "--quick", description = "three short rounds: a glance, not figures to tell")
  boolean quick;

  @Option(names = "--keys", defaultValue = "100000", description = "that are there beforehand")
  int keys;

  @Option(
      names = "--dir",
      defaultValue = "bench/target",
      description = "where the databases go; default: bench/target")
  Path folder;

  private Main() {}

  public static void main(String[] arguments) {
    CommandLine line = new CommandLine(new Main()).setCaseInsensitiveEnumValuesAllowed(true);
    System.exit(line.execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    Plan plan = plan();
    List<String> preloaded = Keys.preloaded(plan.keys());
    MarkdownReport report = new MarkdownReport(System.out);
    report.head();
    try (Folders folders = new Folders(Files.createDirectories(folder), preloaded)) {
      for (Row row : plan.rows()) {
        try (Race race = new Race(row, plan, preloaded, folders)) {
          report.row(race.run());
        }
      }
    }
    return CommandLine.ExitCode.OK;
  }

  private Plan plan() {
    List<Row> rows = Rows.all().stream().filter(row -> only.matcher(row.name()).find()).toList();
    if (rows.isEmpty()) {
      throw new IllegalArgumentException("no row's name has " + only + " in it");
    }
    return quick
        ? new Plan(rows, peers, 3, Duration.ofMillis(250), Duration.ofMillis(250), keys)
        : new Plan(rows, peers, rounds, length(seconds), length(warmUp), keys);
  }

  private static Duration length(double seconds) {
    return Duration.ofNanos(Math.round(seconds * 1e9));
  }
}
