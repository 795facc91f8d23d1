package dev.latchkey.server;

import dev.latchkey.review.ModelRequest;
import dev.latchkey.review.ScriptedModel;
import dev.latchkey.simulator.ModelQuestion;
import java.time.Duration;
import java.util.function.Function;

/// What the simulated model says: one finding for each added line with a bracket, so that every
/// pull request has some.
final class TestReplies {

  private static final String RULES =
      """
      {"rules": [{"pattern": "(", "severity": "major", "category": "bug", "claim": "Look here."}]}
      """;

  private TestReplies() {}

  static Function<ModelQuestion, String> scripted() {
    ScriptedModel model = ScriptedModel.of(RULES);
    return question ->
        model
            .complete(
                new ModelRequest(question.system(), question.user(), "{}", 4_000),
                Duration.ofSeconds(1))
            .text();
  }
}
