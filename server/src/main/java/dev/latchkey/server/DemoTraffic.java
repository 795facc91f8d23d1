package dev.latchkey.server;

import dev.latchkey.simulator.DeliveryAttempt;
import dev.latchkey.simulator.SimulatedDelivery;
import dev.latchkey.simulator.SimulatedGitHub;
import dev.latchkey.simulator.SimulatedRepository;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/// Sends the demonstration's webhooks: some twice, some at once with themselves, some in the wrong
/// order, some while the server is down.
final class DemoTraffic {
  private static final int SENT_AT_ONCE = 8;
  private static final int SELF_CONCURRENCY = 3;
  private static final Duration BETWEEN_ROUNDS = Duration.ofMillis(200);

  /// How a pull request's deliveries are sent.
  private record Manner(boolean twice, boolean concurrently, boolean pushed, boolean whileDown) {

    /// Each manner of sending is had by some; by each, where there are too few for that.
    static Manner of(int index, int count) {
      var few = count < 4;
      return new Manner(
          few || index % 4 == 0, few || index % 4 == 1, few || index % 4 == 2, index % 4 == 3);
    }
  }

  /// What is sent for one pull request, in this order.
  private record Post(int pullRequest, Manner manner, List<SimulatedDelivery> deliveries) {}

  private final SimulatedGitHub github;
  private final SimulatedRepository repository;
  private final List<Post> posts = new ArrayList<>();

  /// Prepares the deliveries, and pushes to some pull requests.
  DemoTraffic(DemoWorld world) {
    github = world.github();
    repository = world.repository();
    var numbers = world.pullRequests();
    for (var i = 0; i < numbers.size(); i++) {
      posts.add(prepared(numbers.get(i), Manner.of(i, numbers.size())));
    }
  }

  /// All deliveries, each once.
  List<SimulatedDelivery> deliveries() {
    return posts.stream().map(Post::deliveries).flatMap(List::stream).toList();
  }

  /// Whether a delivery of a pull request is among those accepted.
  boolean accepted(int pullRequest, Set<String> ids) {
    return posts.stream()
        .filter(post -> post.pullRequest() == pullRequest)
        .flatMap(post -> post.deliveries().stream())
        .anyMatch(delivery -> ids.contains(delivery.id()));
  }

  /// Sends what is sent while the server runs, and waits for the answers.
  void send() throws InterruptedException {
    inParallel(posts.stream().filter(post -> !post.manner().whileDown()).toList());
  }

  /// Sends what is sent while the server is down.
  void sendWhileDown() throws InterruptedException {
    inParallel(posts.stream().filter(post -> post.manner().whileDown()).toList());
  }

  /// Sends again what was not yet answered 2xx, in rounds, until all is; returns whether all is.
  boolean sendUntilAccepted(DemoBell bell, Duration atMost) throws InterruptedException {
    return bell.await(() -> unaccepted().isEmpty(), Duration.ZERO)
        || rounds(bell, System.nanoTime() + atMost.toNanos());
  }

  /// Sends everything once more.
  void sendAllAgain() {
    deliveries().forEach(delivery -> github.redeliver(delivery.id()));
  }

  private boolean rounds(DemoBell bell, long deadline) throws InterruptedException {
    while (true) {
      unaccepted().forEach(github::send);
      if (unaccepted().isEmpty()) {
        return true;
      }
      if (System.nanoTime() > deadline) {
        return false;
      }
      bell.await(() -> false, BETWEEN_ROUNDS);
    }
  }

  private List<SimulatedDelivery> unaccepted() {
    Set<String> accepted = new HashSet<>();
    github.attempts().stream()
        .filter(DeliveryAttempt::accepted)
        .forEach(attempt -> accepted.add(attempt.delivery().id()));
    return deliveries().stream().filter(delivery -> !accepted.contains(delivery.id())).toList();
  }

  private Post prepared(int number, Manner manner) {
    var opened = github.pullRequestDelivery(repository, number, "opened");
    if (!manner.pushed()) {
      return new Post(number, manner, List.of(opened));
    }
    var pullRequest = github.pullRequests(repository).get(number - 1);
    // A commit that changes no file, so that the same lines are reviewed.
    github.push(repository, number, next(pullRequest.headSha()), pullRequest.files());
    var pushed = github.pullRequestDelivery(repository, number, "synchronize");
    return new Post(number, manner, List.of(pushed, opened));
  }

  /// Another commit's id: the digits of this one, the other way round.
  private static String next(String commit) {
    var reversed = new StringBuilder(commit).reverse().toString();
    return reversed.equals(commit) ? "0".repeat(40) : reversed;
  }

  private void inParallel(List<Post> sent) throws InterruptedException {
    var free = new Semaphore(SENT_AT_ONCE);
    try (var senders = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var post : sent) {
        free.acquire();
        senders.execute(() -> {
          try {
            send(post);
          } finally {
            free.release();
          }
        });
      }
    }
  }

  private void send(Post post) {
    for (var delivery : post.deliveries()) {
      if (post.manner().concurrently()) {
        concurrently(delivery);
      } else {
        github.send(delivery);
      }
      if (post.manner().twice()) {
        github.redeliver(delivery.id());
      }
    }
  }

  private void concurrently(SimulatedDelivery delivery) {
    try (var senders = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var i = 0; i < SELF_CONCURRENCY; i++) {
        senders.execute(() -> github.send(delivery));
      }
    }
  }
}
