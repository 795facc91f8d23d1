package dev.latchkey.simulator;

import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// The annotations of a check run as requests and answers have them (GitHub, "REST API endpoints
/// for check runs"): at most 50 a request, each request adds to those before.
final class Annotations {
  private static final int MOST = 50;
  private static final int LARGEST_MESSAGE_BYTES = 64 * 1024;
  private static final List<String> LEVELS = List.of("notice", "warning", "failure");

  private Annotations() {}

  static List<SimulatedAnnotation> read(Optional<JsonBody> output) {
    var all = output.map(part -> part.objects("annotations")).orElse(List.of());
    if (all.size() > MOST) {
      throw ApiError.schema(
          "No more than " + MOST + " items are allowed; " + all.size() + " were supplied.");
    }
    return all.stream().map(Annotations::one).toList();
  }

  private static SimulatedAnnotation one(JsonBody item) {
    var start = item.number("start_line").orElseThrow(() -> JsonBody.missing("start_line"));
    var end = item.number("end_line").orElseThrow(() -> JsonBody.missing("end_line"));
    if (start < 1 || end < start) {
      throw ApiError.schema("\"start_line\" is at least 1, \"end_line\" no less than it.");
    }
    var level =
        item.choice("annotation_level", LEVELS)
            .orElseThrow(() -> JsonBody.missing("annotation_level"));
    var message = item.requiredText("message");
    if (JsonBody.bytes(message) > LARGEST_MESSAGE_BYTES) {
      throw ApiError.schema("A message has at most 64 KB.");
    }
    var title = item.text("title").orElse("");
    if (title.length() > 255) {
      throw ApiError.schema("A title has at most 255 characters.");
    }
    return new SimulatedAnnotation(item.requiredText("path"), start, end, level, title, message);
  }

  static ObjectNode form(SimulatedAnnotation annotation) {
    return GitHubJson.object()
        .put("path", annotation.path())
        .put("start_line", annotation.startLine())
        .put("end_line", annotation.endLine())
        .putNull("start_column")
        .putNull("end_column")
        .put("annotation_level", annotation.level())
        .put("title", annotation.title().isEmpty() ? null : annotation.title())
        .put("message", annotation.message())
        .putNull("raw_details");
  }
}
