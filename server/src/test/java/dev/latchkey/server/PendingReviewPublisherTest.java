package dev.latchkey.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.latchkey.github.AppCredentials;
import dev.latchkey.github.GitHub;
import dev.latchkey.github.GitHubException;
import dev.latchkey.github.GitHubOptions;
import dev.latchkey.github.LineRange;
import dev.latchkey.github.NewComment;
import dev.latchkey.github.RepositoryRef;
import dev.latchkey.kv.Database;
import dev.latchkey.kv.DatabaseOptions;
import dev.latchkey.simulator.ApiListener;
import dev.latchkey.simulator.ApiRequest;
import dev.latchkey.simulator.Fate;
import dev.latchkey.simulator.ProposedChange;
import dev.latchkey.simulator.SimulatedComment;
import dev.latchkey.simulator.SimulatedFile;
import dev.latchkey.simulator.SimulatedGitHub;
import dev.latchkey.simulator.SimulatedGitHubOptions;
import dev.latchkey.simulator.SimulatedRepository;
import dev.latchkey.simulator.SimulatedReview;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The protocol by which a review becomes visible once, against the simulated GitHub.
class PendingReviewPublisherTest {

  private static final String HEAD = "a".repeat(40);
  private static final String NEXT_HEAD = "c".repeat(40);
  private static final List<SimulatedFile> FILES =
      List.of(SimulatedFile.modified("Door.java", "@@ -1,2 +1,3 @@\n one\n+two\n+three\n four"));
  private static final Draft DRAFT =
      new Draft("One finding.", List.of(commentAt(2)), "1 finding", false);

  private final InstantSource clock = InstantSource.system();
  private final SimulatedGitHub simulated =
      SimulatedGitHub.start(
          SimulatedGitHubOptions.of(clock, "4711", TestKeys.publicKey(), "a secret of the hook"));
  private final Database database = Database.inMemory(DatabaseOptions.defaults());
  private final GitHub github =
      GitHub.of(
          GitHubOptions.of(
                  simulated.uri(), AppCredentials.of("4711", TestKeys.privateKeyPem()), clock)
              .withWriteInterval(Duration.ZERO));
  private final Markers markers = Markers.of(database);
  private final Writes writes = new Writes(database, clock, Duration.ZERO);
  private final Publisher publisher =
      new PendingReviewPublisher(
          new Posting(github, database, markers, new BotLogin(github)), writes);

  private SimulatedRepository repository;
  private PullRef pull;
  private ReviewKey key;

  @BeforeEach
  void openAPullRequest() {
    repository = simulated.addRepository("acme", "web");
    int number =
        simulated.open(
            repository,
            new ProposedChange("Open", "", "octocat", "b".repeat(40), HEAD, false, FILES));
    pull =
        new PullRef(
            new RepositoryRef(repository.installation(), repository.id(), "acme", "web"), number);
    key = new ReviewKey(repository.id(), number, HEAD, "main", 1);
  }

  @AfterEach
  void close() {
    github.close();
    database.close();
    simulated.close();
  }

  @Test
  void aReviewIsVisibleOnceWithItsCommentsAndMarker() {
    long review = publisher.publish(pull, key, DRAFT).id();

    assertThat(visible()).extracting(SimulatedReview::id).containsExactly(review);
    assertThat(visible().getFirst().comments()).hasSize(1);
    assertThat(markers.read(visible().getFirst().body())).contains(key.hash());
    assertThat(pending()).isEmpty();
  }

  @Test
  void publishingAgainFindsTheReviewAndLeavesNothingPending() {
    long first = publisher.publish(pull, key, DRAFT).id();

    long second = publisher.publish(pull, key, DRAFT).id();

    assertThat(second).isEqualTo(first);
    assertThat(visible()).hasSize(1);
    assertThat(pending()).isEmpty();
  }

  @Test
  void ourOwnPendingReviewOfThisKeyIsAdopted() {
    long left = plant("latchkey[bot]", "PENDING", "One finding.\n\n" + markers.write(key));

    long review = publisher.publish(pull, key, DRAFT).id();

    assertThat(review).isEqualTo(left);
    assertThat(visible()).extracting(SimulatedReview::id).containsExactly(left);
  }

  @Test
  void aPendingReviewOfAnotherKeyIsReplaced() {
    ReviewKey older = new ReviewKey(repository.id(), pull.number(), NEXT_HEAD, "main", 1);
    long left = plant("latchkey[bot]", "PENDING", markers.write(older));

    long review = publisher.publish(pull, key, DRAFT).id();

    assertThat(review).isNotEqualTo(left);
    assertThat(visible()).extracting(SimulatedReview::id).containsExactly(review);
    assertThat(pending()).isEmpty();
  }

