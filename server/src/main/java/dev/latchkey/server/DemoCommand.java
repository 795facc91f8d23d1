package dev.latchkey.server;

import static java.util.Objects.requireNonNull;

import dev.latchkey.simulator.SimulatorException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `latchkey demo`: the whole thing on this machine, without an account or a key.
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = {
      "Shows the whole thing on this machine, without an account or a key: the real server between"
          + " a simulated GitHub and a scripted model, reviewing pull requests made of a git"
          + " repository's last commits. The server is killed in mid-review and started again.",
      "Exit code: 0 every open pull request's head has exactly one review and nothing was lost;"
          + " 1 not so; 2 wrong usage."
    })
final class DemoCommand implements Callable<Integer> {
  private static final int BROKEN = 1;
  private static final int USAGE = 2;

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--repo",
      paramLabel = "DIR",
      description =
          "A git repository, whose last commits become pull requests. Default: the one of the"
              + " current folder; a sample if there is none, no git, or not enough history.")
  private @Nullable Path repository;

  @Option(
      names = "--pull-requests",
      paramLabel = "N",
      defaultValue = "12",
      description = "How many pull requests at most, 1 to 100. Default: ${DEFAULT-VALUE}.")
  private int pullRequests;

  @Option(names = "--exit", description = "End when done, instead of serving until Ctrl-C.")
  private boolean exit;

  @Option(
      names = "--json",
      description = "Print one JSON document to standard output, progress to standard error.")
  private boolean json;

  @Override
  public Integer call() {
    if (pullRequests < 1 || pullRequests > 100) {
      throw new ParameterException(
          requireNonNull(spec).commandLine(), "--pull-requests is 1 to 100, not " + pullRequests);
    }
    // Progress goes where it can't disturb a machine that reads.
    var progress = json ? System.err : System.out;
    try {
      return run(progress);
    } catch (SimulatorException e) {
      System.err.println("latchkey demo: " + e.getMessage());
      return USAGE;
    } catch (DemoException e) {
      System.err.println("latchkey demo: " + e.getMessage());
      return BROKEN;
    } catch (InterruptedException e) {
      // Ctrl-C: whoever pressed it knows.
      Thread.currentThread().interrupt();
      return BROKEN;
    }
  }

  private int run(PrintStream progress) throws InterruptedException {
    var source = DemoSource.of(repository, pullRequests, line -> tell(progress, line));
    try (var demo = Demo.of(source, DemoModel.replies(), line -> tell(progress, line))) {
      // Ctrl-C ends the server, too, and removes what was written.
      var ending = new Thread(demo::close, "demo-end");
      Runtime.getRuntime().addShutdownHook(ending);
      demo.start();
      var report = demo.run();
      System.out.print(json ? report.json() + "\n" : "\n" + report.table());
      System.out.flush();
      if (!report.problems().isEmpty()) {
        report.problems().forEach(problem -> System.err.println("latchkey demo: " + problem));
        System.err.println("the server's log ends with\n" + demo.serverLog());
      }
      if (!exit) {
        tell(progress, "the overview page is at " + report.dashboard() + " until Ctrl-C");
        demo.serveOn();
      }
      return report.problems().isEmpty() ? 0 : BROKEN;
    }
  }

  private static void tell(PrintStream progress, String line) {
    progress.println("  " + line);
    progress.flush();
  }
}
