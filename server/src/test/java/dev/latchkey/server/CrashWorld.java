package dev.latchkey.server;

import dev.latchkey.kv.Database;
import dev.latchkey.simulator.ApiListener;
import dev.latchkey.simulator.ApiRequest;
import dev.latchkey.simulator.DeliveryAttempt;
import dev.latchkey.simulator.Fate;
import dev.latchkey.simulator.ModelCall;
import dev.latchkey.simulator.ProposedChange;
import dev.latchkey.simulator.SimulatedCheckRun;
import dev.latchkey.simulator.SimulatedDelivery;
import dev.latchkey.simulator.SimulatedGitHub;
import dev.latchkey.simulator.SimulatedGitHubOptions;
import dev.latchkey.simulator.SimulatedModel;
import dev.latchkey.simulator.SimulatedModelOptions;
import dev.latchkey.simulator.SimulatedPullRequest;
import dev.latchkey.simulator.SimulatedRepository;
import dev.latchkey.simulator.SimulatedReview;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/// A simulated GitHub and model, and a server beside them which is killed at one point and started
/// again. The world outlives the server and judges by its own records.
final class CrashWorld implements AutoCloseable {

  private static final String SECRET = "a webhook secret for tests only";
  private static final String APP_ID = "4711";

  private final CrashPoint point;
  private final PlantedBug bug;
  private final Path folder;
  private final SimulatedGitHub github;
  private final SimulatedModel model;
  private final SimulatedRepository repository;
  private final CompletableFuture<ChildProcess> victim = new CompletableFuture<>();
  private final CountDownLatch killed = new CountDownLatch(1);

  CrashWorld(CrashPoint point, PlantedBug bug, Path folder) {
    this.point = point;
    this.bug = bug;
    this.folder = folder;
    this.github =
        SimulatedGitHub.start(
            SimulatedGitHubOptions.of(
                InstantSource.system(), APP_ID, TestKeys.publicKey(), SECRET));
    this.model =
        SimulatedModel.start(
            SimulatedModelOptions.of(InstantSource.system(), TestReplies.scripted())
                .withBeforeAnswer(this::called));
    this.repository = github.addRepository("acme", "web");
    github.listener(listener());
  }

  /// Lives through it all.
  ///
  /// @return what was broken, empty if every promise held
  List<String> run(List<ProposedChange> changes) throws IOException, InterruptedException {
    List<SimulatedDelivery> deliveries = new ArrayList<>();
    for (ProposedChange change : changes) {
      int number = github.open(repository, change);
      deliveries.add(github.pullRequestDelivery(repository, number, "opened"));
      deliveries.add(github.pullRequestDelivery(repository, number, "synchronize"));
    }
    untilKilled(deliveries);
    afterwards(deliveries);
    return violations();
  }

  /// As [#run], but the only delivery is sent once, answered before the kill, and never again.
  List<String> runOnOneDelivery(ProposedChange change) throws IOException, InterruptedException {
    int number = github.open(repository, change);
    SimulatedDelivery delivery = github.pullRequestDelivery(repository, number, "opened");
    try (ChildProcess child = child(point.name())) {
      github.webhook(webhook(child));
      if (!github.send(delivery).accepted()) {
        throw new AssertionError("the delivery was not accepted");
      }
      child.await("at " + point);
      child.kill();
      child.awaitEnd();
    }
    afterwards(List.of());
    return violations();
  }

  /// How often the model was asked what it had been asked before.
  int questionsAskedAgain() {
    return model.callsByQuestion().values().stream().mapToInt(calls -> calls - 1).sum();
  }

  private void untilKilled(List<SimulatedDelivery> deliveries) throws InterruptedException {
    try (ChildProcess child = child(point.name());
        ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor()) {
      github.webhook(webhook(child));
      victim.complete(child);
      for (SimulatedDelivery delivery : deliveries) {
        // The same at once, as a redelivery that crosses the delivery.
        var _ = senders.submit(() -> github.send(delivery));
        var _ = senders.submit(() -> github.send(delivery));
      }
      if (seenFromOutside()) {
        if (!killed.await(60, TimeUnit.SECONDS)) {
          throw new AssertionError("nothing came by " + point);
        }
      } else {
        child.await("at " + point);
        child.kill();
      }
      child.awaitEnd();
    }
  }

  /// Sends again what wasn't answered 2xx, as GitHub does when somebody asks for it, and one
  /// delivery that was.
  private void afterwards(List<SimulatedDelivery> deliveries)
      throws IOException, InterruptedException {
    try (ChildProcess child = child("NOWHERE");
        ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor()) {
      github.webhook(webhook(child));
      Set<String> accepted = accepted();
      List<Future<DeliveryAttempt>> attempts =
          Stream.concat(
                  deliveries.stream().filter(delivery -> !accepted.contains(delivery.id())),
                  deliveries.stream().filter(delivery -> accepted.contains(delivery.id())).limit(1))
              .map(delivery -> senders.submit(() -> github.redeliver(delivery.id())))
              .toList();
      for (Future<DeliveryAttempt> attempt : attempts) {
        if (!taken(attempt)) {
          throw new AssertionError("the server which was started again takes no deliveries");
        }
      }
      child.tell("finish");
      child.await("idle");
      child.awaitEnd();
    }
  }

