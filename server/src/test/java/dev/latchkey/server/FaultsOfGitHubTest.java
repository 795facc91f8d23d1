package dev.latchkey.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.simulator.ApiListener;
import dev.latchkey.simulator.ApiRequest;
import dev.latchkey.simulator.Fate;
import dev.latchkey.simulator.ProposedChange;
import dev.latchkey.simulator.SimulatedComment;
import dev.latchkey.simulator.SimulatedFile;
import dev.latchkey.simulator.SimulatedIssueComment;
import dev.latchkey.simulator.SimulatedReview;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever goes wrong with whichever write, a pull request ends as if nothing had.
///
/// Each case is a pull request of its own, at one App: it is opened, while an older process has
/// left a pending review behind; it is pushed to; and somebody asks for help. One write goes wrong
/// on the way.
class FaultsOfGitHubTest {

  private static final Map<String, String> MUCH =
      Map.of(
          "LATCHKEY_LIMIT_PER_REPOSITORY", "100000/1h",
          "LATCHKEY_LIMIT_PER_OWNER", "100000/1h",
          "LATCHKEY_LIMIT_TOKENS_PER_DAY", "1000000000/day");

  /// A write is sent again after it went wrong, and once more at most.
  private static final int MORE = 2;

  private static AppWorld world;
  private static final AtomicInteger HEADS = new AtomicInteger();

  @BeforeAll
  static void start(@TempDir Path folder) throws InterruptedException {
    world = new AppWorld(folder, MUCH).start();
  }

  @AfterAll
  static void stop() {
    world.close();
  }

  static Stream<Arguments> cases() {
    return Stream.of(GitHubWrite.values())
        .flatMap(write -> Stream.of(GitHubFault.values()).map(fault -> Arguments.of(write, fault)));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aPullRequestEndsAsIfNothingHadGoneWrong(GitHubWrite write, GitHubFault fault)
      throws InterruptedException {
    OneFault once = new OneFault(write, fault);
    world.github().listener(once);
    String first = head();
    String second = head();

    int number = story(first, second);
    once.late.complete(null);
    once.awaitDone();
    world.tell(number, "reopened");

    assertThat(once.struck).as("the fault came").isTrue();
    assertThat(world.reviews(number))
        .extracting(SimulatedReview::commitId)
        .containsExactly(first, second);
    assertThat(world.github().pendingReviews(world.repository(), number)).isEmpty();
    assertThat(world.checks(first))
        .isNotEmpty()
        .allMatch(check -> check.startsWith("completed success 1 finding"));
    assertThat(world.checks(second))
        .isNotEmpty()
        .allMatch(check -> check.startsWith("completed success 1 finding"));
    assertThat(texts(number, "summary="))
        .singleElement()
        .asString()
        .contains("Reviewed `" + second.substring(0, 7), "**1 finding is open:**");
    assertThat(texts(number, "reply=")).hasSize(1);
    long folded = world.reviews(number).getFirst().id();
    assertThat(world.people().isMinimised(world.repository(), number, folded)).isTrue();
    assertThat(once.sent.get()).isBetween(write.sent, write.sent + MORE);
  }

  @Test
  void aLineWhichGitHubRefusesStandsInTheBodyAndTheOthersInTheirPlaces()
      throws InterruptedException {
    String head = head();
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
    String first = head();
    String second = head();
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

  private static int story(String first, String second) throws InterruptedException {
    int number = open(first, AppWorld.FILES);
    var _ =
        world
            .github()
            .plantReview(
                world.repository(),
                number,
                new SimulatedReview(
                    0, "latchkey[bot]", "Bot", "PENDING", "Left.", first, null, List.of()));
    world.tell(number, "opened");
    world.github().push(world.repository(), number, second, AppWorld.files("close();"));
    world.tell(number, "synchronize");
    var _ = world.comment(number, AppWorld.MAINTAINER, "/help");
    return number;
  }

  private static String head() {
    return "%07x%033x".formatted(HEADS.incrementAndGet(), 0);
  }

  private static List<String> texts(int number, String marker) {
    return world.said(number).stream()
        .map(SimulatedIssueComment::body)
        .filter(body -> body.contains("latchkey v1 " + marker))
        .toList();
  }

  /// Lets the first write of a kind go wrong, and counts all of that kind.
  private static final class OneFault implements ApiListener {
    final CompletableFuture<?> late = new CompletableFuture<>();
    final AtomicInteger sent = new AtomicInteger();
    volatile boolean struck;
    private final GitHubWrite write;
    private final GitHubFault fault;
    private final int before = world.github().writes().size();

    OneFault(GitHubWrite write, GitHubFault fault) {
      this.write = write;
      this.fault = fault;
    }

    @Override
    public Fate before(ApiRequest request) {
      return write.is(request) && sent.incrementAndGet() == 1 && !fault.done
          ? strike()
          : Fate.proceed();
    }

    @Override
    public Fate after(ApiRequest request, int status) {
      return fault.done && !struck && write.is(request) ? strike() : Fate.proceed();
    }

    private Fate strike() {
      struck = true;
      return fault.fate(late);
    }

    /// Waits until GitHub has done, or refused, what it does late.
    void awaitDone() {
      while (fault == GitHubFault.DONE_LATE && decided() < sent.get()) {
        Thread.onSpinWait();
      }
    }

    private long decided() {
      return world.github().writes().stream()
          .skip(before)
          .filter(one -> write.is(one.method(), one.path(), one.body()))
          .count();
    }
  }
}
