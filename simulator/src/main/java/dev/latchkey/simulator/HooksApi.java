package dev.latchkey.simulator;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// What was sent to the App (GitHub, "REST API endpoints for GitHub App webhooks"): the newest
/// first, by cursor, for three days. The payload comes as parsed JSON, and no hook is named.
final class HooksApi {
  private static final Duration KEPT = Duration.ofDays(3);
  private static final JsonMapper JSON = new JsonMapper();

  private final GitHubState state;
  private final GitHubJson json;
  private final List<DeliveryAttempt> attempts;

  /// @param attempts every sending so far, guarded by itself
  HooksApi(GitHubState state, GitHubJson json, List<DeliveryAttempt> attempts) {
    this.state = state;
    this.json = json;
    this.attempts = attempts;
  }

  ApiReply list(ApiCall call) {
    List<DeliveryAttempt> all;
    synchronized (attempts) {
      all = new ArrayList<>(attempts);
    }
    var size = Math.clamp(number(call.query().get("per_page"), 30), 1, 100);
    var from = number(call.query().get("cursor"), all.size());
    var items = JsonNodeFactory.instance.arrayNode();
    var at = Math.min(from, all.size());
    while (at > 0 && items.size() < size && kept(all.get(at - 1))) {
      at--;
      items.add(summary(all, at));
    }
    var more = at > 0 && kept(all.get(at - 1));
    var next = json.apiAddress() + "/app/hook/deliveries?per_page=" + size + "&cursor=" + at;
    return new ApiReply(200, items, more ? "<" + next + ">; rel=\"next\"" : "");
  }

  ApiReply get(long id) {
    List<DeliveryAttempt> all;
    synchronized (attempts) {
      all = new ArrayList<>(attempts);
    }
    var index = (int) Math.min(id, Integer.MAX_VALUE) - 1;
    if (index >= all.size() || !kept(all.get(index))) {
      throw ApiError.notFound();
    }
    var answer = summary(all, index);
    var request = answer.putObject("request");
    request.putObject("headers").put("X-GitHub-Event", all.get(index).delivery().event());
    request.set("payload", JSON.readTree(all.get(index).delivery().body()));
    answer.putObject("response").putNull("payload");
    return ApiReply.ok(answer);
  }

  private boolean kept(DeliveryAttempt attempt) {
    return attempt.sentAt().plus(KEPT).isAfter(state.now());
  }

  private ObjectNode summary(List<DeliveryAttempt> all, int index) {
    var attempt = all.get(index);
    var delivery = attempt.delivery();
    var status =
        switch (attempt.result()) {
          case DeliveryAttempt.Result.Answered answered -> answered.status();
          case DeliveryAttempt.Result.Failed _ -> 0;
        };
    var again =
        all.subList(0, index).stream().anyMatch(one -> one.delivery().id().equals(delivery.id()));
    return GitHubJson.object()
        .put("id", index + 1)
        .put("guid", delivery.id())
        .put("delivered_at", attempt.sentAt().toString())
        .put("redelivery", again)
        .put("duration", attempt.took().toMillis() / 1_000.0)
        .put("status", status / 100 == 2 ? "OK" : "failed")
        .put("status_code", status)
        .put("event", delivery.event())
        .put("action", Optional.of(delivery.action()).filter(a -> !a.isEmpty()).orElse(null));
  }

  private static int number(@Nullable String text, int otherwise) {
    return text != null && text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : otherwise;
  }
}
