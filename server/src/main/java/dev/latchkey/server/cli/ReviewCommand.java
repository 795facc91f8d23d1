package dev.latchkey.server.cli;

import dev.latchkey.review.DiffException;
import dev.latchkey.review.Model;
import dev.latchkey.review.ModelChoice;
import dev.latchkey.review.ModelException;
import dev.latchkey.review.Neutral;
import dev.latchkey.review.Omitted;
import dev.latchkey.review.Plan;
import dev.latchkey.review.Review;
import dev.latchkey.review.ReviewOptions;
import dev.latchkey.review.Reviewer;
import dev.latchkey.review.Severity;
import dev.latchkey.review.Snapshot;
import dev.latchkey.server.RulesFile;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Reviews a local diff and prints the findings. Nothing is written to standard output unless the
/// whole review is there.
@Command(
    name = "review",
    description = "Reviews a local diff: of two revisions, of a file, or of standard input.",
    sortOptions = false,
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:no finding at or above --fail-on",
      "1:at least one",
      "2:wrong usage, or nothing that can be reviewed",
      "3:the model failed, or nothing it said can be read, or the output can't be written",
      "70:a mistake of latchkey itself"
    },
    exitCodeOnExecutionException = 70,
    footerHeading = "%nModels:%n",
    footer = {
      "  ollama:NAME     Ollama's own API, by default on this machine, at",
      "                  http://127.0.0.1:11434.",
      "  openai:NAME     an OpenAI-compatible endpoint, by default Ollama's,",
      "                  http://127.0.0.1:11434/v1.",
      "  anthropic:NAME  Anthropic's, which is remote and needs a key.",
      "  scripted:FILE   rules in a file, without a model.",
      "  none            asks nobody, and prints what is found without a model.",
      "A key is read from LATCHKEY_MODEL_KEY. There is no default model;",
      "LATCHKEY_MODEL and LATCHKEY_MODEL_URL are used where the options are not given."
    })
public final class ReviewCommand implements Callable<Integer> {
  private static final String NAME = "latchkey review";
  private static final String NO_MODEL = "none";
  private static final Duration TIMEOUT = Duration.ofMinutes(10);

  @Mixin private final ReviewInput input = new ReviewInput();

  @Option(
      names = "--model",
      paramLabel = "MODEL",
      description = "PROVIDER:NAME or scripted:FILE, see below.")
  private @Nullable String model;

  @Option(
      names = "--model-url",
      paramLabel = "URL",
      description = "The endpoint, as in https://host/v1; the provider's own if not given.")
  private @Nullable String modelUrl;

