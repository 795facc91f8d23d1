package dev.latchkey.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.github.Secret;
import dev.latchkey.github.WebhookEvent;
import dev.latchkey.github.WebhookSignature;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ServerRaceTest {
  @TempDir Path folder;

  @Test
  void everyAnswerIsADeliveryThatIsKept() throws Exception {
    List<ServerRow> rows = List.of(new ServerRow("some", 3, 0), new ServerRow("steady", 2, 100));
    ServerRace race = new ServerRace(rows, Duration.ofMillis(20), Duration.ofMillis(300));
    List<ServerOutcome> outcomes = new ArrayList<>();

    List<ServerRace.Count> counts = race.run(folder, outcomes::add);

    assertThat(counts).extracting(ServerRace.Count::peer).containsExactly(ServerPeer.values());
    for (ServerRace.Count count : counts) {
      assertThat(count.kept()).as(count.peer().title()).isEqualTo(count.answers());
      assertThat(count.answers()).isGreaterThanOrEqualTo(answers(outcomes, count.peer()));
    }
    assertThat(outcomes).hasSize(4).allMatch(outcome -> outcome.latencies().count() > 0);
    assertThat(outcomes)
        .extracting(ServerOutcome::others)
        .allMatch(cores -> cores <= Runtime.getRuntime().availableProcessors());
    // 100 are due in a second, so a row of 0.3 s has no more than those and each connection's last.
    assertThat(outcomes.getLast().latencies().count()).isLessThanOrEqualTo(34);
  }

  private static long answers(List<ServerOutcome> outcomes, ServerPeer peer) {
    return outcomes.stream()
        .filter(outcome -> outcome.peer() == peer)
        .mapToLong(outcome -> outcome.latencies().count())
        .sum();
  }

  @Test
  void aStartIsMeasured() throws Exception {
    List<Figure> figures = new ServerStarts(folder, 1, Duration.ZERO).measure();

    assertThat(figures.getFirst().value()).matches("[0-9]+\\.[0-9]{2} s .*");
  }

  @Test
  void aWebhookIsASignedPushToAPullRequestOfItsOwn() {
    PullRequestWebhooks webhooks =
        new PullRequestWebhooks(1, new AtomicInteger(), ServerProcess.SECRET);

    PullRequestWebhooks.Signed first = webhooks.next();
    PullRequestWebhooks.Signed second = webhooks.next();

    assertThat(first.body()).hasSize(10_240);
    assertThat(first.id()).isNotEqualTo(second.id());
    assertThat(
            WebhookSignature.verify(
                List.of(Secret.of(ServerProcess.SECRET)), List.of(first.signature()), first.body()))
        .isTrue();
    assertThat(List.of(event(first), event(second)))
        .extracting(WebhookEvent.PullRequestEvent::number)
        .containsExactly(1_000_000_000, 1_000_000_001);
    assertThat(event(first).action()).isEqualTo(WebhookEvent.Action.SYNCHRONIZE);
  }

  private static WebhookEvent.PullRequestEvent event(PullRequestWebhooks.Signed webhook) {
    assertThat(new String(webhook.body(), US_ASCII)).doesNotContain("@@");
    return (WebhookEvent.PullRequestEvent) WebhookEvent.parse("pull_request", webhook.body());
  }

  @Test
  void aGoalIsMissedBelowItsFigure() {
    ServerRow most = new ServerRow(ServerRow.MOST, 256, 0);
    ServerRow steady = new ServerRow(ServerRow.STEADY, 32, ServerRow.STEADY_RATE);

    List<Figure> figures =
        ServerGoals.of(
            List.of(
                outcome(most, 4_000, 1),
                outcome(most, 3_999, 1),
                outcome(steady, 1_000, 249_000_000),
                outcome(steady, 1_000, 250_000_000),
                outcome(steady, 900, 1)));

    assertThat(figures).extracting(Figure::isMet).containsExactly(true, false, true, false, false);
    assertThat(ServerRow.all())
        .extracting(ServerRow::name)
        .contains(ServerRow.MOST, ServerRow.STEADY);
  }

  @Test
  void aLostDeliveryMissesItsGoal() {
    List<Figure> figures = ServerGoals.of(new ServerRace.Count(ServerPeer.SERVER, 10, 9));

    assertThat(figures).extracting(Figure::isMet).containsExactly(false);
  }

  @Test
  void aLineHasAsManyCellsAsItsHead() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    MarkdownReport report = new MarkdownReport(new PrintStream(out, true, StandardCharsets.UTF_8));

    report.serverHead();
    report.serverRow(outcome(new ServerRow("row", 1, 0), 1, 1));

    assertThat(out.toString(StandardCharsets.UTF_8).lines())
        .hasSize(3)
        .extracting(line -> line.chars().filter(c -> c == '|').count())
        .containsOnly(11L);
  }

  private static ServerOutcome outcome(ServerRow row, double perSecond, long nanos) {
    Latencies latencies = new Latencies();
    latencies.record(nanos);
    return new ServerOutcome(row, ServerPeer.SERVER, perSecond, latencies, 0, 0, 0, 0);
  }
}
