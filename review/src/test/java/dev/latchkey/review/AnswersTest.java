package dev.latchkey.review;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a review makes of answers that are not as they should be. None of them is an error, and
/// none reads as if nothing was found.
class AnswersTest {
  private static final Snapshot SNAPSHOT =
      Samples.snapshot(
          Samples.added("A.java", "int größe = 1;", "int b = 2;"),
          Samples.added("B.java", "int c = 3;"));
  private static final String HEAD =
      "{\"nonce\":\"" + Samples.NONCE + "\",\"files_seen\":[\"F1\",\"F2\"],\"summary\":\"s\",";
  private static final String ITEM =
      "{\"file\":\"F1\",\"side\":\"RIGHT\",\"line\":1,\"quote\":\"int größe = 1;\","
          + "\"severity\":\"MAJOR\",\"confidence\":0.9,\"category\":\"api\",\"claim\":\"first\","
          + "\"replacement\":\"int size = 1;\"}";
  private static final String OTHER =
      "{\"file\":\"F2\",\"line\":1,\"quote\":\"int c = 3;\",\"claim\":\"second\"}";
  private static final String WHOLE = HEAD + "\"findings\":[" + ITEM + "," + OTHER + "]}";

  private static Review review(String text) {
    return Samples.conclude(SNAPSHOT, text);
  }

  private static String withFindings(String... items) {
    return HEAD + "\"findings\":[" + String.join(",", items) + "]}";
  }

  /// With no finding, so that what was read must be told by the verdict.
  private static void assertIncomplete(Review review) {
    assertThat(review.verdict()).isEqualTo(Verdict.INCOMPLETE);
    assertThat(review.partial()).isTrue();
    assertThat(review.notes().size() + review.omitted().size()).isPositive();
  }

  @Test
  void wholeAnswerIsNotPartial() {
    Review review = review(WHOLE);

    assertThat(review.anchored()).extracting(Finding::claim).containsExactly("first", "second");
    assertThat(review.partial()).isFalse();
    assertThat(review.notes()).isEmpty();
    assertThat(review.omitted()).isEmpty();
  }

  @Test
  void talkAndFencesChangeNothing() {
    Review expected = review(WHOLE);
    String code = "Look at\n```java\nif (a) { b(); }\n```\nfirst.\n";

    for (String before : List.of("", "Here it is: ", "\ufeff", code, "```\n\n```\n", "\n \t")) {
      for (String fence : List.of("", "```\n", "```json\n", "~~~\n", "````json5\r\n")) {
        for (String after : List.of("", "\n```", "}", "{\"nonce\":\"x\"}", " Hope this helps!")) {
          assertThat(review(before + fence + WHOLE + after)).isEqualTo(expected);
        }
      }
    }
  }

  @Test
  void answerBehindMoreBracesThanAreTriedIsNone() {
    Review review = review("{x} ".repeat(16) + WHOLE);

    assertIncomplete(review);
    assertThat(review.omitted()).extracting(Omitted::path).containsExactly("A.java", "B.java");
    assertThat(review("{x} ".repeat(15) + WHOLE)).isEqualTo(review(WHOLE));
  }

