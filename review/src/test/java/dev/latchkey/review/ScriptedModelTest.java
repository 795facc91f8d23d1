package dev.latchkey.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScriptedModelTest {
  private static final Snapshot SNAPSHOT =
      Samples.snapshot(
          Samples.added("A.java", "int a;", "// LATER later", "int b;"),
          Samples.file(
              "B.java", "@@ -5,2 +5,2 @@\n // LATER kept\n-// LATER gone\n+System.exit(1);"));

  private static Review review(String rules) {
    Plan plan = Plan.of(SNAPSHOT, Samples.options());
    return Reviewer.of(ScriptedModel.of(rules), Samples.options())
        .review(SNAPSHOT, plan, Duration.ofSeconds(1));
  }

  @Test
  void patternInAnAddedLineIsAFinding() {
    Review review =
        review(
            """
            {"rules": [
              {"pattern": "LATER", "claim": "unfinished", "severity": "nit", "category": "docs"},
              {"pattern": "System.*(1)", "claim": "exits", "severity": "major",
               "replacement": "return;"}]}
            """);

    assertThat(review.partial()).isFalse();
    assertThat(review.anchored())
        .extracting(f -> f.path() + ":" + f.line() + " " + f.severity() + " " + f.claim())
        .containsExactly("B.java:6 MAJOR exits", "A.java:2 NIT unfinished");
    assertThat(review.anchored().getFirst().suggestion()).contains("return;");
  }

  @ParameterizedTest
  @CsvSource({"0, EXACT", "1, MOVED", "2, MOVED", "-1, MOVED", "5, UNANCHORED", "20, UNANCHORED"})
  void modelThatMisnumbersIsCaughtByTheChecks(int misnumber, Anchor anchor) {
    Review review =
        review(
            "{\"misnumber\":%d,\"rules\":[{\"pattern\":\"LATER\",\"claim\":\"c\"}]}"
                .formatted(misnumber));

    List<Finding> findings = anchor == Anchor.UNANCHORED ? review.unanchored() : review.findings();
    assertThat(findings).extracting(Finding::anchor).containsExactly(anchor);
    assertThat(review.findings()).allMatch(finding -> finding.line() == 2);
  }

  @Test
  void paraphrasedQuoteIsTiedToNoLine() {
    Review review =
        review("{\"paraphrase\":true,\"rules\":[{\"pattern\":\"LATER\",\"claim\":\"c\"}]}");

    assertThat(review.findings()).isEmpty();
    assertThat(review.unanchored())
        .extracting(Finding::quote)
        .containsExactly("the line with later LATER //");
  }

  @Test
  void truncatedAnswerMakesTheReviewPartial() {
    Review review = review("{\"truncate\":80,\"rules\":[{\"pattern\":\"LATER\",\"claim\":\"c\"}]}");

    assertThat(review.partial()).isTrue();
    assertThat(review.notes()).anyMatch(note -> note.contains("the model's answer is cut"));
  }

  @Test
  void refusalInWordsIsNoAnswer() {
    Review review = review("{\"refuse\":true,\"rules\":[{\"pattern\":\"LATER\",\"claim\":\"c\"}]}");

    assertThat(review.verdict()).isEqualTo(Verdict.INCOMPLETE);
    assertThat(review.notes()).anyMatch(note -> note.contains("not the JSON object asked for"));
  }

  @Test
  void stallingModelIsUnavailableWhenTheTimeIsOver() {
    Plan plan = Plan.of(SNAPSHOT, Samples.options());
    Model model =
        ScriptedModel.of("{\"stall\":true,\"rules\":[{\"pattern\":\"x\",\"claim\":\"c\"}]}");
    Reviewer reviewer = Reviewer.of(model, Samples.options());

    assertThatThrownBy(() -> reviewer.review(SNAPSHOT, plan, Duration.ofMillis(1)))
        .isInstanceOf(ModelException.Unavailable.class)
        .hasMessage("the model did not answer in time");
  }

  @Test
  void mannerOfARuleShowsOnlyWhereItsPatternStands() {
    Review review =
        review(
            """
            {"rules": [
              {"pattern": "LATER", "claim": "c", "misnumber": 20},
              {"pattern": "absent", "claim": "c", "refuse": true},
              {"pattern": "System", "claim": "c"}]}
            """);

    assertThat(review.findings()).extracting(Finding::path).containsExactly("B.java");
    assertThat(review.unanchored()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "misnumber, 1.5, a whole number",
    "truncate, -1, a whole number from 0",
    "refuse, 1, true or false",
    "stall, null, true or false"
  })
  void mannerOfTheWrongTypeIsRefused(String key, String value, String allowed) {
    assertThatThrownBy(() -> ScriptedModel.of("{\"%s\":%s,\"rules\":[]}".formatted(key, value)))
        .hasMessage("rules: \"%s\" must be %s".formatted(key, allowed));
  }

  @Test
  void rulesNestedTooDeeplyAreRefused() {
    String deep = "{\"rules\":" + "[".repeat(5_000);

    assertThatThrownBy(() -> ScriptedModel.of(deep))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("rules is not JSON");
  }

  @Test
  void sameQuestionHasTheSameAnswer() {
    Model model = ScriptedModel.of("{\"rules\":[{\"pattern\":\"LATER\",\"claim\":\"c\"}]}");
    Chunk chunk = Plan.of(SNAPSHOT, Samples.options()).chunks().getFirst();
    ModelRequest request = Prompt.of(SNAPSHOT, chunk, Samples.NONCE);

    assertThat(model.complete(request, Duration.ofSeconds(1)))
        .isEqualTo(model.complete(request, Duration.ofSeconds(1)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{|rules is not JSON, line 1",
        "[]|rules must be an object with a list \"rules\"",
        "{\"rules\":{}}|rules must be an object with a list \"rules\"",
        "{\"rules\":[],\"colour\":1}|rules: unknown key \"colour\", known are misnumber, "
            + "paraphrase, refuse, rules, stall, truncate",
        "{\"rules\":[5]}|rules, rule 1 must be an object",
        "{\"rules\":[{\"claim\":\"x\"}]}|rules, rule 1: \"pattern\" must be a text",
        "{\"rules\":[{\"pattern\":\"x\"}]}|rules, rule 1: \"claim\" must be a text",
        "{\"rules\":[{\"pattern\":\"*\",\"claim\":\"x\"}]}|\"pattern\" must hold more than *",
        "{\"rules\":[],\"rules\":[]}|rules is not JSON, line 1",
        "{\"rules\":[],\"misnumber\":\"x\"}|rules: \"misnumber\" must be a whole number",
      })
  void badRulesAreRefusedWithTheirPlace(String rules, String message) {
    assertThatThrownBy(() -> ScriptedModel.of(rules))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void unknownSeverityIsRefusedByName() {
    String rules = "{\"rules\":[{\"pattern\":\"x\",\"claim\":\"y\",\"severity\":\"high\"}]}";

    assertThatThrownBy(() -> ScriptedModel.of(rules))
        .hasMessage("rules, rule 1: \"severity\" must be one of critical, major, minor, nit");
  }

  @Test
  void fileThatCanNotBeReadIsNamed(@TempDir Path folder) throws Exception {
    Path missing = folder.resolve("none.json");
    Path binary = Files.write(folder.resolve("binary.json"), new byte[] {(byte) 0xFF, 0});

    assertThatThrownBy(() -> ModelChoice.of("scripted:" + missing).open())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(missing.toString());
    assertThatThrownBy(() -> ModelChoice.of("scripted:" + binary).open())
        .hasMessageContaining("UTF-8");
  }
}
