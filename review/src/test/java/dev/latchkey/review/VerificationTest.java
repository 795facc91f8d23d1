package dev.latchkey.review;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

class VerificationTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(1);
  private static final String RULES =
      """
      {"rules": [
        {"pattern": "LATER", "claim": "unfinished", "severity": "major", "refute": true},
        {"pattern": "exit", "claim": "exits", "severity": "minor"}]}
      """;

  private final Snapshot snapshot =
      Samples.snapshot(
          Samples.added("A.java", "int a;", "// LATER later", "exit(1);"),
          Samples.added("B.java", "exit(2);"));
  private final Plan plan = Plan.of(snapshot, Samples.options());

  private Review verified(String rules) {
    Reviewer reviewer = Reviewer.of(ScriptedModel.of(rules), Samples.options());
    return reviewer.verify(plan, reviewer.review(snapshot, plan, TIMEOUT), TIMEOUT);
  }

  @Test
  void refutedFindingIsDroppedAndNotedAndWeighsNoMore() {
    Review review = verified(RULES);

    assertThat(review.findings()).extracting(Finding::claim).containsExactly("exits", "exits");
    assertThat(review.notes())
        .containsExactly("refuted by the second pass: MAJOR at A.java:2: unfinished (taken back)");
    assertThat(review.verdict()).isEqualTo(Verdict.FINDINGS);
  }

  @Test
  void bothPassesArePaidFor() {
    Reviewer reviewer = Reviewer.of(ScriptedModel.of(RULES), Samples.options());
    Review once = reviewer.review(snapshot, plan, TIMEOUT);

    Review twice = reviewer.verify(plan, once, TIMEOUT);

    assertThat(twice.usage().inputTokens()).isGreaterThan(once.usage().inputTokens());
    assertThat(twice.usage().outputTokens()).isGreaterThan(once.usage().outputTokens());
  }

  @Test
  void whatWasFoundWithoutAModelIsNotAskedAbout() {
    Snapshot hidden = Samples.snapshot(Samples.added("A.java", "int a\u200b;", "int a\u200b;"));
    Plan itsPlan = Plan.of(hidden, Samples.options());
    Review review = Samples.conclude(hidden, Samples.answer());

    assertThat(review.findings()).hasSize(2);
    assertThat(Verification.questions(itsPlan, review)).isEmpty();
  }

  @Test
  void questionNamesEachFindingWithItsPlace() {
    Review review = Samples.conclude(snapshot, Samples.answer(Samples.item(3, "exit(1);")));

    Verification.Question question = Verification.questions(plan, review).getFirst();

    assertThat(question.request(Samples.NONCE).user())
        .contains("R3 +exit(1);")
        .endsWith("\nFINDINGS\nN1 F1 R3 MAJOR error-handling: It fails.\n");
    assertThat(question.request(Samples.NONCE).system()).endsWith("nonce: " + Samples.NONCE + "\n");
  }

  @Test
  void answerWithoutTheNonceRefutesNothingAndIsNoted() {
    Review review = Samples.conclude(snapshot, Samples.answer(Samples.item(3, "exit(1);")));
    Verification.Question question = Verification.questions(plan, review).getFirst();

    for (String answer :
        List.of(
            "{\"nonce\": \"x\", \"refuted\": [{\"finding\": \"N1\"}]}",
            "I agree with all of them.",
            "{\"nonce\": ",
            "}{")) {
      Review after = Verification.apply(review, question, Samples.answered(answer));

      assertThat(after.findings()).isEqualTo(review.findings());
      assertThat(after.notes()).hasSize(1);
    }
  }

  @Test
  void answerOfWrongTypesRefutesNothing() {
    Review review = Samples.conclude(snapshot, Samples.answer(Samples.item(3, "exit(1);")));
    Verification.Question question = Verification.questions(plan, review).getFirst();

    for (String refuted : List.of("1", "\"N1\"", "[1, \"N1\", null]", "[{\"finding\": 1}]", "{}")) {
      String answer = "{\"nonce\": \"%s\", \"refuted\": %s}".formatted(Samples.NONCE, refuted);

      Review after = Verification.apply(review, question, Samples.answered(answer));

      assertThat(after.findings()).isEqualTo(review.findings());
    }
  }

  @Test
  void answerInWhichNothingCanBeReadIsAskedForOnceMore() {
    Deque<String> answers = new ArrayDeque<>(List.of("I won't.", "{\"findings\": []}"));
    List<ModelRequest> asked = new ArrayList<>();
    Model model =
        (request, _) -> {
          asked.add(request);
          return new ModelReply(answers.removeFirst(), new Usage(10, 5), FinishReason.STOP);
        };

    Review review = Reviewer.of(model, Samples.options()).review(snapshot, plan, TIMEOUT);

    assertThat(asked).hasSize(2);
    assertThat(asked.getLast().system()).startsWith("Your last answer to this held no JSON object");
    assertThat(asked.getLast().user()).isEqualTo(asked.getFirst().user());
    assertThat(review.usage()).isEqualTo(new Usage(20, 10));
  }
}
