package dev.latchkey.review;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class AnswerTest {
  private static final String PLAIN =
      Samples.answer(Samples.item(1, "int a;"), Samples.item(2, "a \"}{][\\\" b"));

  @Test
  void plainAnswerIsReadWhole() {
    Answer answer = Answer.parse(PLAIN);

    assertThat(answer.nonce()).isEqualTo(Samples.NONCE);
    assertThat(answer.whole()).isTrue();
    assertThat(answer.sees("F1")).isTrue();
    assertThat(answer.sees("F2")).isFalse();
    assertThat(answer.findings()).hasSize(2);
    assertThat(answer.findings().getFirst().category()).isEqualTo(Category.ERROR_HANDLING);
  }

  @Test
  void fencesAndTalkAroundAnAnswerArePassedOver() {
    Answer expected = Answer.parse(PLAIN);

    assertThat(Answer.parse("```json\n" + PLAIN + "\n```")).isEqualTo(expected);
    assertThat(Answer.parse("Sure! if (a) { b } gives\n```\n" + PLAIN + "\n```\nDone {}"))
        .isEqualTo(expected);
    assertThat(Answer.parse("<think>{ \"no\": 1 } hm {</think> " + PLAIN + " bye"))
        .isEqualTo(expected);
  }

  @Test
  void answerCutAnywhereKeepsTheFindingsThatAreWhole() {
    int first = PLAIN.indexOf("},{") + 1;
    for (int length = 0; length < PLAIN.length(); length++) {
      Answer answer = Answer.parse(PLAIN.substring(0, length));

      assertThat(answer.whole()).isFalse();
      assertThat(answer.findings().size()).isLessThanOrEqualTo(2);
      assertThat(answer.findings()).isSubsetOf(Answer.parse(PLAIN).findings());
    }
    String findingsLast =
        "{\"nonce\":\"n\",\"files_seen\":[],\"summary\":\"\",\"findings\":["
            + "{\"claim\":\"one\"},{\"claim\":\"two\"},{\"claim\":\"th";
    assertThat(first).isPositive();
    assertThat(Answer.parse(findingsLast).findings())
        .extracting(RawFinding::claim)
        .containsExactly("one", "two");
  }

  @Test
  void wrongTypesCountAsMissing() {
    Answer answer =
        Answer.parse(
            """
            {"nonce": 5, "files_seen": {"F1": true}, "summary": [], "findings": [
              7, "text", null, [], {}, {"claim": 5},
              {"claim": "a", "line": "R12", "side": "left", "severity": "awful", "file": {"x": []},
               "quote": ["q"], "confidence": "high", "category": 1, "replacement": false},
              {"claim": "b", "line": 3.0, "confidence": 17},
              {"claim": "c", "line": 3.5, "confidence": -1},
              {"claim": "d", "line": 1e99}
            ]}
            """);

    assertThat(answer.nonce()).isEmpty();
    assertThat(answer.filesSeen()).isEmpty();
    assertThat(answer.unreadable()).isEqualTo(6);
    assertThat(answer.whole()).isTrue();
    assertThat(answer.findings()).extracting(RawFinding::line).containsExactly(12, 3, 0, 0);
    assertThat(answer.findings())
        .extracting(RawFinding::confidence)
        .containsExactly(0.5, 1.0, 0.0, 0.5);
    assertThat(answer.findings().getFirst().side()).isEqualTo(Side.LEFT);
    assertThat(answer.findings().getFirst().severity()).isEqualTo(Severity.MINOR);
    assertThat(answer.findings().getFirst().quote()).isEmpty();
  }

  @Test
  void findingThatSaysOneKeyTwiceIsUnreadable() {
    Answer answer =
        Answer.parse(
            "{\"nonce\":\"a\",\"nonce\":\"b\",\"findings\":["
                + "{\"claim\":\"x\",\"line\":1,\"line\":2},"
                + "{\"claim\":\"y\"}]}");

    assertThat(answer.nonce()).isEqualTo("a");
    assertThat(answer.unreadable()).isEqualTo(1);
    assertThat(answer.findings()).hasSize(1);
  }

  @Test
  void hugeAnswerIsReadUpToItsBound() {
    String huge = "{\"findings\":[" + "{\"claim\":\"x\"},".repeat(20 * 1024 * 1024 / 14);

    Answer answer = Answer.parse(huge);

    assertThat(answer.findings()).hasSize(200);
    assertThat(answer.unreadable()).isGreaterThan(1_000);
    assertThat(answer.whole()).isFalse();
  }

  @Test
  void bracesWithoutEndCostLittle() {
    assertThat(Answer.parse("{".repeat(20 * 1024 * 1024)).isNothing()).isTrue();
    assertThat(Answer.parse("[".repeat(20 * 1024 * 1024)).isNothing()).isTrue();
    assertThat(Answer.parse("{\"a\":".repeat(1024 * 1024)).isNothing()).isTrue();
    assertThat(Answer.parse("{\"findings\":[" + "[".repeat(1024 * 1024)).whole()).isFalse();
  }

  @Test
  void noAnswerIsNothing() {
    assertThat(Answer.parse("").isNothing()).isTrue();
    assertThat(Answer.parse("I can't help with that.").isNothing()).isTrue();
    assertThat(Answer.parse("{\"other\": 1}").isNothing()).isTrue();
  }

  @Property(tries = 2_000)
  void anyTextIsReadWithoutFailure(@ForAll String text) {
    assertThat(Answer.parse(text)).isNotNull();
    assertThat(Answer.parse("{\"findings\":[{\"claim\":\"" + text)).isNotNull();
  }
}