  private static boolean taken(Future<DeliveryAttempt> attempt) throws InterruptedException {
    try {
      return attempt.get(30, TimeUnit.SECONDS).accepted();
    } catch (ExecutionException | TimeoutException e) {
      throw new AssertionError("a delivery could not be sent", e);
    }
  }

  private List<String> violations() {
    List<String> violations = new ArrayList<>();
    for (SimulatedPullRequest pull : github.pullRequests(repository)) {
      violations.addAll(violations(pull));
    }
    Set<String> lost = new HashSet<>(accepted());
    lost.removeAll(kept());
    lost.forEach(id -> violations.add("delivery " + id + " was answered 2xx and is lost"));
    // One kill, so at most one call of each question was cut off.
    if (model.callsByQuestion().values().stream().anyMatch(calls -> calls > 2)) {
      violations.add("a question was paid for more than twice");
    }
    return violations;
  }

  private List<String> violations(SimulatedPullRequest pull) {
    List<String> violations = new ArrayList<>();
    List<SimulatedReview> visible = github.visibleReviews(repository, pull.number());
    if (visible.size() != 1) {
      violations.add("#%d has %d reviews".formatted(pull.number(), visible.size()));
    }
    if (!visible.stream().allMatch(review -> review.commitId().equals(pull.headSha()))) {
      violations.add("#%d has a review of another head".formatted(pull.number()));
    }
    if (!github.pendingReviews(repository, pull.number()).isEmpty()) {
      violations.add("#%d has a pending review left".formatted(pull.number()));
    }
    List<String> checks =
        github.checkRuns(repository).stream()
            .filter(check -> check.headSha().equals(pull.headSha()))
            .map(CrashWorld::state)
            .toList();
    if (!checks.equals(List.of("completed success"))) {
      violations.add("#%d has the check runs %s".formatted(pull.number(), checks));
    }
    return violations;
  }

  private static String state(SimulatedCheckRun check) {
    return check.status() + " " + check.conclusion();
  }

  private Set<String> accepted() {
    Set<String> accepted = new HashSet<>();
    for (DeliveryAttempt attempt : github.attempts()) {
      if (attempt.accepted()) {
        accepted.add(attempt.delivery().id());
      }
    }
    return accepted;
  }

  private Set<String> kept() {
    try (Database database = Database.open(folder.resolve("latchkey.db"))) {
      return Set.copyOf(
          database.query("SELECT id FROM latchkey_delivery", row -> String.valueOf(row.text(1))));
    }
  }

  private ChildProcess child(String stopAt) {
    return new ChildProcess(stopAt, bug, environment(), folder.resolve("server.log"));
  }

  private Map<String, String> environment() {
    return Map.ofEntries(
        Map.entry("APP_ID", APP_ID),
        Map.entry("PRIVATE_KEY", TestKeys.privateKeyPem()),
        Map.entry("WEBHOOK_SECRET", SECRET),
        Map.entry("GITHUB_API_URL", github.uri().toString()),
        Map.entry("LATCHKEY_OWNERS", "acme"),
        Map.entry("LATCHKEY_REVIEW_QUIET", "0s"),
        Map.entry("LATCHKEY_LIMIT_PER_PULL_REQUEST", "1000/1h"),
        Map.entry("LATCHKEY_DATABASE", folder.resolve("latchkey.db").toString()),
        Map.entry("LATCHKEY_MODEL", "openai:scripted"),
        Map.entry("LATCHKEY_MODEL_URL", model.uri().toString()),
        Map.entry("LATCHKEY_SETTLE_WINDOW", "100ms"),
        Map.entry("HOST", "127.0.0.1"),
        Map.entry("PORT", "0"),
        Map.entry("ADMIN_PORT", "0"));
  }

  private static URI webhook(ChildProcess child) throws InterruptedException {
    return URI.create("http://127.0.0.1:" + child.await("ready") + "/api/github/webhooks");
  }

  private boolean seenFromOutside() {
    return switch (point) {
      case IN_CALL, PENDING_CREATED, SUBMITTED -> true;
      case STORED, CLAIMED, ANSWER_KEPT, MARKED -> false;
    };
  }

  private void called(ModelCall call) {
    if (point == CrashPoint.IN_CALL) {
      killOnce();
    }
  }

  private ApiListener listener() {
    return new ApiListener() {
      @Override
      public Fate after(ApiRequest request, int status) {
        boolean here =
            switch (point) {
              case PENDING_CREATED -> isPost(request) && request.path().endsWith("/reviews");
              case SUBMITTED -> isPost(request) && request.path().endsWith("/events");
              case STORED, CLAIMED, IN_CALL, ANSWER_KEPT, MARKED -> false;
            };
        return here && status < 300 && killOnce() ? Fate.drop() : Fate.proceed();
      }
    };
  }

  private static boolean isPost(ApiRequest request) {
    return request.method().equals("POST");
  }

  /// @return whether this call killed the server
  private synchronized boolean killOnce() {
    if (killed.getCount() == 0) {
      return false;
    }
    victim.join().kill();
    killed.countDown();
    return true;
  }

  @Override
  public void close() {
    model.close();
    github.close();
  }
}
