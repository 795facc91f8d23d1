package dev.latchkey.review;

import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/// Small diffs and answers for tests.
final class Samples {
  static final String NONCE = "0123456789abcdef0123456789abcdef";

  private static final JsonMapper JSON = new JsonMapper();

  private Samples() {}

  /// A file of one hunk from `@@` line and lines, complete.
  static FileDiff file(String path, String... patch) {
    String text = String.join("\n", patch);
    int added = (int) text.lines().filter(line -> line.startsWith("+")).count();
    int deleted = (int) text.lines().filter(line -> line.startsWith("-")).count();
    FileDiff file = Diffs.ofPatch(FilePatch.of(path, "modified", added, deleted).withPatch(text));
    if (file.completeness() != FileDiff.Completeness.COMPLETE) {
      throw new IllegalStateException(file.reason());
    }
    return file;
  }

  /// A new file of these lines.
  static FileDiff added(String path, String... lines) {
    return file(path, "@@ -0,0 +1," + lines.length + " @@\n+" + String.join("\n+", lines));
  }

  static Snapshot snapshot(FileDiff... files) {
    return new Snapshot("acme/shop", 7, "head", "base", "A title", "", "alice", List.of(files));
  }

  static ReviewOptions options() {
    return ReviewOptions.of("scripted:test");
  }

  static Chunk chunk(FileDiff... files) {
    return new Chunk("hash", List.of(files), 1_000);
  }

  static RawFinding raw(Side side, int line, String quote) {
    return new RawFinding(
        "F1", side, line, quote, Severity.MAJOR, 0.9, Category.BUG, "wrong", null);
  }

  /// An answer as a well-behaved model writes it.
  static String answer(Object... findings) {
    return JSON.writeValueAsString(
        Map.of(
            "nonce",
            NONCE,
            "files_seen",
            List.of("F1"),
            "summary",
            "One thing is wrong.",
            "findings",
            List.of(findings)));
  }

  static Map<String, Object> item(int line, String quote) {
    return Map.of(
        "file", "F1",
        "side", "RIGHT",
        "line", line,
        "quote", quote,
        "severity", "MAJOR",
        "confidence", 0.8,
        "category", "error-handling",
        "claim", "It fails.");
  }

  static Answered answered(String text) {
    return new Answered(NONCE, new ModelReply(text, new Usage(10, 5), FinishReason.STOP));
  }

  /// The review of a snapshot whose plan has one chunk, answered with `text`.
  static Review conclude(Snapshot snapshot, String text) {
    Plan plan = Plan.of(snapshot, options());
    return Reviewer.conclude(
        snapshot, plan, Map.of(plan.chunks().getFirst().hash(), answered(text)), options());
  }
}
