package dev.latchkey.server.cli;

import dev.latchkey.review.DiffException;
import dev.latchkey.review.Diffs;
import dev.latchkey.review.FileDiff;
import dev.latchkey.review.Model;
import dev.latchkey.review.ModelChoice;
import dev.latchkey.review.ModelException;
import dev.latchkey.review.Omitted;
import dev.latchkey.review.Plan;
import dev.latchkey.review.Review;
import dev.latchkey.review.ReviewOptions;
import dev.latchkey.review.Reviewer;
import dev.latchkey.review.Severity;
import dev.latchkey.review.Snapshot;
import dev.latchkey.review.Visible;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
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
      "3:the model failed, or nothing it said can be read",
      "70:a mistake of latchkey itself"
    },
    exitCodeOnExecutionException = 70,
    footerHeading = "%nModels:%n",
    footer = {
      "  openai:NAME    an OpenAI-compatible endpoint, by default the one Ollama serves on this",
      "                 machine, http://127.0.0.1:11434/v1. A key is read from LATCHKEY_MODEL_KEY.",
      "  scripted:FILE  rules in a file, without a model.",
      "There is no default model; LATCHKEY_MODEL and LATCHKEY_MODEL_URL are used where the options",
      "are not given."
    })
public final class ReviewCommand implements Callable<Integer> {
  private static final String NAME = "latchkey review";
  private static final Duration TIMEOUT = Duration.ofMinutes(10);

  @Option(
      names = "--diff",
      paramLabel = "FILE",
      description = "The diff, as git diff prints it; - for standard input.")
  private @Nullable String diff;

  @Option(
      names = "--base",
      paramLabel = "REVISION",
      description = "Compare with where --head left this, as a pull request does.")
  private @Nullable String base;

  @Option(
      names = "--head",
      paramLabel = "REVISION",
      defaultValue = "HEAD",
      description = "What is reviewed; HEAD if not given.")
  private String head = "HEAD";

  @Option(
      names = "--repo",
      paramLabel = "DIR",
      description = "The git repository; the current folder if not given.")
  private @Nullable Path repository;

  @Option(
      names = "--model",
      paramLabel = "MODEL",
      description = "openai:NAME or scripted:FILE, see below.")
  private @Nullable String model;

  @Option(
      names = "--model-url",
      paramLabel = "URL",
      description = "The endpoint, up to and with its version, as in https://host/v1.")
  private @Nullable String modelUrl;

  @Option(
      names = "--allow-remote",
      description = "Let an endpoint see the code that is not on this machine.")
  private boolean allowRemote;

  @Option(
      names = "--format",
      paramLabel = "text|json",
      defaultValue = "text",
      converter = Words.ToFormat.class,
      description = "How to print; text if not given.")
  private Words.Format format = Words.Format.TEXT;

  @Option(
      names = "--max-findings",
      paramLabel = "N",
      description = "Print at most this many, most severe first; all if not given.")
  private @Nullable Integer maxFindings;

  @Option(
      names = "--fail-on",
      paramLabel = "SEVERITY",
      defaultValue = "major",
      converter = Words.ToSeverity.class,
      description = "critical, major, minor or nit: exit 1 from there on; major if not given.")
  private Severity failOn = Severity.MAJOR;

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
    } catch (ModelException e) {
      terminal.complain(NAME, String.valueOf(e.getMessage()));
      return 3;
    }
  }

  private int review() {
    if (maxFindings != null && maxFindings < 0) {
      throw new UsageException("--max-findings must be 0 or more");
    }
    ModelChoice choice = choice();
    Model chosen = choice.open();
    Snapshot snapshot = snapshot();
    if (snapshot.files().isEmpty()) {
      throw new UsageException("the diff is empty: there is nothing to review");
    }
    ReviewOptions options =
        ReviewOptions.of(choice.name())
            .withInlineFrom(Severity.NIT)
            .withMaxInline(Integer.MAX_VALUE);
    Plan plan = Plan.of(snapshot, options);
    if (plan.chunks().isEmpty()) {
      throw new UsageException("nothing in the diff can be reviewed: " + counted(plan.omitted()));
    }
    Review review = Reviewer.of(chosen, options).review(snapshot, plan, TIMEOUT);
    if (saysNothing(review, plan)) {
      terminal.complain(NAME, "the model failed: " + review.notes().getFirst());
      return 3;
    }
    Report report = new Report(snapshot, review, maxFindings == null ? -1 : maxFindings, failOn);
    terminal.print(
        switch (format) {
          case TEXT -> new TextReport(report, terminal.colours()).print();
          case JSON -> JsonReport.print(report);
        });
    return report.failed() ? 1 : 0;
  }

  /// Whether not one of the model's answers can be read.
  private static boolean saysNothing(Review review, Plan plan) {
    long unanswered =
        review.omitted().stream()
            .filter(omitted -> omitted.reason() == Omitted.Reason.NO_ANSWER)
            .count();
    long asked =
        plan.chunks().stream()
            .flatMap(chunk -> chunk.files().stream())
            .map(FileDiff::path)
            .distinct()
            .count();
    return unanswered == asked && !review.notes().isEmpty();
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
          "no model is named: give --model openai:NAME (served by Ollama on this machine, or at"
              + " --model-url) or --model scripted:FILE");
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

  private Snapshot snapshot() {
    if (diff != null && base != null) {
      throw new UsageException("give either --diff or --base, not both");
    }
    if (base != null) {
      Path folder = (repository == null ? Path.of("") : repository).toAbsolutePath().normalize();
      Git.Comparison found = new Git(folder, "git").compare(base, head);
      Path name = folder.getFileName();
      return new Snapshot(
          name == null ? "local" : name.toString(),
          0,
          found.head(),
          found.mergeBase(),
          "",
          "",
          "",
          Diffs.parse(found.diff().toArray()));
    }
    if (diff == null) {
      throw new UsageException(
          "say what to review: --base REVISION (and --head), --diff FILE, or --diff - for"
              + " standard input");
    }
    return Snapshot.ofDiff("local", Diffs.parse(diff.equals("-") ? standardInput() : file(diff)));
  }

  private byte[] standardInput() {
    try {
      return bounded(terminal.in(), "standard input");
    } catch (IOException e) {
      throw new UsageException("standard input can't be read", e);
    }
  }

  private static byte[] file(String name) {
    try (InputStream in = Files.newInputStream(Path.of(name))) {
      return bounded(in, name);
    } catch (IOException e) {
      throw new UsageException(
          "the diff in " + Visible.path(name) + " can't be read: is it a readable file?", e);
    }
  }

  private static byte[] bounded(InputStream in, String name) throws IOException {
    byte[] bytes = in.readNBytes(Git.MAX_DIFF + 1);
    if (bytes.length > Git.MAX_DIFF) {
      throw new UsageException("the diff in " + name + " is larger than 64 MiB");
    }
    return bytes;
  }
}