  @Test
  void answerCutAtAnyByteIsPartialAndLosesNoWholeFinding() {
    byte[] bytes = WHOLE.getBytes(StandardCharsets.UTF_8);
    for (int length = 0; length < bytes.length; length++) {
      String cut = new String(bytes, 0, length, StandardCharsets.UTF_8);
      List<String> whole =
          Stream.of("first", "second")
              .filter(claim -> cut.contains(claim.equals("first") ? ITEM : OTHER))
              .toList();

      Review review = review(cut);

      assertThat(review.partial()).describedAs(cut).isTrue();
      assertThat(review.anchored()).extracting(Finding::claim).isEqualTo(whole);
      assertThat(review.unanchored()).isEmpty();
      assertThat(review.notes()).anyMatch(note -> note.contains("cut") || note.contains("JSON"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "true", "17", "1e999", "[]", "[[7]]", "{}", "{\"a\":{\"b\":[]}}"})
  void fieldOfAnotherTypeIsAsGoodAsMissing(String value) {
    Review nonce = review(WHOLE.replace("\"" + Samples.NONCE + "\"", value));
    Review seen = review(WHOLE.replace("[\"F1\",\"F2\"]", value));
    Review summary = review(WHOLE.replace("\"s\"", value));

    assertThat(nonce.notes()).singleElement().asString().contains("nonce");
    assertThat(nonce.partial()).isTrue();
    assertThat(seen.omitted()).extracting(Omitted::reason).containsOnly(Omitted.Reason.NOT_SEEN);
    assertThat(seen.omitted()).hasSize(2);
    assertThat(summary.summary()).isEmpty();
    assertThat(summary.partial()).isFalse();
    for (Review review : List.of(nonce, seen, summary)) {
      assertThat(review.anchored()).hasSize(2);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "true", "17", "\"none\"", "{}", "{\"claim\":\"x\"}"})
  void findingsThatAreNoListAreNeverNothingFound(String value) {
    Review review = review(HEAD + "\"findings\":" + value + "}");

    assertIncomplete(review);
    assertThat(review.notes()).singleElement().asString().contains("can't be read");
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "true", "-17", "1e999", "[]", "[[7]]", "{}", "{\"a\":{\"b\":1}}"})
  void fieldOfAFindingOfAnotherTypeIsAsGoodAsMissing(String value) {
    assertThat(only(ITEM.replace("\"F1\"", value)).path()).isEmpty();
    assertThat(only(ITEM.replace("\"RIGHT\"", value)).side()).isEqualTo(Side.RIGHT);
    assertThat(only(ITEM.replace("\"line\":1", "\"line\":" + value)).line()).isZero();
    assertThat(only(ITEM.replace("\"int größe = 1;\"", value)).anchor())
        .isEqualTo(Anchor.UNANCHORED);
    assertThat(only(ITEM.replace("\"MAJOR\"", value)).severity()).isEqualTo(Severity.MINOR);
    assertThat(only(ITEM.replace("0.9", value)).confidence()).isBetween(0.0, 1.0);
    assertThat(only(ITEM.replace("\"api\"", value)).category()).isEqualTo(Category.BUG);
    assertThat(only(ITEM.replace("\"int size = 1;\"", value)).suggestion()).isEmpty();
    assertThat(only(ITEM).suggestion()).contains("int size = 1;");
    assertIncomplete(review(withFindings(ITEM.replace("\"first\"", value))));
  }

  private static Finding only(String item) {
    Review review = review(withFindings(item));
    assertThat(review.partial()).isFalse();
    return Stream.concat(review.anchored().stream(), review.unanchored().stream())
        .reduce((one, other) -> {
          throw new AssertionError("two findings: " + one + " and " + other);
        })
        .orElseThrow();
  }

  @Test
  void firstOfTwoSayingsCountsWhateverTheKey() {
    String other = "\"nonce\":\"" + Samples.NONCE + "\"";
    String seen = "\"files_seen\":[\"F1\",\"F2\"]";

    Review nonce = review("{\"nonce\":\"x\"," + other + "," + seen + ",\"findings\":[]}");
    Review files = review("{" + other + ",\"files_seen\":[\"F1\"]," + seen + ",\"findings\":[]}");
    Review noList = review("{" + other + ",\"files_seen\":null," + seen + ",\"findings\":[]}");

    assertIncomplete(nonce);
    assertIncomplete(files);
    assertIncomplete(noList);
    assertThat(files.omitted()).containsExactly(new Omitted("B.java", Omitted.Reason.NOT_SEEN, ""));
    assertThat(noList.omitted()).hasSize(2);
  }

  @Test
  void findingsSaidTwiceAreAllRead() {
    Review review = review(HEAD + "\"findings\":[" + ITEM + "],\"findings\":[" + OTHER + "]}");

    assertThat(review.anchored()).extracting(Finding::claim).containsExactly("first", "second");
    assertThat(review.partial()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "nonce: 0123456789abcdef0123456789abcdef", "0123456789ABCDEF"})
  void nonceThatIsNotTheOneGivenIsNeverNothingFound(String nonce) {
    Review review = review(withFindings().replace(Samples.NONCE, nonce));

    assertIncomplete(review);
    assertThat(review.notes()).singleElement().asString().contains("nonce").contains("and 1 more");
  }

  @ParameterizedTest
  @ValueSource(strings = {"F1", "F1 A.java", " F1 ", "F1\",\"F3\",\"F20\",\"f2\",\"B.java\",\"F"})
  void fileThatIsNotNamedWasNotSeenEvenWithAFinding(String seen) {
    Review review = review(WHOLE.replace("F1\",\"F2", seen));

    assertThat(review.omitted())
        .containsExactly(new Omitted("B.java", Omitted.Reason.NOT_SEEN, ""));
    assertThat(review.partial()).isTrue();
    assertThat(review.anchored()).extracting(Finding::path).containsExactly("A.java", "B.java");
  }

  @Test
  void whatCanNotBeReadToItsEndKeepsTheFindingsBefore() {
    String deep = "[".repeat(100_000);
    String before = HEAD + "\"findings\":[" + ITEM + ",";
    for (String broken :
        List.of(
            deep,
            "{\"a\":".repeat(100_000),
            "{\"claim\":" + deep + "]".repeat(100_000) + "}]}",
            "{\"" + "k".repeat(1_000_000) + "\":1,\"claim\":\"x\"}]}",
            "{\"claim\":\"x\",\"line\":" + "9".repeat(100_000) + "}]}",
            "{\"claim\":\"x\",\"line\":NaN}]}",
            "{\"claim\":\"\\ud8\"}]}",
            "{claim:'x'}]}",
            "{\"claim\":\"a\nb\"}]}",
            "{\"claim\":\"x\",}]}",
            "// no comment\n]}")) {
      Review review = review(before + broken);

      assertThat(review.anchored()).extracting(Finding::claim).containsExactly("first");
      assertThat(review.notes()).singleElement().asString().contains("is cut");
    }
  }

  /// These pairs of letters have one hash where a character weighs 33 times the next.
  @Test
  void keysMadeToCollideAreNoError() {
    String keys =
        IntStream.range(0, 1 << 12)
            .mapToObj(number ->
                IntStream.range(0, 12)
                    .mapToObj(bit -> (number >> bit & 1) == 0 ? "aB" : "b!")
                    .collect(Collectors.joining("", "\"", "\":1,")))
            .collect(Collectors.joining());

    Review inside = review(withFindings(ITEM, "{" + keys + "\"claim\":\"x\"}"));
    Review outside = review("{" + keys + withFindings(ITEM).substring(1));

    assertThat(inside.anchored()).hasSize(1);
    assertThat(inside.notes()).singleElement().asString().contains("is cut");
    assertIncomplete(outside);
  }

  @Test
  void hugeAnswersAreReadUpToTheirBound() {
    int huge = 20 * 1024 * 1024;
    String open = HEAD + "\"findings\":[" + ITEM + ",";

    Review claim = review(open + "{\"claim\":\"" + "x".repeat(huge) + "\"}]}");
    Review blanks = review(open + " ".repeat(huge) + "]}");
    Review after = review(withFindings(ITEM) + "{".repeat(huge));
    Review before = review(" ".repeat(huge) + WHOLE);
    Review fences = review("```{".repeat(huge / 4));
    Review keys = review("{" + "\"a\":{},".repeat(huge / 7));

    assertThat(claim.notes()).singleElement().asString().contains("is cut");
    assertThat(claim.anchored()).hasSize(1);
    assertThat(blanks.anchored()).hasSize(1);
    assertThat(blanks.partial()).isTrue();
    assertThat(after).isEqualTo(review(withFindings(ITEM)));
    assertIncomplete(before);
    assertIncomplete(fences);
    assertIncomplete(keys);
  }

  @Test
  void longTextsOfAFindingAreCut() {
    String big = "y".repeat(3_000_000);
    Finding long1 = only(ITEM.replace("first", big));
    Finding long2 = only(ITEM.replace("int size = 1;", big));
    Finding long3 = only(ITEM.replace("int größe = 1;", big));

    assertThat(long1.claim()).hasSize(4_001).endsWith("…");
    assertThat(long2.suggestion()).isEmpty();
    assertThat(long3.quote().length()).isLessThan(1_000);
  }
}
