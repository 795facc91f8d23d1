package dev.latchkey.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.simulator.SamplePullRequests;
import dev.latchkey.simulator.SimulatedComment;
import dev.latchkey.simulator.SimulatedReview;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The demonstration must fail when the promise is broken, so each way of breaking it is tried.
final class DemoCountsTest {
  private static final String BOT = "latchkey[bot]";

  private final DemoWorld world =
      DemoWorld.start(
          _ -> "nothing",
          new DemoSource("parcels", "a sample", SamplePullRequests.all().subList(0, 2)));
  private final DemoTraffic traffic = new DemoTraffic(world);

  @BeforeEach
  void acceptEverything() throws InterruptedException {
    try (var taker = WebhookTaker.start(0)) {
      world.github().webhook(taker.url());
      traffic.send();
    }
  }

  @AfterEach
  void stop() {
    world.close();
  }

  @Test
  void aServerWhichWasNeverKilledShowsLittle() {
    review(1, head(1), "COMMENTED");
    review(2, head(2), "COMMENTED");

    assertThat(report(0).problems())
        .containsExactly("the server was never killed, so this shows little");
  }

  @Test
  void oneReviewForEachHeadIsWell() {
    review(1, head(1), "COMMENTED");
    review(2, head(2), "COMMENTED");

    var report = report();

    assertThat(report.problems()).isEmpty();
    assertThat(report.counts().reviewsExpected()).isEqualTo(2);
    assertThat(report.counts().reviewsPosted()).isEqualTo(2);
    assertThat(report.counts().findingsInline()).isEqualTo(2);
    assertThat(report.table()).contains("every open pull request's head has exactly one review");
  }

  @Test
  void aSecondReviewOfAHeadIsPostedTwice() {
    review(1, head(1), "COMMENTED");
    review(2, head(2), "COMMENTED");
    review(2, head(2), "COMMENTED");

    assertThat(report().counts().postedTwice()).isEqualTo(1);
    assertThat(report().problems()).containsExactly("1 reviews were posted twice");
    assertThat(report().table()).contains("WRONG");
  }

  @Test
  void reviewsOfTwoHeadsAreNotTwice() {
    review(1, head(1), "COMMENTED");
    review(2, earlierHead(2), "COMMENTED");
    review(2, head(2), "COMMENTED");

    assertThat(report().problems()).isEmpty();
  }

  @Test
  void anAcceptedPullRequestWithoutAReviewIsLost() {
    review(1, head(1), "COMMENTED");

    assertThat(report().counts().lost()).isEqualTo(1);
    assertThat(report().problems())
        .containsExactly("1 pull requests were lost: accepted, and never reviewed");
  }

  @Test
  void aReviewOfAnEarlierHeadIsNotOneOfTheHead() {
    review(1, head(1), "COMMENTED");
    review(2, earlierHead(2), "COMMENTED");

    assertThat(report().counts().lost()).isEqualTo(1);
  }

  @Test
  void aPendingReviewCountsAsLeftBehind() {
    review(1, head(1), "COMMENTED");
    review(2, head(2), "COMMENTED");
    review(2, head(2), "PENDING");

    assertThat(report().problems()).containsExactly("1 reviews were left pending");
  }

  @Test
  void aClosedPullRequestNeedsNone() {
    review(1, head(1), "COMMENTED");
    world.github().closePullRequest(world.repository(), 2);

    assertThat(report().problems()).isEmpty();
    assertThat(report().counts().reviewsExpected()).isEqualTo(1);
  }

  private DemoReport report() {
    return report(1);
  }

  private DemoReport report(int kills) {
    return new DemoReport(
        "a sample",
        DemoCounts.of(world, traffic),
        kills,
        "1/1h",
        Duration.ZERO,
        URI.create("http://127.0.0.1:1/"));
  }

  private String head(int number) {
    return world.github().pullRequests(world.repository()).get(number - 1).headSha();
  }

  private String earlierHead(int number) {
    var pullRequest = world.github().pullRequests(world.repository()).get(number - 1);
    return pullRequest.earlierHeads().getFirst();
  }

  private void review(int number, String commit, String state) {
    var comment = new SimulatedComment("a", 1, "RIGHT", null, null, "x");
    world
        .github()
        .plantReview(
            world.repository(),
            number,
            new SimulatedReview(0, BOT, "Bot", state, "text", commit, null, List.of(comment)));
  }
}
