package dev.latchkey.server;

import dev.latchkey.kv.Database;
import dev.latchkey.simulator.ApiListener;
import dev.latchkey.simulator.ApiRequest;
import dev.latchkey.simulator.Fate;
import dev.latchkey.simulator.ModelCall;
import dev.latchkey.simulator.ProposedChange;
import dev.latchkey.simulator.SimulatedCheckRun;
import dev.latchkey.simulator.SimulatedDelivery;
import dev.latchkey.simulator.SimulatedFile;
import dev.latchkey.simulator.SimulatedGitHub;
import dev.latchkey.simulator.SimulatedGitHubOptions;
import dev.latchkey.simulator.SimulatedIssueComment;
import dev.latchkey.simulator.SimulatedModel;
import dev.latchkey.simulator.SimulatedModelOptions;
import dev.latchkey.simulator.SimulatedPullRequest;
import dev.latchkey.simulator.SimulatedRepository;
import dev.latchkey.simulator.SimulatedReview;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The App as a child process which is killed again and again, while people push, comment, and
/// deliveries come twice, at once, late, or while nobody is there; and a simulated GitHub which
/// loses answers and applies writes after their sender is gone. The world outlives all children and
/// judges by its own records.
final class AppStorm implements AutoCloseable {

  private static final String SECRET = "a webhook secret for tests only";
  private static final String APP_ID = "4711";
  private static final String BOT = "latchkey[bot]";
  private static final String MAINTAINER = "maintainer";
  private static final long LIFE_SECONDS = 3;
  private static final Pattern MARKER =
      Pattern.compile("<!-- latchkey v1 key=([0-9a-f]{64}) head=([0-9a-f]{40}) round=([0-9]+) ");

  private static final Pattern NONCE = Pattern.compile("[0-9a-f]{32}");

  /// After a call began, a kill within this time may have cut it off.
  private static final Duration IN_CALL = Duration.ofSeconds(2);

  private final Random random;
  private final PlantedBug bug;
  private final Path folder;
  private final SimulatedGitHub github;
  private final SimulatedModel model;
  private final SimulatedRepository repository;
  private final List<SimulatedDelivery> sent = new ArrayList<>();
  private final List<CompletableFuture<Void>> held = new ArrayList<>();
  private final List<Instant> kills = new ArrayList<>();
  private final Map<String, Integer> hits = new TreeMap<>();
  private final ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor();
  private volatile Trap trap = new Trap(StormPoint.NOWHERE, new CountDownLatch(0));
  private int commits;

  /// Where the next child dies.
  private record Trap(StormPoint point, CountDownLatch killed, AtomicBoolean sprung) {
    Trap(StormPoint point, CountDownLatch killed) {
      this(point, killed, new AtomicBoolean());
    }
  }

  AppStorm(long seed, PlantedBug bug, Path folder) {
    this.random = new Random(seed);
    this.bug = bug;
    this.folder = folder;
    InstantSource clock = InstantSource.system();
    github =
        SimulatedGitHub.start(
            SimulatedGitHubOptions.of(clock, APP_ID, TestKeys.publicKey(), SECRET));
    model =
        SimulatedModel.start(
            SimulatedModelOptions.of(clock, TestReplies.scripted()).withBeforeAnswer(this::asked));
    repository = github.addRepository("acme", "web");
    github.people().role(repository, MAINTAINER, "write");
    github.listener(
        new ApiListener() {
          @Override
          public Fate before(ApiRequest request) {
            return reached(request, true);
          }

          @Override
          public Fate after(ApiRequest request, int status) {
            return reached(request, false);
          }
        });
  }

  /// How often each point was where a child died, and how often it died before it came by.
  Map<String, Integer> hits() {
    return hits;
  }

  int kills() {
    return kills.size();
  }

  /// Lives through it, child after child.
  ///
  /// @return what was broken, empty if every promise held
  List<String> run(int pulls, List<StormPoint> points) throws IOException, InterruptedException {
    for (int i = 0; i < pulls; i++) {
      open();
    }
    finish();
    for (StormPoint point : points) {
      oneLife(point);
      while (held.size() > 2 && random.nextBoolean()) {
        held.remove(random.nextInt(held.size())).complete(null);
      }
      if (random.nextInt(3) == 0) {
        // Nobody is there: GitHub notes that, and never sends it again by itself.
        happen();
      }
    }
    finish();
    held.forEach(one -> one.complete(null));
    awaitApplied();
    finish();
    return violations();
  }

