package dev.latchkey.review;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// How to use this module, from a diff to what is posted.
class TutorialTest {
  private static final String DIFF =
      """
      diff --git a/src/Shop.java b/src/Shop.java
      index 1111111..2222222 100644
      --- a/src/Shop.java
      +++ b/src/Shop.java
      @@ -10,2 +10,3 @@ class Shop {
         void close() {
      +    System.exit(1);
         }
      diff --git a/package-lock.json b/package-lock.json
      index 1111111..2222222 100644
      --- a/package-lock.json
      +++ b/package-lock.json
      @@ -1 +1 @@
      -{}
      +{"a": 1}
      """;

  private static final Model MODEL =
      ScriptedModel.of(
          """
          {"rules": [{"pattern": "System.exit", "severity": "major", "category": "error-handling",
                      "claim": "Ends the whole process; throw instead."}]}
          """);

  @Test
  void reviewALocalDiff() {
    List<FileDiff> files = Diffs.parse(DIFF.getBytes(StandardCharsets.UTF_8));
    Snapshot snapshot = Snapshot.ofDiff("my/project", files);
    ReviewOptions options = ReviewOptions.of("scripted:rules.json");
    Plan plan = Plan.of(snapshot, options);

    Review review = Reviewer.of(MODEL, options).review(snapshot, plan, Duration.ofMinutes(2));

    assertThat(review.verdict()).isEqualTo(Verdict.SERIOUS_FINDINGS);
    Finding finding = review.findings().getFirst();
    assertThat(finding.path()).isEqualTo("src/Shop.java");
    assertThat(finding.line()).isEqualTo(11);
    assertThat(finding.anchor()).isEqualTo(Anchor.EXACT);
    assertThat(review.omitted())
        .containsExactly(new Omitted("package-lock.json", Omitted.Reason.LOCK_FILE, ""));
  }

  @Test
  void reviewAPullRequestInStepsThatAreKept() {
    FilePatch patch =
        FilePatch.of("src/Shop.java", "modified", 1, 0)
            .withPatch("@@ -10,2 +10,3 @@\n   void close() {\n+    System.exit(1);\n   }");
    Snapshot snapshot =
        new Snapshot(
            "acme/shop",
            7,
            "c0ffee",
            "ba5e",
            "Close",
            "Closes the shop.",
            "alice",
            List.of(Diffs.ofPatch(patch)));
    ReviewOptions options = ReviewOptions.of("scripted:rules.json").withMaxInline(5);
    Plan plan = Plan.of(snapshot, options);

    // Each answer is kept under its chunk's hash with the nonce it was asked with, so that a crash
    // after the call does not pay for it again.
    Map<String, Answered> kept = new HashMap<>();
    for (Chunk chunk : plan.chunks()) {
      String nonce = Prompt.nonce();
      ModelReply reply = MODEL.complete(Prompt.of(snapshot, chunk, nonce), Duration.ofMinutes(2));
      kept.put(chunk.hash(), new Answered(nonce, ModelReply.fromJson(reply.toJson())));
    }
    Review review = Reviewer.conclude(snapshot, plan, kept, options);

    assertThat(Neutral.comment(review.findings().getFirst()))
        .isEqualTo("**MAJOR** (error-handling): Ends the whole process; throw instead.");
    assertThat(Neutral.summary(review))
        .startsWith("**1 finding**, the most severe is MAJOR.")
        .contains("Reviewed at `c0ffee`.");
  }
}