  @Option(
      names = "--allow-remote",
      description = "Let an endpoint see the code that is not on this machine.")
  private boolean allowRemote;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "text",
      converter = Words.ToFormat.class,
      description = "text, json, sarif or markdown; text if not given.")
  private Words.Format format = Words.Format.TEXT;

  @Option(
      names = "--max-findings",
      paramLabel = "N",
      description = "Print at most this many, most severe first; all if not given.")
  private @Nullable Integer maxFindings;

  @Option(
      names = "--fail-on",
      paramLabel = "SEVERITY",
      converter = Words.ToSeverity.class,
      description = "critical, major, minor or nit: exit 1 from there on; major if not given.")
  private @Nullable Severity failOn;

  @Option(names = "--verify", description = "Ask the model a second time, to refute what it found.")
  private boolean verify;

  @Option(
      names = "--dry-run",
      description = "Print what would be asked and what is left out, as text or json; ask nothing.")
  private boolean dryRun;

  private final Terminal terminal;

  public ReviewCommand() {
    this(Terminal.system());
  }

  public ReviewCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    try {
      return review();
    } catch (UsageException | DiffException | IllegalArgumentException e) {
      terminal.complain(NAME, String.valueOf(e.getMessage()));
      return 2;
    } catch (ModelException | UnusableException e) {
      terminal.complain(NAME, String.valueOf(e.getMessage()));
      return 3;
    }
  }

  private int review() {
    if (maxFindings != null && maxFindings < 0) {
      throw new UsageException("--max-findings must be 0 or more");
    }
    if (dryRun) {
      return plan();
    }
    ModelChoice choice = choice();
    Model chosen = choice.name().equals(NO_MODEL) ? null : choice.open();
    RulesFile file = input.rules();
    Snapshot snapshot = snapshot();
    ReviewOptions options = options(choice.name(), file);
    Plan plan = Plan.of(snapshot, options);
    if (plan.chunks().isEmpty() && plan.findings().isEmpty()) {
      throw new UsageException("nothing in the diff can be reviewed: " + counted(plan.omitted()));
    }
    Review review =
        chosen == null
            ? Reviewer.conclude(snapshot, plan, Map.of(), options)
            : ask(Reviewer.of(chosen, options), snapshot, plan, isVerified(file));
    if (chosen != null && !plan.chunks().isEmpty() && saysNothing(review, plan)) {
      terminal.complain(NAME, "the model failed: " + review.notes().getFirst());
      return 3;
    }
    Report report = new Report(snapshot, review, most(file), failOn(file));
    terminal.print(printed(report));
    return report.failed() ? 1 : 0;
  }

  private String printed(Report report) {
    return switch (format) {
      case TEXT -> new TextReport(report, terminal.colours()).print();
      case JSON -> JsonReport.print(report);
      case SARIF -> SarifReport.print(report);
      case MARKDOWN -> Neutral.report(report.review(), report.shown()) + leftOut(report);
    };
  }

  private static String leftOut(Report report) {
    return report.notShown() == 0 ? "" : "\n" + report.notShown() + " more findings not listed.\n";
  }

  private Review ask(Reviewer reviewer, Snapshot snapshot, Plan plan, boolean verified) {
    int questions = plan.chunks().size();
    try {
      terminal.progress("asking the model: 0 of " + questions);
      Review review =
          reviewer.review(
              snapshot,
              plan,
              TIMEOUT,
              answered -> terminal.progress("asking the model: " + answered + " of " + questions));
      if (!verified) {
        return review;
      }
      terminal.progress("asking the model to refute what it found");
      return reviewer.verify(plan, review, TIMEOUT);
    } catch (ModelException e) {
      if (!plan.findings().isEmpty()) {
        terminal.complain(
            NAME,
            plan.findings().size() + " findings need no model: see them with --model " + NO_MODEL);
      }
      throw e;
    } finally {
      terminal.progress("");
    }
  }

  /// Prints the plan. A model may be named, since its name is part of what questions are kept by.
  private int plan() {
    if (format != Words.Format.TEXT && format != Words.Format.JSON) {
      throw new UsageException("--dry-run prints text or json");
    }
    String name = model == null ? terminal.environment().get("LATCHKEY_MODEL") : model;
    RulesFile file = input.rules();
    Plan plan = Plan.of(snapshot(), options(name == null ? "" : name, file));
    terminal.print(format == Words.Format.JSON ? PlanReport.json(plan) : PlanReport.text(plan));
    return 0;
  }

  private Snapshot snapshot() {
    Snapshot snapshot = input.snapshot(terminal.in());
    if (snapshot.files().isEmpty()) {
      throw new UsageException("the diff is empty: there is nothing to review");
    }
    return snapshot;
  }

  private static ReviewOptions options(String name, RulesFile file) {
    return ReviewOptions.of(name)
        .withInlineFrom(Severity.NIT)
        .withMaxInline(Integer.MAX_VALUE)
        .withRules(file.rules());
  }

  private boolean isVerified(RulesFile file) {
    return verify || Boolean.TRUE.equals(file.verify());
  }

  private int most(RulesFile file) {
    Integer most = maxFindings == null ? file.maxFindings() : maxFindings;
    return most == null ? -1 : most;
  }

  private Severity failOn(RulesFile file) {
    Severity least = failOn == null ? file.failOn() : failOn;
    return least == null ? Severity.MAJOR : least;
  }

  /// Whether not one of the model's answers can be read.
  private static boolean saysNothing(Review review, Plan plan) {
    long unreadable =
        review.notes().stream().filter(note -> note.startsWith(Review.UNREADABLE)).count();
    return unreadable == plan.chunks().size();
  }

  private static String counted(List<Omitted> omitted) {
    Map<String, Integer> reasons = new TreeMap<>();
    omitted.forEach(one -> reasons.merge(one.reason().label(), 1, Integer::sum));
    StringBuilder text = new StringBuilder();
    reasons.forEach((reason, count) ->
        text.append(text.isEmpty() ? "" : ", ").append(count).append(" × ").append(reason));
    return text.toString();
  }

  private ModelChoice choice() {
    Map<String, String> environment = terminal.environment();
    String name = model == null ? environment.get("LATCHKEY_MODEL") : model;
    if (name == null || name.isBlank()) {
      throw new UsageException(
          "no model is named: give --model ollama:NAME (served by Ollama on this machine),"
              + " openai:NAME, anthropic:NAME or scripted:FILE");
    }
    boolean leave =
        allowRemote || "true".equalsIgnoreCase(environment.get("LATCHKEY_MODEL_ALLOW_REMOTE"));
    ModelChoice choice = ModelChoice.of(name).withAllowRemote(leave);
    String url = modelUrl == null ? environment.get("LATCHKEY_MODEL_URL") : modelUrl;
    if (url != null && !url.isBlank()) {
      choice = choice.withUrl(url(url));
    }
    String key = environment.get("LATCHKEY_MODEL_KEY");
    return key == null || key.isBlank() ? choice : choice.withKey(key.strip());
  }

  private static URI url(String text) {
    try {
      return new URI(text.strip());
    } catch (URISyntaxException e) {
      throw new UsageException("--model-url must be an address such as https://host/v1", e);
    }
  }
}
