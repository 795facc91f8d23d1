package dev.latchkey.simulator;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// What was sent to the App (GitHub, "REST API endpoints for GitHub App webhooks"): the newest
/// first, by cursor, for three days. The payload comes as parsed JSON, and no hook is named. An App
/// whose webhook is inactive has none.
final class HooksApi {
  private static final String CURSOR = "v1_[0-9]{1,9}";
  private static final JsonMapper JSON = new JsonMapper();

  private final SimulatedGitHubOptions options;
  private final GitHubJson json;
  private final Hook hook;
  private final Executor later;

  /// @param later what asks for another sending doesn't wait for it
  HooksApi(SimulatedGitHubOptions options, GitHubJson json, Hook hook, Executor later) {
    this.options = options;
    this.json = json;
    this.hook = hook;
    this.later = later;
  }

  ApiReply list(ApiCall call) {
    var all = all();
    var size = Math.clamp(number(call.query().get("per_page")), 1, 100);
    var at = from(call.query().get("cursor"), all.size());
    var items = JsonNodeFactory.instance.arrayNode();
    while (at > 0 && items.size() < size && kept(all.get(at - 1))) {
      at--;
      items.add(summary(all, at));
    }
    var more = at > 0 && kept(all.get(at - 1));
    var next = json.apiAddress() + "/app/hook/deliveries?per_page=" + size + "&cursor=v1_" + at;
    return new ApiReply(200, items, more ? "<" + next + ">; rel=\"next\"" : "");
  }

  ApiReply get(long id) {
    var all = all();
    var index = index(all, id);
    var attempt = all.get(index);
    var answer = summary(all, index);
    var request = answer.putObject("request");
    var headers = request.putObject("headers");
    headers
        .put("X-GitHub-Event", attempt.delivery().event())
        .put("X-GitHub-Delivery", attempt.delivery().id())
        .put("X-GitHub-Hook-Installation-Target-ID", options.appId())
        .put("X-GitHub-Hook-Installation-Target-Type", "integration")
        .put("content-type", "application/json");
    request.set("payload", JSON.readTree(attempt.delivery().body()));
    var response = answer.putObject("response");
    response.putObject("headers");
    if (attempt.result() instanceof DeliveryAttempt.Result.Answered(_, String body)) {
      response.put("payload", body);
    } else {
      response.putNull("payload");
    }
    return ApiReply.ok(answer);
  }

  /// Sends it again with its id and bytes; what comes of it is in the list later.
  ApiReply again(long id) {
    var all = all();
    var delivery = all.get(index(all, id)).delivery();
    later.execute(() -> hook.send(delivery));
    return new ApiReply(202, GitHubJson.object(), "");
  }

  private List<DeliveryAttempt> all() {
    return hook.active() ? hook.attempts() : List.of();
  }

  private int index(List<DeliveryAttempt> all, long id) {
    var index = (int) Math.min(id, Integer.MAX_VALUE) - 1;
    if (index >= all.size() || !kept(all.get(index))) {
      throw ApiError.notFound();
    }
    return index;
  }

  private boolean kept(DeliveryAttempt attempt) {
    return attempt
        .sentAt()
        .plus(options.rules().deliveriesKept())
        .isAfter(options.clock().instant());
  }

  private static ObjectNode summary(List<DeliveryAttempt> all, int index) {
    var attempt = all.get(index);
    var delivery = attempt.delivery();
    var again =
        all.subList(0, index).stream().anyMatch(one -> one.delivery().id().equals(delivery.id()));
    var payload = JSON.readTree(delivery.body());
    var summary =
        GitHubJson.object()
            .put("id", index + 1)
            .put("guid", delivery.id())
            .put("delivered_at", attempt.sentAt().toString())
            .put("redelivery", again)
            .put("duration", attempt.took().toMillis() / 1_000.0)
            .put("status", words(attempt.result()))
            .put("status_code", status(attempt.result()))
            .put("event", delivery.event())
            .put("action", Optional.of(delivery.action()).filter(a -> !a.isEmpty()).orElse(null));
    summary.set("installation_id", payload.path("installation").get("id"));
    summary.set("repository_id", payload.path("repository").get("id"));
    return summary;
  }

  private static int status(DeliveryAttempt.Result result) {
    return switch (result) {
      case DeliveryAttempt.Result.Answered(int status, _) -> status;
      case DeliveryAttempt.Result.Failed failed when failed.unreachable() -> 502;
      case DeliveryAttempt.Result.Failed _ -> 0;
    };
  }

  private static String words(DeliveryAttempt.Result result) {
    return switch (result) {
      case DeliveryAttempt.Result.Answered(int status, _) ->
          status / 100 == 2 ? "OK" : "Invalid HTTP Response: " + status;
      case DeliveryAttempt.Result.Failed failed when failed.unreachable() ->
          "failed to connect to host";
      case DeliveryAttempt.Result.Failed _ -> "timed out";
    };
  }

  private static int from(@Nullable String cursor, int otherwise) {
    if (cursor == null) {
      return otherwise;
    }
    if (!cursor.matches(CURSOR)) {
      throw ApiError.badRequest("Invalid cursor");
    }
    return Math.min(Integer.parseInt(cursor.substring(3)), otherwise);
  }

  private static int number(@Nullable String text) {
    return text != null && text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : 30;
  }
}
