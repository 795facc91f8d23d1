package dev.latchkey.server;

import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `latchkey doctor`.
@Command(
    name = "doctor",
    description = {
      "Checks what the server needs: settings, database, disk, clock, GitHub, model.",
      "Prints a line for each: ok, warn or fail, and what to do. Asks for nothing that costs."
    },
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:nothing fails",
      "1:at least one check fails",
      "2:a setting is missing or wrong, so nothing else was checked"
    })
final class DoctorCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Mixin private final ConfigOption config = new ConfigOption();

  @Option(names = "--json", description = "Print JSON, for machines.")
  private boolean json;

  private final Map<String, String> variables;
  private final InstantSource clock;

  DoctorCommand() {
    this(System.getenv(), InstantSource.system());
  }

  DoctorCommand(Map<String, String> variables, InstantSource clock) {
    this.variables = variables;
    this.clock = clock;
  }

  @Override
  public Integer call() {
    List<Check> checks;
    try {
      checks = new Doctor(config.read(variables), clock).examine();
    } catch (SettingsException e) {
      spec.commandLine().getErr().println("latchkey doctor: " + e.getMessage());
      return 2;
    }
    boolean healthy = checks.stream().noneMatch(check -> check.result() == Check.Result.FAIL);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(json(checks, healthy));
    } else {
      checks.forEach(
          check -> out.printf("%-4s  %-13s  %s%n", word(check), check.name(), check.told()));
    }
    out.flush();
    return healthy ? 0 : 1;
  }

  private static String json(List<Check> checks, boolean healthy) {
    List<Map<String, String>> list =
        checks.stream()
            .map(check -> {
              Map<String, String> one = new LinkedHashMap<>();
              one.put("name", check.name());
              one.put("result", word(check));
              one.put("message", check.told());
              return one;
            })
            .toList();
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("healthy", healthy);
    all.put("checks", list);
    return Json.write(all);
  }

  private static String word(Check check) {
    return check.result().name().toLowerCase(Locale.ROOT);
  }
}
