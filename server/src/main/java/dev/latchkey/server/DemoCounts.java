package dev.latchkey.server;

import dev.latchkey.simulator.ApiWrite;
import dev.latchkey.simulator.DeliveryAttempt;
import dev.latchkey.simulator.ModelCall;
import dev.latchkey.simulator.SimulatedPullRequest;
import dev.latchkey.simulator.SimulatedReview;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What the simulated GitHub and model saw; nothing in it was told by the server.
///
/// @param deliveries webhooks, each counted once
/// @param sent how often one was sent
/// @param accepted webhooks that were answered 2xx at least once
/// @param duplicates how often one that had been accepted was answered 2xx again
/// @param unanswered how often one was sent in vain
/// @param reviewsExpected open pull requests
/// @param reviewsPosted visible reviews by the App
/// @param postedTwice visible reviews of a head that has one already
/// @param lost open pull requests whose head has no review, although a webhook was accepted
/// @param leftPending reviews by the App that nobody sees
/// @param postponed reviews which a limit made wait, as their check runs said
/// @param findingsInline comments on lines
/// @param refusedWrites what GitHub refused, but for those that met a pending review
/// @param metPending reviews that GitHub refused because one was pending, left by a kill
record DemoCounts(
    int pullRequests,
    int deliveries,
    int sent,
    int accepted,
    int duplicates,
    int unanswered,
    int reviewsExpected,
    int reviewsPosted,
    int postedTwice,
    int lost,
    int unreviewed,
    int leftPending,
    int postponed,
    int findingsInline,
    int checkRuns,
    int refusedWrites,
    int metPending,
    int modelCalls,
    int modelCallsRepeated,
    long tokens) {

  private static final Pattern ID = Pattern.compile("\"id\":([0-9]+)");

  static DemoCounts of(DemoWorld world, DemoTraffic traffic) {
    var github = world.github();
    var pullRequests = github.pullRequests(world.repository());
    var attempts = github.attempts();
    var accepted = accepted(attempts);
    var answered = (int) attempts.stream().filter(DeliveryAttempt::accepted).count();
    var reviews = reviews(world, pullRequests);
    var open = pullRequests.stream().filter(SimulatedPullRequest::open).toList();
    var without = open.stream().filter(one -> !reviewed(world, one)).toList();
    var pending =
        pullRequests.stream()
            .mapToInt(one -> github.pendingReviews(world.repository(), one.number()).size())
            .sum();
    var calls = world.model().calls();
    return new DemoCounts(
        pullRequests.size(),
        traffic.deliveries().size(),
        attempts.size(),
        accepted.size(),
        answered - accepted.size(),
        attempts.size() - answered,
        open.size(),
        reviews.values().stream().mapToInt(List::size).sum(),
        reviews.values().stream().mapToInt(list -> list.size() - 1).sum(),
        (int) without.stream().filter(one -> traffic.accepted(one.number(), accepted)).count(),
        without.size(),
        pending,
        (int)
            github.writes().stream()
                .filter(DemoCounts::postpones)
                .map(DemoCounts::checkRun)
                .distinct()
                .count(),
        reviews.values().stream().flatMap(List::stream).mapToInt(r -> r.comments().size()).sum(),
        github.checkRuns(world.repository()).size(),
        (int) github.writes().stream().filter(DemoCounts::refused).count(),
        (int) github.writes().stream().filter(ApiWrite::refusedByPendingReview).count(),
        calls.size(),
        calls.size() - world.model().callsByQuestion().size(),
        calls.stream().mapToLong(DemoCounts::tokens).sum());
  }

  /// Whether the head of a pull request has a review that everybody sees.
  static boolean reviewed(DemoWorld world, SimulatedPullRequest pullRequest) {
    return world.github().visibleReviews(world.repository(), pullRequest.number()).stream()
        .anyMatch(review -> review.commitId().equals(pullRequest.headSha()));
  }

  private static boolean refused(ApiWrite write) {
    return write.status() >= 400 && !write.refusedByPendingReview();
  }

  private static boolean postpones(ApiWrite write) {
    return write.path().contains("/check-runs")
        && write.status() < 300
        && write.body().contains("Waiting for a limit");
  }

  /// Which check run was written: its id is the first in the answer.
  private static String checkRun(ApiWrite write) {
    Matcher id = ID.matcher(write.answer());
    return id.find() ? id.group(1) : write.path();
  }

  private static long tokens(ModelCall call) {
    return call.promptTokens() + call.completionTokens();
  }

  private static Set<String> accepted(List<DeliveryAttempt> attempts) {
    Set<String> ids = new HashSet<>();
    attempts.stream()
        .filter(DeliveryAttempt::accepted)
        .forEach(attempt -> ids.add(attempt.delivery().id()));
    return ids;
  }

  /// The visible reviews by the commit they are of.
  private static Map<String, List<SimulatedReview>> reviews(
      DemoWorld world, List<SimulatedPullRequest> pullRequests) {
    Map<String, List<SimulatedReview>> reviews = new HashMap<>();
    for (var one : pullRequests) {
      for (var review : world.github().visibleReviews(world.repository(), one.number())) {
        var key = one.number() + " " + review.commitId();
        reviews.computeIfAbsent(key, _ -> new ArrayList<>()).add(review);
      }
    }
    return reviews;
  }
}