  @Test
  void aStrangersReviewWithACopiedMarkerSilencesNothing() {
    plant("mallory", "COMMENTED", markers.write(key));

    long review = publisher.publish(pull, key, DRAFT).id();

    assertThat(visible()).extracting(SimulatedReview::id).contains(review).hasSize(2);
  }

  @Test
  void aForgedMarkerOfOurOwnUserSilencesNothing() {
    Markers others = new Markers(List.of(new byte[32]));
    plant("latchkey[bot]", "COMMENTED", others.write(key));

    publisher.publish(pull, key, DRAFT).id();

    assertThat(visible()).hasSize(2);
  }

  @Test
  void aSubmissionWhoseAnswerIsLostIsNotRepeated() {
    simulated.listener(dropping("POST", "/events"));
    assertThatExceptionOfType(GitHubException.OutcomeUnknown.class)
        .isThrownBy(() -> publisher.publish(pull, key, DRAFT));
    simulated.listener(new ApiListener() {});

    publisher.publish(pull, key, DRAFT).id();

    assertThat(visible()).hasSize(1);
    assertThat(pending()).isEmpty();
  }

  @Test
  void aCreationWhoseAnswerIsLostIsAdopted() {
    simulated.listener(dropping("POST", "/reviews"));
    assertThatExceptionOfType(GitHubException.OutcomeUnknown.class)
        .isThrownBy(() -> publisher.publish(pull, key, DRAFT));
    simulated.listener(new ApiListener() {});
    long left = pending().getFirst().id();

    long review = publisher.publish(pull, key, DRAFT).id();

    assertThat(review).isEqualTo(left);
    assertThat(visible()).hasSize(1);
  }

  @Test
  void linesWhichGitHubRefusesGoToTheBodyAndTheOthersStay() {
    List<NewComment> comments =
        IntStream.of(1, 90, 2, 3, 91).mapToObj(PendingReviewPublisherTest::commentAt).toList();

    publisher.publish(pull, key, new Draft("Five findings.", comments, "5 findings", false));

    SimulatedReview review = visible().getFirst();
    assertThat(visible()).hasSize(1);
    assertThat(review.comments()).extracting(SimulatedComment::line).containsExactly(1, 2, 3);
    assertThat(review.body()).contains("Five findings.", "About line 90", "About line 91");
    assertThat(markers.read(review.body())).contains(key.hash());
  }

  @Test
  void anotherHeadIsNotReviewedAsThisOne() {
    simulated.push(repository, pull.number(), NEXT_HEAD, FILES);

    assertThatExceptionOfType(Publisher.HeadMoved.class)
        .isThrownBy(() -> publisher.publish(pull, key, DRAFT));

    assertThat(simulated.writes()).isEmpty();
  }

  @Test
  void eachWriteIsRememberedBeforeItIsSent() {
    assertThat(writes.isLate(pull, "")).isFalse();
    List<Boolean> known = new ArrayList<>();
    simulated.listener(
        new ApiListener() {
          @Override
          public Fate before(ApiRequest request) {
            if (request.write()) {
              known.add(new Writes(database, clock, Duration.ZERO).isLate(pull, ""));
            }
            return request.write() ? Fate.fail(500) : Fate.proceed();
          }
        });

    assertThatExceptionOfType(GitHubException.class)
        .isThrownBy(() -> publisher.publish(pull, key, DRAFT));

    assertThat(known).containsExactly(true);
    assertThat(new Writes(database, clock, Duration.ZERO).isLate(pull, "")).isTrue();
  }

  private List<SimulatedReview> visible() {
    return simulated.visibleReviews(repository, pull.number());
  }

  private List<SimulatedReview> pending() {
    return simulated.pendingReviews(repository, pull.number());
  }

  private long plant(String author, String state, String body) {
    String type = author.endsWith("[bot]") ? "Bot" : "User";
    return simulated.plantReview(
        repository,
        pull.number(),
        new SimulatedReview(0, author, type, state, body, HEAD, null, List.of()));
  }

  private static NewComment commentAt(int line) {
    return new NewComment(
        "Door.java", LineRange.of(LineRange.Side.RIGHT, line), "About line " + line + ".");
  }

  /// Does what is asked, and breaks the connection instead of saying so.
  private static ApiListener dropping(String method, String path) {
    return new ApiListener() {
      @Override
      public Fate after(ApiRequest request, int status) {
        boolean here = request.method().equals(method) && request.path().endsWith(path);
        return here ? Fate.drop() : Fate.proceed();
      }
    };
  }
}
