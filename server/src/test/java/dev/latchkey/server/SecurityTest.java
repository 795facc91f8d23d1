package dev.latchkey.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.simulator.People;
import dev.latchkey.simulator.SimulatedDelivery;
import dev.latchkey.simulator.SimulatedIssueComment;
import dev.latchkey.simulator.SimulatedReview;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What strangers try: forged and repeated deliveries, forged and copied markers, and making the
/// App answer itself.
class SecurityTest {

  private static final String PREVIOUS = "the webhook secret of last year";
  private static final Pattern MARKER = Pattern.compile("<!-- latchkey v1 [^>]*-->");

  @TempDir private Path folder;
  private AppWorld world;

  @BeforeEach
  void start() throws InterruptedException {
    world = new AppWorld(folder, Map.of()).start();
  }

  @AfterEach
  void stop() {
    world.close();
  }

  @Test
  void forgedSignaturesAreRefusedAlikeAndDoNothing() throws Exception {
    int number = world.open();
    byte[] body = world.github().pullRequestDelivery(world.repository(), number, "opened").body();
    String right = signature(TestServer.SECRET, body);
    byte[] other =
        (new String(body, StandardCharsets.UTF_8) + " ").getBytes(StandardCharsets.UTF_8);

    Set<String> answers = new HashSet<>();
    for (String forged :
        List.of(
            "",
            "sha256=",
            "sha256=" + "0".repeat(64),
            signature("a guess of the secret", body),
            signature(TestServer.SECRET, other),
            signature("", body),
            right.substring(0, right.length() - 1),
            right + "0",
            right.substring("sha256=".length()),
            right.replace("sha256", "sha1"),
            right.replace("=", " = "),
            right + "," + right,
            signature(TestServer.SECRET, body).replace("sha256=", "sha256=0x"),
            "sha256=" + "\u00e9".repeat(64))) {
      HttpResponse<String> answer = post(body, forged);
      answers.add(answer.statusCode() + " " + answer.body());
    }

    assertThat(answers).hasSize(1).allMatch(answer -> answer.startsWith("401 "));
    assertThat(world.app().stats().accepted()).isZero();
    assertThat(post(body, signature(PREVIOUS, body)).statusCode()).isEqualTo(202);
    world.idle();
    assertThat(world.reviews(number)).hasSize(1);
  }

  @Test
  void aDeliveryReplayedUnderAnotherIdLeadsToNoSecondReview() throws InterruptedException {
    int number = world.open();
    SimulatedDelivery real =
        world.github().pullRequestDelivery(world.repository(), number, "opened");
    world.tell(real);
    int writes = writes();

    for (int i = 0; i < 3; i++) {
      world.tell(world.github().delivery("pull_request", "opened", real.body()));
    }

    assertThat(world.reviews(number)).hasSize(1);
    assertThat(world.model().calls()).hasSize(1);
    assertThat(writes()).isEqualTo(writes);
  }

  @Test
  void aReplayedCommandIsObeyedOnce() throws InterruptedException {
    int number = world.open();
    world.tell(number, "opened");
    long id =
        world.people().comment(world.repository(), number, AppWorld.MAINTAINER, "/review full");
    SimulatedDelivery real = world.github().commentDelivery(world.repository(), id, "created");
    world.tell(real);

    world.tell(world.github().delivery("issue_comment", "created", real.body()));

    assertThat(world.reviews(number)).hasSize(2);
  }

  @Test
  void markersThatAStrangerCopiesSilenceNothing() throws InterruptedException {
    int first = world.open();
    world.tell(first, "opened");
    List<String> ours = markers(first);
    int second = world.open();
    for (int number : new int[] {first, second}) {
      ours.forEach(marker -> plant(number, "stranger", "User", marker));
      plant(number, "stranger", "User", forged());
      plant(number, "other[bot]", "Bot", String.join("\n", ours));
    }

    world.tell(second, "opened");
    world.github().push(world.repository(), first, AppWorld.B, AppWorld.files("close();"));
    world.tell(first, "synchronize");

    assertThat(ours).hasSize(3);
    assertThat(byUs(second)).hasSize(1);
    assertThat(byUs(second).getFirst().comments()).hasSize(1);
    assertThat(byUs(first)).hasSize(2);
    for (int number : new int[] {first, second}) {
      assertThat(summaries(number))
          .singleElement()
          .satisfies(summary -> assertThat(summary.body()).contains("1 finding is open"));
    }
    assertThat(world.people().comments(world.repository(), first))
        .filteredOn(comment -> comment.author().equals("stranger"))
        .hasSize(ours.size() + 1);
  }