  private void oneLife(StormPoint point) throws InterruptedException {
    CountDownLatch killed = new CountDownLatch(1);
    trap = new Trap(StormPoint.NOWHERE, killed);
    String stop = point.event() ? point.name() : "NOWHERE";
    try (ChildProcess child = child(stop)) {
      github.webhook(webhook(child));
      Trap set = new Trap(point, killed);
      trap = set;
      happen();
      if (point.name().startsWith("SUMMARY_CREATED")) {
        send(github.pullRequestDelivery(repository, open(), "opened"));
      } else {
        happen();
      }
      long life =
          point == StormPoint.RANDOM
              ? random.nextInt(900)
              : TimeUnit.SECONDS.toMillis(LIFE_SECONDS);
      boolean came = !point.event() && killed.await(life, TimeUnit.MILLISECONDS);
      if (point.event()) {
        child.await("at " + stop);
        came = true;
      }
      hits.merge(
          point == StormPoint.RANDOM || came ? point.name() : "came by none", 1, Integer::sum);
      kills.add(InstantSource.system().instant());
      child.kill();
      child.awaitEnd();
    } finally {
      trap = new Trap(StormPoint.NOWHERE, new CountDownLatch(0));
    }
  }

  private void finish() throws IOException, InterruptedException {
    try (ChildProcess child = child("NOWHERE")) {
      github.webhook(webhook(child));
      child.await("looked");
      child.tell("finish");
      child.await("idle");
      child.awaitEnd();
    }
  }

  /// Something that people do, told to the App or not, once or more often.
  private void happen() {
    List<SimulatedPullRequest> all = github.pullRequests(repository);
    int number = all.get(random.nextInt(all.size())).number();
    SimulatedDelivery delivery =
        switch (random.nextInt(8)) {
          case 0 -> github.pullRequestDelivery(repository, open(), "opened");
          case 1 -> {
            long id = github.people().comment(repository, number, MAINTAINER, "/review full");
            yield github.commentDelivery(repository, id, "created");
          }
          case 2 -> sent.isEmpty() ? push(number) : sent.get(random.nextInt(sent.size()));
          default -> push(number);
        };
    send(delivery);
  }

  private void send(SimulatedDelivery delivery) {
    sent.add(delivery);
    int copies = 1 + random.nextInt(3);
    for (int i = 0; i < copies; i++) {
      var _ = senders.submit(() -> github.send(delivery));
    }
  }

  private SimulatedDelivery push(int number) {
    List<SimulatedFile> files = files();
    if (random.nextInt(4) == 0) {
      github.forcePush(repository, number, commit(), files);
    } else {
      github.push(repository, number, commit(), files);
    }
    return github.pullRequestDelivery(repository, number, "synchronize");
  }

  private int open() {
    String base = "0".repeat(40);
    return github.open(
        repository, new ProposedChange("Change", "", "octocat", base, commit(), false, files()));
  }

  private String commit() {
    commits++;
    return "%040x".formatted(commits);
  }

  private List<SimulatedFile> files() {
    String line = "call%d();".formatted(commits);
    return List.of(
        SimulatedFile.modified("Door.java", "@@ -1 +1,2 @@\n one\n+" + line),
        SimulatedFile.modified("Wall.java", "@@ -1 +1,2 @@\n one\n+stand();"));
  }

  private void asked(ModelCall call) {
    if (trap.point() == StormPoint.IN_CALL) {
      spring(trap);
    }
  }

  private Fate reached(ApiRequest request, boolean before) {
    Trap set = trap;
    StormPoint point = set.point();
    if (!point.is(request)
        || point.before() != before
        || !set.sprung().compareAndSet(false, true)) {
      return Fate.proceed();
    }
    set.killed().countDown();
    if (point.held()) {
      CompletableFuture<Void> until = new CompletableFuture<>();
      synchronized (held) {
        held.add(until);
      }
      return Fate.hold(until);
    }
    return Fate.drop();
  }

  private static void spring(Trap set) {
    if (set.sprung().compareAndSet(false, true)) {
      set.killed().countDown();
    }
  }

  /// What is held is applied on threads of the simulation.
  private void awaitApplied() throws InterruptedException {
    senders.shutdown();
    if (!senders.awaitTermination(60, TimeUnit.SECONDS)) {
      throw new AssertionError("deliveries are still being sent");
    }
    github.awaitHeld();
  }

  private List<String> violations() {
    List<String> broken = new ArrayList<>();
    for (SimulatedPullRequest pull : github.pullRequests(repository)) {
      reviews(pull, broken);
      checks(pull, broken);
      List<SimulatedIssueComment> summaries =
          github.people().comments(repository, pull.number()).stream()
              .filter(comment -> comment.body().contains("latchkey v1 summary="))
              .toList();
      if (summaries.size() != 1) {
        broken.add("#%d has %d summaries".formatted(pull.number(), summaries.size()));
      } else if (!summaries.getFirst().body().contains(pull.headSha().substring(0, 7))) {
        broken.add("#%d has an old summary".formatted(pull.number()));
      }
    }
    calls(broken);
    deliveries(broken);
    return broken;
  }

