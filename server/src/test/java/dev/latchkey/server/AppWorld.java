package dev.latchkey.server;

import dev.latchkey.inbox.Event;
import dev.latchkey.inbox.InboxStats;
import dev.latchkey.inbox.RetryPolicy;
import dev.latchkey.inbox.WorkState;
import dev.latchkey.simulator.People;
import dev.latchkey.simulator.ProposedChange;
import dev.latchkey.simulator.SimulatedCheckRun;
import dev.latchkey.simulator.SimulatedDelivery;
import dev.latchkey.simulator.SimulatedFile;
import dev.latchkey.simulator.SimulatedGitHub;
import dev.latchkey.simulator.SimulatedGitHubOptions;
import dev.latchkey.simulator.SimulatedIssueComment;
import dev.latchkey.simulator.SimulatedModel;
import dev.latchkey.simulator.SimulatedModelOptions;
import dev.latchkey.simulator.SimulatedRepository;
import dev.latchkey.simulator.SimulatedReview;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The whole App in the test's own process, beside a simulated GitHub with one repository, and a
/// simulated model.
final class AppWorld implements AutoCloseable {

  static final String A = "a".repeat(40);
  static final String B = "b".repeat(40);
  static final String C = "c".repeat(40);
  static final String MAINTAINER = "maintainer";
  static final List<SimulatedFile> FILES = files("open();");

  private static final String BASE = "0".repeat(40);
  private static final long SECONDS = 60;

  /// How often a work is tried.
  static final int ATTEMPTS = 10;

  /// Short, so that what fails a few times takes no longer than the test of it.
  private static final RetryPolicy RETRY =
      new RetryPolicy(ATTEMPTS, Duration.ofMillis(20), Duration.ofMillis(200));

  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private final Map<String, String> variables;
  private final SimulatedGitHub github;
  private final SimulatedModel model;
  private final SimulatedRepository repository;
  private @Nullable App app;

  /// @param more settings, beside those of [TestServer]
  AppWorld(Path folder, Map<String, String> more) {
    this(folder, more, SimulatedModelOptions.of(InstantSource.system(), TestReplies.scripted()));
  }

  /// @param answers how the model answers
  AppWorld(Path folder, Map<String, String> more, SimulatedModelOptions answers) {
    InstantSource clock = InstantSource.system();
    github =
        SimulatedGitHub.start(
            SimulatedGitHubOptions.of(clock, "4711", TestKeys.publicKey(), TestServer.SECRET));
    model = SimulatedModel.start(answers);
    repository = github.addRepository("acme", "web");
    github.people().role(repository, MAINTAINER, "write");
    variables = new HashMap<>(TestServer.settings(folder));
    variables.put("GITHUB_API_URL", github.uri().toString());
    variables.put("LATCHKEY_MODEL_URL", model.uri().toString());
    variables.put("LATCHKEY_SETTLE_WINDOW", "50ms");
    variables.putAll(more);
  }

  /// A file of which the second line is added.
  static List<SimulatedFile> files(String line) {
    return List.of(SimulatedFile.modified("Door.java", "@@ -1 +1,2 @@\n one\n+" + line));
  }

  /// Starts the App, and returns once it has caught up and looked through the open pull requests:
  /// what is opened from then on, it learns by being told.
  AppWorld start() throws InterruptedException {
    return start(PlantedBug.NONE);
  }

  AppWorld start(PlantedBug bug) throws InterruptedException {
    App.Reviewings reviewing = bug.seams(event -> {}).reviewing();
    App started = App.start(Settings.read(variables), new App.Seams(events::add, reviewing, RETRY));
    app = started;
    github.webhook(
        URI.create("http://127.0.0.1:" + started.webhookPort() + "/api/github/webhooks"));
    boolean resynced = false;
    boolean caughtUp = variables.containsKey("LATCHKEY_POLL");
    while (!resynced || !caughtUp) {
      Event event = next();
      resynced |= event instanceof Event.Resynced;
      caughtUp |= event instanceof Event.CaughtUp;
    }
    return this;
  }

  void stop() {
    Objects.requireNonNull(app).close();
    app = null;
  }

  App app() {
    return Objects.requireNonNull(app);
  }

  SimulatedGitHub github() {
    return github;
  }

  People people() {
    return github.people();
  }

  SimulatedModel model() {
    return model;
  }

  SimulatedRepository repository() {
    return repository;
  }

  /// Opens a pull request, by somebody who has contributed before, at head [#A].
  int open() {
    return open(false);
  }

  int open(boolean draft) {
    return github.open(
        repository, new ProposedChange("Open", "", "octocat", BASE, A, draft, FILES));
  }

  /// Sends a delivery about the pull request, and waits until nothing is left to do.
  void tell(int number, String action) throws InterruptedException {
    tell(github.pullRequestDelivery(repository, number, action));
  }

  void tell(SimulatedDelivery delivery) throws InterruptedException {
    if (!github.send(delivery).accepted()) {
      throw new AssertionError("not accepted: " + delivery);
    }
    idle();
  }

  /// Comments below the pull request, tells of it, and waits until nothing is left to do.
  ///
  /// @return the comment's id
  long comment(int number, String login, String text) throws InterruptedException {
    long id = people().comment(repository, number, login, text);
    tell(github.commentDelivery(repository, id, "created"));
    return id;
  }

  /// Waits until no work is ready, runs or waits.
  void idle() throws InterruptedException {
    while (left(WorkState.READY, WorkState.RUNNING, WorkState.WAITING) > 0) {
      var _ = next();
    }
  }

  /// Waits for an event.
  void await(Predicate<Event> wanted) throws InterruptedException {
    Event event = next();
    while (!wanted.test(event)) {
      event = next();
    }
  }

  private Event next() throws InterruptedException {
    Event event = events.poll(SECONDS, TimeUnit.SECONDS);
    if (event == null) {
      throw new AssertionError("nothing happened: " + app().stats());
    }
    return event;
  }

  private long left(WorkState... states) {
    InboxStats stats = app().stats();
    return Stream.of(states).mapToLong(state -> stats.works().getOrDefault(state, 0L)).sum();
  }

  List<SimulatedReview> reviews(int number) {
    return github.visibleReviews(repository, number);
  }

  /// The App's comments below the pull request.
  List<SimulatedIssueComment> said(int number) {
    return people().comments(repository, number).stream()
        .filter(comment -> comment.authorType().equals("Bot"))
        .toList();
  }

  /// The check runs of a head, each as `status conclusion title`.
  List<String> checks(String head) {
    return github.checkRuns(repository).stream()
        .filter(run -> run.headSha().equals(head))
        .map(AppWorld::words)
        .toList();
  }

  private static String words(SimulatedCheckRun run) {
    return run.status() + " " + run.conclusion() + " " + run.title();
  }

  @Override
  public void close() {
    if (app != null) {
      stop();
    }
    model.close();
    github.close();
  }
}
