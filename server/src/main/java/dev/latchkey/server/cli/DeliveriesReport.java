package dev.latchkey.server.cli;

import dev.latchkey.review.Visible;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// The server's answers about deliveries, for people.
final class DeliveriesReport {

  private static final int LONGEST = 100;

  private DeliveriesReport() {}

  static String list(JsonNode answer) {
    StringBuilder text = new StringBuilder();
    for (JsonNode line : answer.path("deliveries")) {
      text.append(line(line)).append('\n');
    }
    JsonNode next = answer.path("next");
    if (text.isEmpty() && !next.isNumber()) {
      return "none\n";
    }
    if (next.isNumber()) {
      text.append("there may be more: --after ").append(next.asLong()).append('\n');
    }
    return text.toString();
  }

  static String story(JsonNode story) {
    StringBuilder text = new StringBuilder(line(story)).append('\n');
    text.append("why: ").append(of(story, "why")).append('\n');
    text.append("attempt: ").append(of(story, "attempt")).append('\n');
    for (JsonNode moment : story.path("timeline")) {
      text.append("  ")
          .append(of(moment, "at"))
          .append(' ')
          .append(of(moment, "what"))
          .append(' ')
          .append(of(moment, "note"))
          .append('\n');
    }
    for (JsonNode step : story.path("steps")) {
      text.append("  step ")
          .append(of(step, "name"))
          .append(step.path("keptAt").isNull() ? ", not kept" : ", kept at " + of(step, "keptAt"))
          .append(step.path("calls").asInt(0) > 0 ? ", calls: " + of(step, "calls") : "")
          .append('\n');
    }
    for (JsonNode charge : story.path("charges")) {
      text.append("  charge ")
          .append(of(charge, "bucket"))
          .append(": ")
          .append(of(charge, "units"))
          .append(' ')
          .append(of(charge, "state"))
          .append('\n');
    }
    if (story.has("payload")) {
      JsonNode payload = story.path("payload");
      text.append("payload: ")
          .append(payload.isNull() ? "no longer kept" : Visible.path(payload.toString()))
          .append('\n');
    }
    return text.toString();
  }

  static String replayed(long id, JsonNode answer) {
    String works =
        answer
            .path("works")
            .valueStream()
            .map(JsonNode::asString)
            .collect(Collectors.joining(", "));
    return works.isEmpty()
        ? id + " asks for nothing any more\n"
        : id + " is done again as " + works + "\n";
  }

  static String cancelled(long id, JsonNode answer) {
    return answer.path("cancelled").asBoolean(false)
        ? id + " is cancelled\n"
        : id + " runs, and is cancelled at its next step\n";
  }

  private static String line(JsonNode line) {
    String pull =
        line.path("repository").isNull()
            ? of(line, "kind")
            : of(line, "repository") + "#" + of(line, "pullRequest");
    String said = of(line, "error").isEmpty() ? of(line, "outcome") : of(line, "error");
    String state =
        line.path("reason").isNull()
            ? of(line, "state")
            : of(line, "state") + "/" + of(line, "reason");
    return "%6s  %-14s %-10s %s  %s  %s"
        .formatted(of(line, "id"), state, of(line, "kind"), of(line, "firstAt"), pull, brief(said))
        .stripTrailing();
  }

  private static String brief(String text) {
    return text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
  }

  /// What comes from outside, such as an error's text, may hold what a terminal obeys.
  private static String of(JsonNode node, String name) {
    return Visible.path(node.path(name).asString(""));
  }
}
