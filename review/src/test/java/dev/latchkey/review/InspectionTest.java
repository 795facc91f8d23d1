package dev.latchkey.review;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InspectionTest {
  private static final String TOKEN = "gh" + "p_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8";

  private static List<FileDiff> diff(String path, String... lines) {
    String header =
        "diff --git a/%1$s b/%1$s\n--- a/%1$s\n+++ b/%1$s\n@@ -0,0 +1,%2$d @@\n"
            .formatted(path, lines.length);
    StringBuilder text = new StringBuilder(header);
    List.of(lines).forEach(line -> text.append('+').append(line).append('\n'));
    return Diffs.parse(text.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static Review concluded(List<FileDiff> files) {
    Snapshot snapshot = Snapshot.ofDiff("acme/shop", files);
    ReviewOptions options = ReviewOptions.of("scripted:x");
    return Reviewer.conclude(snapshot, Plan.of(snapshot, options), Map.of(), options);
  }

  @Test
  void secretIsAFindingOnItsLineThoughNoModelSaysAnything() {
    Review review = concluded(diff("src/A.java", "class A {", "  login(\"" + TOKEN + "\");", "}"));

    Finding finding = review.findings().getFirst();
    assertThat(finding.line()).isEqualTo(2);
    assertThat(finding.severity()).isEqualTo(Severity.CRITICAL);
    assertThat(finding.category()).isEqualTo(Category.SECURITY);
    assertThat(finding.anchor()).isEqualTo(Anchor.EXACT);
    assertThat(finding.quote()).isEqualTo("  login(\"[masked secret]\");");
    assertThat(finding.claim()).contains("a GitHub token").doesNotContain(TOKEN);
    assertThat(review.verdict()).isEqualTo(Verdict.SERIOUS_FINDINGS);
  }

  @Test
  void noSecretReachesThePromptWhetherAddedDeletedOrThereBefore() {
    String text =
        """
        diff --git a/a.js b/a.js
        --- a/a.js
        +++ b/a.js
        @@ -1,3 +1,3 @@
         const a = "%1$s";
        -const b = "%1$s";
        +const c = "%1$s";
         const d = 4;
        """
            .formatted(TOKEN);
    List<FileDiff> files = Diffs.parse(text.getBytes(StandardCharsets.UTF_8));
    Snapshot snapshot =
        new Snapshot("acme/shop", 1, "h", "b", "Use " + TOKEN, "with " + TOKEN, "bob", files);

    Plan plan = Plan.of(snapshot, ReviewOptions.of("scripted:x"));
    ModelRequest request = Prompt.of(snapshot, plan.chunks().getFirst(), Prompt.nonce());

    assertThat(request.user()).doesNotContain(TOKEN).contains("R2 +const c = \"[masked secret]\";");
    assertThat(request.user().lines().filter(line -> line.contains(Secrets.MASK))).hasSize(5);
    assertThat(plan.findings()).hasSize(1);
  }

  @Test
  void secretInAFilesNameOrInAModelsWordsIsMaskedToo() {
    Snapshot snapshot = Snapshot.ofDiff("acme/shop", diff("a_" + TOKEN + ".txt", "line one"));
    Plan plan = Plan.of(snapshot, ReviewOptions.of("scripted:x"));
    String prompt = Prompt.of(snapshot, plan.chunks().getFirst(), Prompt.nonce()).user();
    Answer answer =
        Answer.parse(
            "{\"summary\":\"%1$s\",\"findings\":[{\"claim\":\"uses %1$s\"}]}".formatted(TOKEN));

    assertThat(prompt).doesNotContain(TOKEN).contains("F1 a_[masked secret].txt");
    assertThat(answer.summary()).isEqualTo(Secrets.MASK);
    assertThat(answer.findings().getFirst().claim()).isEqualTo("uses [masked secret]");
  }

  @Test
  void privateKeyOverManyLinesIsMaskedLineByLineAndFoundOnce() {
    List<FileDiff> files =
        diff(
            "key.pem",
            "-----BEGIN PRIVATE" + " KEY-----",
            "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7",
            "Tm90IGEga2V5IGJ1dCBsb29rcyBsaWtlIG9uZQ==",
            "-----END PRIVATE" + " KEY-----",
            "the end");

    Inspection inspection = Inspection.of(files);

    assertThat(inspection.files().getFirst().hunks().getFirst().lines())
        .extracting(line -> line.bytes().text())
        .containsExactly(Secrets.MASK, Secrets.MASK, Secrets.MASK, Secrets.MASK, "the end");
    assertThat(inspection.findings()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"# %s", " * %s", "b\"%s\\n\"", "'%s' .", "f.write(\"%s\")", "echo %s >> k"})
  void privateKeyIsMaskedHoweverItsLinesAreWrapped(String form) {
    String line = form.formatted("MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7");
    String begin = form.formatted("-----BEGIN PRIVATE" + " KEY-----");
    String end = form.formatted("-----END PRIVATE" + " KEY-----");

    for (List<FileDiff> files :
        List.of(diff("k", begin, line, line, end), diff("k", begin, line), diff("k", line, end))) {
      List<DiffLine> lines = Inspection.of(files).files().getFirst().hunks().getFirst().lines();

      assertThat(lines).noneMatch(masked -> masked.bytes().text().contains("MIIEvQ"));
    }
  }

  @Test
  void codeBetweenTheWordsOfAKeyIsNotHidden() {
    List<FileDiff> files =
        diff(
            "Pem.java",
            "if (line.equals(\"-----BEGIN PRIVATE" + " KEY-----\")) {",
            "  begin(line, 1);",
            "  exfiltrate(secrets, host);",
            "  read(line);",
            "} else if (line.equals(\"-----END PRIVATE" + " KEY-----\")) {");

    List<DiffLine> lines = Inspection.of(files).files().getFirst().hunks().getFirst().lines();

    assertThat(lines)
        .extracting(line -> line.bytes().text())
        .contains("  begin(line, 1);", "  exfiltrate(secrets, host);", "  read(line);");
  }

  @Test
  void partOfAKeyThatIsAddedBetweenUnchangedLinesIsAFinding() {
    String text =
        """
        diff --git a/key.pem b/key.pem
        --- a/key.pem
        +++ b/key.pem
        @@ -1,2 +1,3 @@
         -----BEGIN PRIVATE%1$s KEY-----
        +MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7
         -----END PRIVATE%1$s KEY-----
        """
            .formatted("");

    List<Finding> findings =
        Inspection.of(Diffs.parse(text.getBytes(StandardCharsets.UTF_8))).findings();

    assertThat(findings).extracting(Finding::line).containsExactly(2);
    assertThat(findings.getFirst().claim()).contains("a part of a private key");
  }

  @Test
  void manyBeginningsOfKeysAreReadInLinearTime() {
    String[] lines = new String[100_000];
    Arrays.fill(lines, "-----BEGIN PRIVATE" + " KEY-----");

    assertThat(Inspection.of(diff("k", lines)).findings()).hasSize(lines.length);
  }

  @Test
  void secretInTheMiddleOfADescriptionIsMasked() {
    assertThat(Description.of("t", "db password = hunter2Xk91qqz77\nnext line"))
        .contains("| db password = [masked secret]\n| next line");
  }

  @Test
  void endOfAPrivateKeyMasksWhatComesBeforeIt() {
    List<FileDiff> files =
        diff(
            "key.pem",
            "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7",
            "-----END PRIVATE" + " KEY-----");

    List<DiffLine> lines = Inspection.of(files).files().getFirst().hunks().getFirst().lines();

    assertThat(lines).extracting(line -> line.bytes().text()).containsOnly(Secrets.MASK);
  }

  @Test
  void fileWithoutSecretsStaysTheVerySame() {
    List<FileDiff> files = diff("src/A.java", "class A {}", "// caf\u00e9");

    Inspection inspection = Inspection.of(files);

    assertThat(inspection.files().getFirst()).isSameAs(files.getFirst());
    assertThat(inspection.findings()).isEmpty();
  }

  @Test
  void secretInAFileThatIsLeftOutIsFoundToo() {
    Review review = concluded(diff("vendor/lib.js", "var t = \"" + TOKEN + "\";"));

    assertThat(review.findings()).hasSize(1);
    assertThat(review.omitted()).extracting(Omitted::reason).contains(Omitted.Reason.VENDORED);
  }

  @Test
  void markerOfAConflictIsAFinding() {
    Review review =
        concluded(
            diff(
                "src/a.c",
                "<<<<<<< HEAD",
                "int a;",
                "=======",
                "int b;",
                ">>>>>>> topic",
                "<<<<<<<<< no marker",
                "x <<<<<<< y"));

    assertThat(review.findings()).extracting(Finding::line).containsExactly(1, 5);
    assertThat(review.findings()).extracting(Finding::severity).containsOnly(Severity.MAJOR);
  }

  @Test
  void charactersThatTurnTextAreAMajorFinding() {
    Review review = concluded(diff("src/a.c", "int a; /* \u202e } \u2066 */", "int b;"));

    Finding finding = review.findings().getFirst();
    assertThat(finding.severity()).isEqualTo(Severity.MAJOR);
    assertThat(finding.claim()).contains("U+202E, U+2066");
    assertThat(finding.quote()).contains("\\u{202e}");
  }

  @Test
  void otherInvisibleCharactersAreAMinorFinding() {
    Review review = concluded(diff("src/a.c", "int a\u200b;"));

    assertThat(review.findings().getFirst().severity()).isEqualTo(Severity.MINOR);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\ufeffint a;",
        "print(\"\ud83d\udc68\u200d\ud83d\udc69\")",
        "print(\"\u0645\u06cc\u200c\u062e\u0648\")",
        "tab\there"
      })
  void invisibleCharactersThatBelongThereAreNone(String line) {
    assertThat(concluded(diff("src/a.py", line)).findings()).isEmpty();
  }

  @Test
  void proseMayHaveThem() {
    assertThat(concluded(diff("doc.md", "soft\u00adhyphen")).findings()).isEmpty();
  }

  @Test
  void maskedLineTakesNoSuggestion() {
    Snapshot snapshot = Snapshot.ofDiff("acme/shop", diff("a.js", "var t = \"" + TOKEN + "\";"));
    ReviewOptions options = ReviewOptions.of("scripted:x");
    Plan plan = Plan.of(snapshot, options);
    String nonce = Prompt.nonce();
    String answer =
        """
        {"nonce": "%s", "files_seen": ["F1"], "summary": "", "findings": [{"file": "F1",
         "side": "RIGHT", "line": 1, "quote": "var t = \\"[masked secret]\\";",
         "severity": "MAJOR", "confidence": 1, "category": "bug", "claim": "no var",
         "replacement": "let t = \\"[masked secret]\\";"}]}
        """
            .formatted(nonce);
    ModelReply reply = new ModelReply(answer, Usage.NONE, FinishReason.STOP);

    Review review =
        Reviewer.conclude(
            snapshot,
            plan,
            Map.of(plan.chunks().getFirst().hash(), new Answered(nonce, reply)),
            options);

    assertThat(review.anchored())
        .filteredOn(finding -> finding.category() == Category.BUG)
        .singleElement()
        .satisfies(finding -> assertThat(finding.suggestion()).isEmpty());
  }

  @Test
  void invalidBytesOfAMaskedLineStayAsTheyWere() {
    byte[] bytes = {'"', (byte) 0xFF, (byte) 0xC3, (byte) 0xA9, '"'};

    Bytes again = Bytes.ofText(Bytes.of(bytes).text());

    assertThat(again.toArray()).isEqualTo(bytes);
  }
}