  /// As if one could make the App's own user say what was copied.
  @Test
  void markersOfAnotherPullRequestSilenceNothingEvenInOurName() throws InterruptedException {
    int first = world.open();
    world.tell(first, "opened");
    int second = world.open();
    markers(first).forEach(marker -> plant(second, "latchkey[bot]", "Bot", marker));
    plant(second, "latchkey[bot]", "Bot", forged());

    world.tell(second, "opened");

    assertThat(world.reviews(second).getLast().comments()).hasSize(1);
    assertThat(world.checks(AppWorld.A)).allMatch(check -> check.startsWith("completed success"));
    assertThat(summaries(second))
        .filteredOn(comment -> comment.body().contains("1 finding is open"))
        .hasSize(1);
  }

  @Test
  void aDismissalInAThreadWithACopiedMarkerDismissesNothing() throws InterruptedException {
    int number = world.open();
    world.tell(number, "opened");
    long finding = world.people().threadComments(world.repository(), number).getFirst().id();
    long copy =
        world
            .people()
            .answer(
                world.repository(),
                finding,
                new People.Words("stranger", "User", "NONE", "/dismiss"));

    world.tell(world.github().threadCommentDelivery(world.repository(), copy));
    world.comment(number, AppWorld.MAINTAINER, "/review full");

    assertThat(summaries(number))
        .singleElement()
        .satisfies(summary -> assertThat(summary.body()).contains("1 finding is open"));
  }

  @Test
  void whatTheAppItselfSaysLeadsToNothing() throws InterruptedException {
    int number = world.open();
    world.tell(number, "opened");
    world.comment(number, AppWorld.MAINTAINER, "/help");
    int writes = writes();

    for (SimulatedIssueComment comment : world.said(number)) {
      world.tell(world.github().commentDelivery(world.repository(), comment.id(), "created"));
      world.tell(world.github().commentDelivery(world.repository(), comment.id(), "edited"));
    }
    for (var comment : world.people().threadComments(world.repository(), number)) {
      world.tell(world.github().threadCommentDelivery(world.repository(), comment.id()));
    }
    for (String event : List.of("pull_request_review", "check_run", "check_suite", "status")) {
      byte[] body =
          world.github().pullRequestDelivery(world.repository(), number, "submitted").body();
      world.tell(world.github().delivery(event, "completed", body));
    }

    assertThat(writes()).isEqualTo(writes);
    assertThat(world.model().calls()).hasSize(1);
  }

  /// What is asked of GraphQL is sent as a write is, but changes nothing.
  private int writes() {
    return (int)
        world.github().writes().stream().filter(one -> !one.body().contains("\"query($")).count();
  }

  private List<SimulatedReview> byUs(int number) {
    return world.reviews(number).stream()
        .filter(review -> review.author().equals("latchkey[bot]"))
        .toList();
  }

  private List<SimulatedIssueComment> summaries(int number) {
    return world.said(number).stream()
        .filter(comment -> comment.author().equals("latchkey[bot]"))
        .filter(comment -> comment.body().startsWith("### Latchkey"))
        .toList();
  }

  /// Of our review, its comment, and the summary.
  private List<String> markers(int number) {
    SimulatedReview review = world.reviews(number).getFirst();
    return Stream.of(
            review.body(), review.comments().getFirst().body(), summaries(number).getFirst().body())
        .map(MARKER::matcher)
        .filter(Matcher::find)
        .map(Matcher::group)
        .toList();
  }

  private static String forged() {
    return "<!-- latchkey v1 key=%s head=%s round=1 mac=%s -->"
        .formatted("a".repeat(64), AppWorld.A, "0".repeat(64));
  }

  /// A comment and a review which say that.
  private void plant(int number, String author, String type, String text) {
    var _ =
        world
            .people()
            .comment(world.repository(), number, new People.Words(author, type, "MEMBER", text));
    var _ =
        world
            .github()
            .plantReview(
                world.repository(),
                number,
                new SimulatedReview(
                    0, author, type, "COMMENTED", text, AppWorld.A, null, List.of()));
  }

  private HttpResponse<String> post(byte[] body, String signature) throws Exception {
    URI url = URI.create("http://127.0.0.1:" + world.app().webhookPort() + "/api/github/webhooks");
    HttpRequest request =
        HttpRequest.newBuilder(url)
            .header("Content-Type", "application/json")
            .header("X-GitHub-Delivery", "72d3162e-cc78-11e3-81ab-4c9367dc0958")
            .header("X-GitHub-Event", "pull_request")
            .header("X-Hub-Signature-256", signature)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(request, HttpResponse.BodyHandlers.ofString());
    }
  }

  private static String signature(String secret, byte[] body) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    byte[] key = secret.isEmpty() ? new byte[1] : secret.getBytes(StandardCharsets.UTF_8);
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return "sha256=" + HexFormat.of().formatHex(mac.doFinal(body));
  }
}
