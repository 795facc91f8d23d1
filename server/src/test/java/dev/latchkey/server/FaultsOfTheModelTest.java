package dev.latchkey.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.inbox.Event;
import dev.latchkey.inbox.WorkState;
import dev.latchkey.simulator.ModelFate;
import dev.latchkey.simulator.ModelQuestion;
import dev.latchkey.simulator.SimulatedModelOptions;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What becomes of a review when the model is limited, fails, or talks nonsense.
class FaultsOfTheModelTest {

  /// The day's tokens are enough for one question, not for two.
  private static final Map<String, String> ONE_QUESTION =
      Map.of("LATCHKEY_LIMIT_TOKENS_PER_DAY", "5500/day");

  private static final Function<ModelQuestion, String> GOOD = TestReplies.scripted();

  @TempDir private Path folder;
  private final AtomicInteger asked = new AtomicInteger();

  /// What the model answers by its status instead of a reply.
  enum TurnedAway {
    LIMITED,
    FAILING,
    OVERLOADED;

    private ModelFate failure() {
      return switch (this) {
        case LIMITED -> ModelFate.answer(429, Map.of("Retry-After", "1"), "{}");
        case FAILING -> ModelFate.answer(500, Map.of(), "oops");
        case OVERLOADED -> ModelFate.answer(503, Map.of("Retry-After", "0"), "");
      };
    }
  }

  @ParameterizedTest
  @EnumSource
  void aQuestionThatWasTurnedAwayCostsNothingAndIsAskedAgain(TurnedAway answer)
      throws InterruptedException {
    try (AppWorld world = failing(2, answer.failure(), ONE_QUESTION)) {
      int number = world.open();

      world.tell(number, "opened");

      assertThat(world.reviews(number)).hasSize(1);
      assertThat(asked).hasValue(3);
      assertThat(world.checks(AppWorld.A))
          .singleElement()
          .asString()
          .startsWith("completed success");
    }
  }

  @Test
  void aQuestionWhoseAnswerIsCutOffCountsAsAsked() throws InterruptedException {
    try (AppWorld world = failing(1, ModelFate.drop(), ONE_QUESTION)) {
      int number = world.open();

      world.github().send(world.github().pullRequestDelivery(world.repository(), number, "opened"));
      world.await(
          event -> event instanceof Event.Ended ended && ended.note().startsWith("Waiting"));

      assertThat(asked).hasValue(1);
      assertThat(world.reviews(number)).isEmpty();
      assertThat(world.checks(AppWorld.A))
          .singleElement()
          .asString()
          .startsWith("queued null Waiting for a limit");
    }
  }

  @Test
  void aQuestionWhoseAnswerIsCutOffIsAskedAgainWhereThereAreTokensLeft()
      throws InterruptedException {
    try (AppWorld world = failing(2, ModelFate.drop(), Map.of())) {
      int number = world.open();

      world.tell(number, "opened");

      assertThat(world.reviews(number)).hasSize(1);
      assertThat(asked).hasValue(3);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 401, 500})
  void aModelThatNeverAnswersIsGivenUpAfterSoManyAttempts(int status) throws InterruptedException {
    try (AppWorld world =
        failing(
            1_000,
            status == 0 ? ModelFate.drop() : ModelFate.answer(status, Map.of(), ""),
            Map.of())) {
      int number = world.open();

      world.tell(number, "opened");

      assertThat(asked).hasValue(AppWorld.ATTEMPTS);
      assertThat(world.reviews(number)).isEmpty();
      assertThat(world.app().stats().works()).containsEntry(WorkState.DEAD, 1L);
      assertThat(world.checks(AppWorld.A))
          .singleElement()
          .asString()
          .matches(
              "completed neutral Not reviewed: the model did not (answer|accept the server's key)"
                  + " in 10 attempts");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "404 {\"error\":{\"message\":\"no such model\"}}",
        "400 {\"error\":{\"code\":\"context_length_exceeded\"}}",
        "200 <html>not what it should be</html>",
        "302 "
      })
  void aQuestionTheModelWillNeverAnswerIsGivenUpAtOnceAndCostsNothing(String answer)
      throws InterruptedException {
    int status = Integer.parseInt(answer.substring(0, 3));
    ModelFate failure = ModelFate.answer(status, Map.of(), answer.substring(4));
    try (AppWorld world = failing(1_000, failure, ONE_QUESTION)) {
      int number = world.open();
      world.tell(number, "opened");
      int once = asked.get();

      world.github().push(world.repository(), number, AppWorld.B, AppWorld.files("close();"));
      world.tell(number, "synchronize");

      assertThat(once).isBetween(1, 2);
      assertThat(world.app().stats().works()).containsEntry(WorkState.DEAD, 2L);
      assertThat(world.checks(AppWorld.A))
          .singleElement()
          .asString()
          .startsWith("completed neutral Not reviewed: the model refused every question;");
      assertThat(world.checks(AppWorld.B))
          .singleElement()
          .asString()
          .startsWith("completed neutral Not reviewed: the model refused every question;");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "I'm sorry, but I can't help with that.", "{]", "null", "[]", "\u0000\u0001"})
  void anAnswerInWhichNothingCanBeReadIsAskedForOnceMoreAndThenMissing(String nonsense)
      throws InterruptedException {
    try (AppWorld world = saying(question -> nonsense)) {
      int number = world.open();

      world.tell(number, "opened");

      assertThat(world.model().calls()).hasSize(2);
      assertThat(world.reviews(number))
          .singleElement()
          .satisfies(review -> assertThat(review.comments()).isEmpty());
      assertThat(world.checks(AppWorld.A))
          .containsExactly("completed neutral No findings; not everything was read");
    }
  }

  @Test
  void anAnswerThatIsMendedWhenAskedForAgainCountsInFull() throws InterruptedException {
    AtomicInteger calls = new AtomicInteger();
    try (AppWorld world =
        saying(q -> calls.incrementAndGet() == 1 ? "Sure! Here it is:" : GOOD.apply(q))) {
      int number = world.open();

      world.tell(number, "opened");

      assertThat(calls).hasValue(2);
      assertThat(world.reviews(number))
          .singleElement()
          .satisfies(review -> assertThat(review.comments()).hasSize(1));
      assertThat(world.checks(AppWorld.A)).containsExactly("completed success 1 finding");
    }
  }

  @Test
  void anAnswerWithAnotherNonceShowsThatTheRulesWereNotRead() throws InterruptedException {
    try (AppWorld world =
        saying(
            q -> GOOD.apply(q).replaceFirst("\"nonce\":\"[0-9a-f]+\"", "\"nonce\":\"00000000\""))) {
      int number = world.open();

      world.tell(number, "opened");

      assertThat(world.model().calls()).hasSize(1);
      assertThat(world.reviews(number)).hasSize(1);
      assertThat(world.checks(AppWorld.A))
          .singleElement()
          .asString()
          .startsWith("completed neutral")
          .endsWith("not everything was read");
    }
  }

  private AppWorld failing(int times, ModelFate failure, Map<String, String> more)
      throws InterruptedException {
    SimulatedModelOptions options =
        SimulatedModelOptions.of(InstantSource.system(), GOOD)
            .withScript((_, _) -> asked.incrementAndGet() <= times ? failure : ModelFate.proceed());
    return new AppWorld(folder, more, options).start();
  }

  private AppWorld saying(Function<ModelQuestion, String> replies) throws InterruptedException {
    SimulatedModelOptions options = SimulatedModelOptions.of(InstantSource.system(), replies);
    return new AppWorld(folder, Map.of(), options).start();
  }
}
