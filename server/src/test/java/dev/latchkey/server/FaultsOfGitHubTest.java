package dev.latchkey.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.simulator.ApiListener;
import dev.latchkey.simulator.ApiRequest;
import dev.latchkey.simulator.Fate;
import dev.latchkey.simulator.ProposedChange;
import dev.latchkey.simulator.SimulatedComment;
import dev.latchkey.simulator.SimulatedFile;
import dev.latchkey.simulator.SimulatedReview;
import dev.latchkey.testkit.Scale;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever goes wrong with whichever write, a pull request ends as if nothing had.
///
/// Each case is a [FaultStory] of its own, at one App.
class FaultsOfGitHubTest {

  private static final Map<String, String> MUCH =
      Map.of(
          "LATCHKEY_LIMIT_PER_REPOSITORY", "100000/1h",
          "LATCHKEY_LIMIT_PER_OWNER", "100000/1h",
          "LATCHKEY_LIMIT_TOKENS_PER_DAY", "1000000000/day");

  /// A write is sent again after it went wrong, and once more at most.
  private static final int MORE = 2;

  private static AppWorld world;

  @BeforeAll
  static void start(@TempDir Path folder) throws InterruptedException {
    world = new AppWorld(folder, MUCH).start();
  }

  @AfterAll
  static void stop() {
    world.close();
  }

