package dev.latchkey.server;

import dev.latchkey.review.ModelChoice;
import dev.latchkey.review.Visible;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Asks the model's endpoint which models it has, which costs nothing.
final class ModelChecks {

  private static final String NAME = "model";
  private static final String ANTHROPIC_VERSION = "2023-06-01";
  private static final int MOST_NAMED = 5;

  private final ModelChoice choice;
  private final String provider;
  private final String model;

  ModelChecks(ModelChoice choice) {
    this.choice = choice;
    this.provider = choice.name().substring(0, choice.name().indexOf(':'));
    this.model = choice.name().substring(provider.length() + 1);
  }

  Check model() {
    return switch (provider) {
      case "ollama" -> ask(at(ModelChoice.OLLAMA, "/api/tags"), bearer());
      case "anthropic" -> ask(at(ModelChoice.ANTHROPIC, "/models?limit=1000"), anthropic());
      case "openai" -> ask(at(ModelChoice.LOCAL, "/models"), bearer());
      default -> Check.ok(NAME, choice.name() + ": rules in a file, nobody is asked");
    };
  }

  private URI at(URI usual, String path) {
    String base = Objects.requireNonNullElse(choice.url(), usual).toString();
    return URI.create(base.replaceFirst("/+$", "") + path);
  }

  private Map<String, String> bearer() {
    return choice.key() == null ? Map.of() : Map.of("Authorization", "Bearer " + choice.key());
  }

  private Map<String, String> anthropic() {
    String key = Objects.requireNonNullElse(choice.key(), "");
    return Map.of("x-api-key", key, "anthropic-version", ANTHROPIC_VERSION);
  }

  private Check ask(URI list, Map<String, String> headers) {
    String where = "the endpoint at " + list.getAuthority();
    try {
      Probe probe = Probe.of(list, headers);
      return switch (probe.status()) {
        case 200 -> known(where, names(probe.body()));
        case 401, 403 -> Check.fail(NAME, where + " refuses the key; set LATCHKEY_MODEL_KEY");
        default ->
            Check.warn(
                NAME,
                "%s answers, but with %d when asked for its models; check LATCHKEY_MODEL_URL"
                    .formatted(where, probe.status()));
      };
    } catch (IOException e) {
      return Check.fail(
          NAME,
          "%s can't be reached: %s; start it, or set LATCHKEY_MODEL_URL"
              .formatted(where, e.getMessage()));
    }
  }

  private Check known(String where, List<String> names) {
    // Ollama's models have a tag, which it adds where it isn't said.
    if (names.contains(model) || names.contains(model + ":latest")) {
      return Check.ok(NAME, where + " has " + Visible.line(model));
    }
    if (names.isEmpty()) {
      return Check.warn(NAME, where + " answers, but doesn't say which models it has");
    }
    String some = names.stream().limit(MOST_NAMED).collect(Collectors.joining(", "));
    String pull = provider.equals("ollama") ? "; run: ollama pull " + model : "; set another";
    return Check.fail(
        NAME,
        Visible.line(
            "%s doesn't have %s, but %s%s%s"
                .formatted(where, model, some, names.size() > MOST_NAMED ? ", …" : "", pull)));
  }

  /// Reads `{"data": [{"id": …}]}`, or Ollama's `{"models": [{"name": …}]}`.
  private static List<String> names(String body) {
    try {
      JsonNode answer = JsonMapper.shared().readTree(body);
      return Stream.concat(
              answer.path("data").valueStream().map(one -> one.path("id")),
              answer.path("models").valueStream().map(one -> one.path("name")))
          .filter(JsonNode::isString)
          .map(JsonNode::stringValue)
          .toList();
    } catch (JacksonException e) {
      // Something else than a list of models lives there.
      return List.of();
    }
  }
}
