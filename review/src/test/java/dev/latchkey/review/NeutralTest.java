package dev.latchkey.review;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NeutralTest {
  private static Finding finding(String claim, @Nullable String replacement) {
    return new Finding(
        "src/@team/<x>.java",
        Side.RIGHT,
        0,
        3,
        "quo`te @octocat <!-- latchkey v1 -->",
        Anchor.EXACT,
        Severity.MAJOR,
        0.9,
        Category.BUG,
        claim,
        replacement,
        "f");
  }

  private static String comment(String claim) {
    return Neutral.comment(finding(claim, null)).substring("**MAJOR** (bug): ".length());
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      delimiter = '|',
      value = {
        "ask @octocat and @acme/team|ask ＠octocat and ＠acme/team",
        "mail a@b.org|mail a＠b.org",
        "fixes #12, closes acme/shop#3|fixes ＃12, closes acme/shop＃3",
        "resolves GH-7|resolves GH‑7",
        "C# and # alone|C\\# and \\# alone",
        "<img src=x> &amp;|&lt;img src=x&gt; &amp;amp;",
        "![a](http://evil.org/b.png)|\\!\\[a\\](http\\[:\\]//evil.org/b.png)",
        "see https://evil.org and www.evil.org|see https\\[:\\]//evil.org and www\\[.\\]evil.org",
        "*a* _b_ ~c~ $d$|\\*a\\* \\_b\\_ \\~c\\~ \\$d\\$",
        "uses `@Override` and `a < b`|uses `@Override` and `a < b`",
        "``a ` b`` c|``a ` b`` c",
        "open ` tick @x|open \\` tick ＠x",
        "<!-- latchkey v1 -->|&lt;\\!-- latchkey v1 --&gt;",
        "`<!-- x -->`|`<! -- x -->`",
      })
  void nothingAModelSaysIsActive(String claim, String expected) {
    assertThat(comment(claim)).isEqualTo(expected);
  }

  @Test
  void claimIsOneParagraphWithoutHiddenCharacters() {
    assertThat(comment("a\n\n# b\n```\n@c\r\n\u202ed\u200be"))
        .isEqualTo("a \\# b \\`\\`\\` ＠c \\\\u{202e}d\\\\u{200b}e");
  }

  @Test
  void fenceIsLongerThanAnyInside() {
    String body = Neutral.comment(finding("x", "a\n````\nb"));

    assertThat(body).endsWith("\n\n`````suggestion\na\n````\nb\n`````");
  }

  @Test
  void emptySuggestionDeletesTheLines() {
    assertThat(Neutral.comment(finding("x", ""))).endsWith("```suggestion\n```");
  }

  @Test
  void commentIsBounded() {
    assertThat(Neutral.comment(finding("<".repeat(50_000), "x".repeat(4_000))).length())
        .isLessThan(20_000);
  }

  private static Review review(Verdict verdict, int count) {
    List<Finding> many = Collections.nCopies(count, finding("<@octocat>".repeat(200), null));
    List<Omitted> omitted =
        Collections.nCopies(count, new Omitted("a`b\n@c", Omitted.Reason.TOO_LARGE, "#1 <b>"));
    List<String> notes = Collections.nCopies(count, "note @octocat " + "n".repeat(1_000));
    return new Review(
        "cafe",
        verdict,
        count > 0,
        "summary @octocat",
        many,
        many,
        many,
        omitted,
        notes,
        new Usage(1_000, 20));
  }

  @Test
  void summaryOfHugeReviewIsBoundedAndNeutral() {
    String body = Neutral.summary(review(Verdict.SERIOUS_FINDINGS, 1_000));

    assertThat(body.length()).isBetween(10_000, 60_000);
    assertThat(body)
        .startsWith("**2000 findings**, the most severe is MAJOR. Part of the change")
        .contains("### Further findings", "### Not tied to a line", "### Not reviewed", " more\n")
        .contains("Reviewed at `cafe`. 1,000 tokens read")
        .doesNotContain("<!--");
    assertThat(withoutCode(body)).doesNotContain("@", "#1", "<");
  }

  @ParameterizedTest
  @ValueSource(strings = {"NOTHING_FOUND", "INCOMPLETE"})
  void noVerdictReadsAsAnApproval(Verdict verdict) {
    String body = Neutral.summary(review(verdict, 0));

    assertThat(body).containsAnyOf("not an approval", "incomplete");
    assertThat(body).doesNotContainIgnoringCase("lgtm").doesNotContainIgnoringCase("approved");
  }

  /// Outside code spans, which open with a run of backticks and end with one of the same length.
  @Property(tries = 3_000)
  void noActiveCharacterIsLeftOutsideCode(@ForAll String claim) {
    String words = withoutCode(comment(claim + " @a #1 <b> `" + claim + "`"));

    assertThat(words).doesNotContainPattern("@[\\p{L}\\p{Nd}]").doesNotContainPattern("#[0-9]");
    assertThat(words).doesNotContain("<", ">", "://", "\u202e");
  }

  private static String withoutCode(String markdown) {
    StringBuilder words = new StringBuilder();
    int at = 0;
    while (at < markdown.length()) {
      if (markdown.charAt(at) == '\\') {
        words.append(markdown, at, Math.min(markdown.length(), at + 2));
        at += 2;
      } else if (markdown.charAt(at) == '`') {
        int open = run(markdown, at);
        int close = at + open;
        while (close < markdown.length() && run(markdown, close) != open) {
          close += Math.max(1, run(markdown, close));
        }
        at = close + open;
      } else {
        words.append(markdown.charAt(at++));
      }
    }
    return words.toString();
  }

  private static int run(String text, int from) {
    int end = from;
    while (end < text.length() && text.charAt(end) == '`') {
      end++;
    }
    return end - from;
  }
}
