package dev.latchkey.server;

import dev.latchkey.review.ModelRequest;
import dev.latchkey.review.ScriptedModel;
import dev.latchkey.simulator.ModelQuestion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Function;

/// The answers of the demonstration's model: rules that find something plausible in added lines of
/// any language.
final class DemoModel {
  private static final String RULES = "demo-rules.json";

  private DemoModel() {}

  static Function<ModelQuestion, String> replies() {
    var model = ScriptedModel.of(rules());
    return question -> {
      var request = new ModelRequest(question.system(), question.user(), "{}", 4_096);
      return model.complete(request, Duration.ofSeconds(10)).text();
    };
  }

  private static String rules() {
    try (var in = DemoModel.class.getResourceAsStream(RULES)) {
      if (in == null) {
        throw new IllegalStateException("the resource " + RULES + " is missing");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("the resource " + RULES + " can't be read", e);
    }
  }
}
