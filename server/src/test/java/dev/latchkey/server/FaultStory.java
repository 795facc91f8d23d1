package dev.latchkey.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.simulator.ProposedChange;
import dev.latchkey.simulator.SimulatedIssueComment;
import dev.latchkey.simulator.SimulatedReview;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// What happens to a pull request while writes go wrong: it is opened, while an older process has
/// left a pending review behind; it is pushed to; and somebody asks for help. Then what was late is
/// done, and it is seen to once more.
record FaultStory(AppWorld world, int number, String first, String second) {

  private static final AtomicInteger HEADS = new AtomicInteger();

  static FaultStory tell(AppWorld world, FaultyGitHub faults) throws InterruptedException {
    String first = head();
    String second = head();
    ProposedChange change =
        new ProposedChange("Open", "", "octocat", "0".repeat(40), first, false, AppWorld.FILES);
    int number = world.github().open(world.repository(), change);
    SimulatedReview left =
        new SimulatedReview(0, "latchkey[bot]", "Bot", "PENDING", "Left.", first, null, List.of());
    var _ = world.github().plantReview(world.repository(), number, left);
    world.tell(number, "opened");
    world.github().push(world.repository(), number, second, AppWorld.files("close();"));
    world.tell(number, "synchronize");
    var _ = world.comment(number, AppWorld.MAINTAINER, "/help");
    faults.mend();
    world.tell(number, "reopened");
    return new FaultStory(world, number, first, second);
  }

  /// Returns a head that no other pull request has.
  static String head() {
    return "%07x%033x".formatted(HEADS.incrementAndGet(), 0);
  }

  void requireEndedWell() {
    assertThat(world.reviews(number))
        .extracting(SimulatedReview::commitId)
        .containsExactly(first, second);
    assertThat(world.github().pendingReviews(world.repository(), number)).isEmpty();
    for (String head : List.of(first, second)) {
      assertThat(world.checks(head))
          .isNotEmpty()
          .allMatch(check -> check.startsWith("completed success 1 finding"));
    }
    assertThat(texts("summary="))
        .singleElement()
        .asString()
        .contains("Reviewed `" + second.substring(0, 7), "**1 finding is open:**");
    assertThat(texts("reply=")).hasSize(1);
    long folded = world.reviews(number).getFirst().id();
    assertThat(world.people().isMinimised(world.repository(), number, folded)).isTrue();
  }

  private List<String> texts(String marker) {
    return world.said(number).stream()
        .map(SimulatedIssueComment::body)
        .filter(body -> body.contains("latchkey v1 " + marker))
        .toList();
  }
}
