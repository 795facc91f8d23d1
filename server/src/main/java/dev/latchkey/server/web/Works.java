package dev.latchkey.server.web;

import dev.latchkey.inbox.Delivery;
import dev.latchkey.inbox.Limit;
import dev.latchkey.inbox.LimitUsage;
import dev.latchkey.inbox.Window;
import dev.latchkey.inbox.WorkStory;
import dev.latchkey.inbox.WorkView;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Works as JSON for programs. Members may be added, but none changes its meaning.
final class Works {

  private static final JsonMapper JSON = JsonMapper.shared();

  private Works() {}

  /// Something that happened to a work.
  private record Moment(Instant at, String what, String note) {}

  static Map<String, @Nullable Object> line(WorkView work) {
    Optional<JsonNode> pull = pull(work.subject());
    Map<String, @Nullable Object> line = new LinkedHashMap<>();
    line.put("id", work.id());
    line.put("kind", work.kind());
    line.put("repository", pull.flatMap(Works::repository).orElse(null));
    line.put("pullRequest", pull.map(node -> node.path("number").intValue()).orElse(null));
    line.put("state", work.state().name());
    line.put("reason", work.reason() == null ? null : work.reason().name());
    line.put("attempt", work.attempt());
    line.put("priority", work.priority());
    line.put("outcome", work.outcome());
    line.put("error", work.error());
    line.put("firstAt", work.firstAt());
    line.put("nextAt", work.nextAt());
    line.put("claimedAt", work.claimedAt());
    line.put("endedAt", work.endedAt());
    line.put("resolved", work.resolved());
    line.put("cancelling", work.cancelling());
    return line;
  }

  static Map<String, @Nullable Object> story(WorkStory story) {
    Map<String, @Nullable Object> told = line(story.work());
    told.put("lane", story.work().lane());
    told.put("key", story.work().key());
    told.put("crashes", story.work().crashes());
    told.put("why", story.why());
    told.put("replayOf", story.replayOf());
    told.put("deliveries", story.deliveries());
    told.put("timeline", timeline(story));
    told.put("steps", story.steps());
    told.put("charges", story.charges());
    told.put("limits", story.limits().stream().map(Works::limit).toList());
    return told;
  }

  static Map<String, @Nullable Object> usage(LimitUsage usage) {
    Map<String, @Nullable Object> line = limit(usage.limit());
    line.put("used", usage.used());
    line.put("free", usage.free());
    line.put("waiting", usage.waiting());
    line.put("nextFreeAt", usage.freesAt());
    return line;
  }

  /// A body is JSON, as nothing else is taken; a text if it should not be.
  static Map<String, Object> payload(Delivery delivery) {
    Map<String, Object> payload = new LinkedHashMap<>();
    payload.put("source", delivery.source());
    payload.put("id", delivery.id());
    payload.put("kind", delivery.kind());
    payload.put("headers", delivery.headers());
    payload.put("body", body(delivery.body()));
    return payload;
  }

  /// Returns `owner/name`, or empty if the work is about no repository.
  static Optional<String> repository(WorkView work) {
    return pull(work.subject()).flatMap(Works::repository);
  }

  private static Object body(byte[] body) {
    try {
      return JSON.readTree(body);
    } catch (JacksonException e) {
      return new String(body, StandardCharsets.UTF_8);
    }
  }

  private static Map<String, @Nullable Object> limit(Limit limit) {
    Map<String, @Nullable Object> line = new LinkedHashMap<>();
    line.put("bucket", limit.bucket());
    line.put("units", limit.units());
    line.put(
        "window",
        switch (limit.window()) {
          case Window.Rolling(var length) -> length.toString();
          case Window.Day(var zone) -> "day in " + zone.getId();
        });
    return line;
  }

  private static List<Moment> timeline(WorkStory story) {
    List<Moment> moments = new ArrayList<>();
    for (WorkStory.CauseView cause : story.deliveries()) {
      moments.add(new Moment(cause.receivedAt(), "DELIVERY", cause.kind() + " " + cause.id()));
    }
    for (WorkStory.RunView run : story.runs()) {
      moments.add(new Moment(run.beganAt(), "RUNNING", "attempt " + run.attempt()));
      moments.add(new Moment(run.endedAt(), run.ending(), run.note()));
    }
    moments.sort(Comparator.comparing(Moment::at));
    return moments;
  }

  /// A work's subject names its pull request, itself or in a member.
  private static Optional<JsonNode> pull(String subject) {
    try {
      JsonNode node = JSON.readTree(subject);
      return Optional.of(node.has("pull") ? node.path("pull") : node)
          .filter(pull -> pull.path("number").isInt() && pull.path("repository").isObject());
    } catch (JacksonException e) {
      return Optional.empty();
    }
  }

  private static Optional<String> repository(JsonNode pull) {
    JsonNode repository = pull.path("repository");
    JsonNode owner = repository.path("owner");
    JsonNode name = repository.path("name");
    return owner.isString() && name.isString()
        ? Optional.of(owner.stringValue() + "/" + name.stringValue())
        : Optional.empty();
  }
}
