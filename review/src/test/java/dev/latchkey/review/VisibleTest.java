package dev.latchkey.review;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class VisibleTest {
  @Test
  void whatCannotBeSeenIsWrittenOut() {
    assertThat(Visible.line("a\u202eb\u200bc\u2028d\ufeffe\u0000f\u001bg\u007fh"))
        .isEqualTo("a\\u{202e}b\\u{200b}c\\u{2028}d\\u{feff}e\\u{0}f\\u{1b}g\\u{7f}h");
    assertThat(Visible.line("tag\udb40\udc41 filler\u3164"))
        .isEqualTo("tag\\u{e0041} filler\\u{3164}");
  }

  @Test
  void whatCanBeSeenStays() {
    assertThat(Visible.line("\tgrüße 漢字 🙂 é\u0301 \\u{0}"))
        .isEqualTo("\tgrüße 漢字 🙂 é\u0301 \\u{0}");
  }

  @Test
  void bytesThatAreNoTextAreWrittenOut() {
    byte[] bytes = "a\u00ff\u00c3(".getBytes(StandardCharsets.ISO_8859_1);

    assertThat(Visible.line(Bytes.of(bytes).text())).isEqualTo("a\\xff\\xc3(");
  }

  @Test
  void tabIsWrittenOutInPathsOnly() {
    assertThat(Visible.path("a\tb\nc")).isEqualTo("a\\u{9}b\\u{a}c");
  }

  @Test
  void carriageReturnsAtALinesEndAreLeftOut() {
    assertThat(Visible.line("a\rb\r")).isEqualTo("a\\u{d}b");
  }

  @Test
  void longLineIsCut() {
    assertThat(Visible.line("x".repeat(500))).hasSize(500);
    assertThat(Visible.line("x".repeat(501))).isEqualTo("x".repeat(500) + "…");
    assertThat(Visible.line("🙂".repeat(501))).isEqualTo("🙂".repeat(500) + "…");
    assertThat(Visible.line("x".repeat(495) + "\u202e" + "y")).isEqualTo("x".repeat(495) + "…");
  }

  @Property(tries = 2_000)
  void showingTwiceChangesNothing(@ForAll String text) {
    String shown = Visible.line(text);

    assertThat(Visible.line(shown)).isEqualTo(shown);
  }

  @Property(tries = 2_000)
  void validTextIsDecodedAsEverybodyDoes(@ForAll String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);

    assertThat(Bytes.of(bytes).text()).isEqualTo(new String(bytes, StandardCharsets.UTF_8));
  }

  @Property(tries = 2_000)
  void anyBytesAreDecodedWithoutLoss(@ForAll byte[] bytes) {
    String text = Bytes.of(bytes).text();

    assertThat(HistoryCheck.raw(text).getBytes(StandardCharsets.ISO_8859_1)).isEqualTo(bytes);
  }
}