  private void reviews(SimulatedPullRequest pull, List<String> broken) {
    if (!github.pendingReviews(repository, pull.number()).isEmpty()) {
      broken.add("#%d has a pending review left".formatted(pull.number()));
    }
    Map<String, Integer> rounds = new HashMap<>();
    for (SimulatedReview review : github.visibleReviews(repository, pull.number())) {
      Matcher marker = MARKER.matcher(review.body());
      if (!review.author().equals(BOT) || !marker.find()) {
        broken.add("#%d has a review without a marker".formatted(pull.number()));
      } else {
        rounds.merge(marker.group(2) + " " + marker.group(3), 1, Integer::sum);
      }
    }
    rounds.forEach((round, count) -> {
      if (count > 1) {
        broken.add("#%d has %d reviews of %s".formatted(pull.number(), count, round));
      }
    });
    if (!rounds.containsKey(pull.headSha() + " 1")) {
      broken.add("#%d has no review of its head".formatted(pull.number()));
    }
  }

  private void checks(SimulatedPullRequest pull, List<String> broken) {
    List<SimulatedCheckRun> runs =
        github.checkRuns(repository).stream()
            .filter(run -> run.headSha().equals(pull.headSha()))
            .toList();
    if (runs.isEmpty() || !"success".equals(runs.getLast().conclusion())) {
      broken.add("#%d has the check runs %s".formatted(pull.number(), runs));
    }
    Set<String> heads = new HashSet<>(pull.earlierHeads());
    heads.add(pull.headSha());
    github.checkRuns(repository).stream()
        .filter(run -> heads.contains(run.headSha()) && !run.status().equals("completed"))
        .forEach(run -> broken.add("#%d has an open check run".formatted(pull.number())));
  }

  /// A question is asked once more only for a kill that may have cut its call off.
  private void calls(List<String> broken) {
    Map<String, List<ModelCall>> byQuestion = new HashMap<>();
    model
        .calls()
        .forEach(
            call -> byQuestion.computeIfAbsent(question(call), _ -> new ArrayList<>()).add(call));
    byQuestion.forEach((question, calls) -> {
      long cutOff =
          calls.stream()
              .filter(call ->
                  kills.stream()
                      .anyMatch(kill ->
                          !kill.isBefore(call.at()) && kill.isBefore(call.at().plus(IN_CALL))))
              .count();
      if (calls.size() > 1 + cutOff) {
        broken.add("a question was asked %d times".formatted(calls.size()));
      }
    });
  }

  private static String question(ModelCall call) {
    return NONCE.matcher(call.question().user()).replaceAll("");
  }

  private void deliveries(List<String> broken) {
    try (Database database = Database.open(folder.resolve("latchkey.db"))) {
      Set<String> kept =
          Set.copyOf(
              database.query(
                  "SELECT id FROM latchkey_delivery", row -> String.valueOf(row.text(1))));
      sent.stream()
          .map(SimulatedDelivery::id)
          .filter(id -> !kept.contains(id))
          .distinct()
          .forEach(id -> broken.add("delivery " + id + " is lost"));
      database
          .query(
              """
              SELECT work FROM latchkey_charge
              WHERE bucket <> 'tokens' AND state <> 'RELEASED'
              GROUP BY work, bucket HAVING COUNT(*) > 1
              """,
              row -> row.number(1))
          .forEach(work -> broken.add("work " + work + " was charged twice"));
    }
  }

  private ChildProcess child(String stopAt) {
    return new ChildProcess(stopAt, bug, environment(), folder.resolve("server.log"));
  }

  private Map<String, String> environment() {
    Map<String, String> all = new HashMap<>(TestServer.settings(folder));
    // The first child that ends in order leaves an archive of its classes: the others start sooner.
    all.put(
        "JDK_JAVA_OPTIONS",
        "-XX:+AutoCreateSharedArchive -XX:SharedArchiveFile=" + folder.resolve("classes.jsa"));
    all.put("GITHUB_API_URL", github.uri().toString());
    all.put("LATCHKEY_MODEL", "openai:scripted");
    all.put("LATCHKEY_MODEL_URL", model.uri().toString());
    all.put("LATCHKEY_SETTLE_WINDOW", "100ms");
    all.put("LATCHKEY_LIMIT_PER_REPOSITORY", "100000/1h");
    all.put("LATCHKEY_LIMIT_PER_OWNER", "100000/1h");
    all.put("LATCHKEY_LIMIT_TOKENS_PER_DAY", "1000000000/day");
    return all;
  }

  private static URI webhook(ChildProcess child) throws InterruptedException {
    return URI.create("http://127.0.0.1:" + child.await("ready") + "/api/github/webhooks");
  }

  @Override
  public void close() {
    senders.shutdownNow();
    model.close();
    github.close();
  }
}