  /// The other faults end in the same failures of the client as these, and come further below.
  static Stream<Arguments> cases() {
    Set<GitHubFault> faults =
        EnumSet.of(
            GitHubFault.LOST_THOUGH_DONE,
            GitHubFault.LOST_AND_NOT_DONE,
            GitHubFault.FAILED_500_THOUGH_DONE,
            GitHubFault.LIMITED,
            GitHubFault.TOKEN_REFUSED,
            GitHubFault.DONE_LATE);
    List<Arguments> all =
        Stream.of(GitHubWrite.values())
            .flatMap(write -> faults.stream().map(fault -> Arguments.of(write, fault)))
            .toList();
    // In every build one in ten, of most writes and some faults.
    int step = Scale.pick(10, 1, 1);
    return IntStream.range(0, all.size()).filter(i -> i % step == 0).mapToObj(all::get);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aPullRequestEndsAsIfNothingHadGoneWrong(GitHubWrite write, GitHubFault fault)
      throws InterruptedException {
    FaultyGitHub faults =
        new FaultyGitHub(world.github(), (kind, nth) -> kind == write && nth == 1 ? fault : null);

    FaultStory story = FaultStory.tell(world, faults);

    assertThat(faults.struck()).isOne();
    story.requireEndedWell();
    assertThat(faults.sent(write)).isBetween(write.sent, write.sent + MORE);
  }

  static Stream<GitHubFault> faults() {
    int step = Scale.pick(5, 1, 1);
    GitHubFault[] all = GitHubFault.values();
    return IntStream.range(0, all.length).filter(i -> i % step == 0).mapToObj(i -> all[i]);
  }

  @ParameterizedTest
  @MethodSource("faults")
  void aPullRequestEndsWellWhenEveryKindOfWriteGoesWrongAtFirst(GitHubFault fault)
      throws InterruptedException {
    FaultyGitHub faults = new FaultyGitHub(world.github(), (kind, nth) -> nth == 1 ? fault : null);

    FaultStory story = FaultStory.tell(world, faults);

    assertThat(faults.struck()).isEqualTo(GitHubWrite.values().length);
    story.requireEndedWell();
  }

  static LongStream seeds() {
    return LongStream.rangeClosed(1, Scale.pick(1, 3, 100));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void aPullRequestEndsWellWhateverGoesWrongAtRandom(long seed) throws InterruptedException {
    FaultyGitHub faults = new FaultyGitHub(world.github(), (kind, nth) -> drawn(seed, kind, nth));

    FaultStory story = FaultStory.tell(world, faults);

    assertThat(faults.struck()).as("seed " + seed).isPositive();
    story.requireEndedWell();
  }

  /// One in four, whatever order the writes come in, so that a seed means the same each time.
  private static @Nullable GitHubFault drawn(long seed, GitHubWrite kind, int nth) {
    Random random = new Random(Objects.hash(seed, kind.name(), nth));
    GitHubFault[] all = GitHubFault.values();
    int drawn = random.nextInt(4 * all.length);
    return drawn < all.length ? all[drawn] : null;
  }

  @ParameterizedTest
  @EnumSource(names = {"LOST_THOUGH_DONE", "LOST_AND_NOT_DONE"})
  void aReviewWhoseAnswersAreAlwaysLostIsGivenUpUntilSomebodyAsks(GitHubFault fault)
      throws InterruptedException {
    String head = FaultStory.head();
    int number = open(head, AppWorld.FILES);
    FaultyGitHub faults =
        new FaultyGitHub(
            world.github(), (kind, nth) -> kind == GitHubWrite.CREATE_REVIEW ? fault : null);
    world.tell(number, "opened");
    List<SimulatedReview> before = world.reviews(number);
    List<String> given = world.checks(head);
    faults.mend();

    world.comment(number, AppWorld.MAINTAINER, "/review");

    assertThat(before).isEmpty();
    assertThat(given)
        .containsExactly(
            "completed neutral Not reviewed: GitHub did not do what was asked of it in "
                + AppWorld.ATTEMPTS
                + " attempts");
    assertThat(faults.sent(GitHubWrite.CREATE_REVIEW)).isEqualTo(AppWorld.ATTEMPTS);
    assertThat(world.reviews(number)).hasSize(1);
    assertThat(world.github().pendingReviews(world.repository(), number)).isEmpty();
    assertThat(world.checks(head)).singleElement().asString().startsWith("completed success");
  }

  @Test
  void aReviewThatIsVisibleIsFoundThoughGitHubTakesNoMoreReviews() throws InterruptedException {
    String head = FaultStory.head();
    int number = open(head, AppWorld.FILES);
    FaultyGitHub faults =
        new FaultyGitHub(
            world.github(),
            (kind, nth) ->
                switch (kind) {
                  case SUBMIT_REVIEW -> GitHubFault.LOST_THOUGH_DONE;
                  case CREATE_REVIEW -> nth == 1 ? null : GitHubFault.LOST_AND_NOT_DONE;
                  default -> null;
                });

    world.tell(number, "opened");

    assertThat(faults.struck()).isOne();
    assertThat(world.reviews(number)).hasSize(1);
    assertThat(world.checks(head)).singleElement().asString().startsWith("completed success");
  }

  @Test
  void aPublisherThatPostsWithoutLookingIsFoundOut(@TempDir Path folder)
      throws InterruptedException {
    try (AppWorld blind = new AppWorld(folder, Map.of()).start(PlantedBug.POST_WITHOUT_LOOKING)) {
      FaultyGitHub faults =
          new FaultyGitHub(
              blind.github(),
              (kind, nth) ->
                  kind == GitHubWrite.SUBMIT_REVIEW && nth == 1
                      ? GitHubFault.LOST_THOUGH_DONE
                      : null);

      FaultStory story = FaultStory.tell(blind, faults);

      assertThatThrownBy(story::requireEndedWell).isInstanceOf(AssertionError.class);
    }
  }

  @Test
  void aLineWhichGitHubRefusesStandsInTheBodyAndTheOthersInTheirPlaces()
      throws InterruptedException {
    String head = FaultStory.head();
    List<SimulatedFile> files =
        Stream.of("One.java", "Two.java", "Three.java")
            .map(name -> SimulatedFile.modified(name, "@@ -1 +1,2 @@\n one\n+open();"))
            .toList();
    world.github().listener(refusing("Two.java"));
    int number = open(head, files);

    world.tell(number, "opened");

    assertThat(world.reviews(number))
        .singleElement()
        .satisfies(review -> {
          assertThat(review.comments())
              .extracting(SimulatedComment::path)
              .containsExactlyInAnyOrder("One.java", "Three.java");
          assertThat(review.body()).contains("At line 2 of `Two.java`");
        });
    assertThat(world.github().pendingReviews(world.repository(), number)).isEmpty();
    assertThat(world.checks(head)).singleElement().asString().startsWith("completed success 3");
  }

  @Test
  void aHeadThatMovesBetweenThePagesOfItsFilesIsNotReviewedButTheNewOneIs()
      throws InterruptedException {
    String first = FaultStory.head();
    String second = FaultStory.head();
    List<SimulatedFile> many =
        IntStream.range(0, 150)
            .mapToObj(i -> SimulatedFile.modified("F" + i, "@@ -1 +1,2 @@\n one\n+open();"))
            .toList();
    int number = open(first, many);
    AtomicBoolean moved = new AtomicBoolean();
    world
        .github()
        .listener(
            new ApiListener() {
              @Override
              public Fate before(ApiRequest request) {
                if (request.path().endsWith("/files")
                    && request.query().contains("page=2")
                    && moved.compareAndSet(false, true)) {
                  world.github().push(world.repository(), number, second, many);
                }
                return Fate.proceed();
              }
            });

    world.tell(number, "opened");
    world.tell(number, "synchronize");

    assertThat(moved).isTrue();
    assertThat(world.reviews(number)).extracting(SimulatedReview::commitId).containsExactly(second);
    assertThat(world.checks(first))
        .containsExactly(
            "completed neutral Not reviewed: the pull request has a newer head, base or round");
    assertThat(world.checks(second)).singleElement().asString().startsWith("completed success");
  }

  /// Refuses reviews with a comment in that file, as GitHub does where it can't find the line.
  private static ApiListener refusing(String path) {
    return new ApiListener() {
      @Override
      public Fate before(ApiRequest request) {
        return GitHubWrite.CREATE_REVIEW.is(request) && request.body().contains("\"" + path + "\"")
            ? Fate.answer(
                422,
                Map.of("Content-Type", "application/json"),
                "{\"message\":\"Unprocessable Entity\","
                    + "\"errors\":[\"Line could not be resolved\"]}")
            : Fate.proceed();
      }
    };
  }

  private static int open(String head, List<SimulatedFile> files) {
    return world
        .github()
        .open(
            world.repository(),
            new ProposedChange("Open", "", "octocat", "0".repeat(40), head, false, files));
  }
}
