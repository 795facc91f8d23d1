package dev.latchkey.server.web;

import dev.latchkey.inbox.Inbox;
import dev.latchkey.inbox.InboxStats;
import dev.latchkey.inbox.Limit;
import dev.latchkey.inbox.LimitUsage;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What programs may ask of the server, and tell it to do, on the operator's port.
public final class AdminRoutes implements HttpService {

  private static final int USUAL = 50;
  private static final int MOST = 1_000;
  private static final Pattern SEGMENT = Pattern.compile("[A-Za-z0-9._-]{1,100}");
  private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,8}");

  private final Parts parts;
  private final Orders orders = new Orders();

  /// What there is to ask.
  ///
  /// @param limits to be listed besides those that the inbox knows of
  public record Parts(
      Inbox inbox,
      Metrics metrics,
      Backups backups,
      Asking asking,
      Reviews reviews,
      List<Limit> limits,
      InstantSource clock) {
    public Parts {
      limits = List.copyOf(limits);
    }
  }

  public AdminRoutes(Parts parts) {
    this.parts = parts;
  }

  @Override
  public void routing(HttpRules rules) {
    rules
        .get("/metrics", this::metrics)
        .any("/metrics", Methods.only("GET"))
        .get("/api/stats", this::stats)
        .any("/api/stats", Methods.only("GET"))
        .get("/api/limits", this::limits)
        .any("/api/limits", Methods.only("GET"))
        .get("/api/reviews", this::reviews)
        .any("/api/reviews", Methods.only("GET"))
        .post("/api/backup", this::backup)
        .any("/api/backup", Methods.only("POST"))
        .post("/api/pull-requests/{owner}/{repo}/{number}/review", this::review)
        .any("/api/pull-requests/{owner}/{repo}/{number}/review", Methods.only("POST"))
        .register("/api/deliveries", new DeliveriesRoute(parts.inbox(), parts.asking()));
  }

  private void metrics(ServerRequest request, ServerResponse response) {
    var _ = Parameters.of(request);
    String text = parts.metrics().text(parts.inbox().stats());
    Answers.send(response, 200, Metrics.TYPE, text.getBytes(StandardCharsets.UTF_8));
  }

  private void stats(ServerRequest request, ServerResponse response) {
    var _ = Parameters.of(request);
    InboxStats stats = parts.inbox().stats();
    Map<String, Object> deliveries = new LinkedHashMap<>();
    deliveries.put("accepted", stats.accepted());
    deliveries.put("duplicates", stats.duplicates());
    deliveries.put("ignored", stats.ignored());
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("works", stats.works());
    body.put("deliveries", deliveries);
    body.put("oldestDueSeconds", Metrics.secondsDue(stats, parts.clock()));
    body.put("recent", stats.recent());
    Answers.json(response, 200, body);
  }

  private void limits(ServerRequest request, ServerResponse response) {
    var _ = Parameters.of(request);
    List<LimitUsage> usages = new ArrayList<>(parts.inbox().limits());
    for (Limit limit : parts.limits()) {
      if (usages.stream().noneMatch(usage -> usage.limit().equals(limit))) {
        usages.add(parts.inbox().usage(limit));
      }
    }
    Answers.json(response, 200, Map.of("limits", usages.stream().map(Works::usage).toList()));
  }

  private void reviews(ServerRequest request, ServerResponse response) {
    Parameters parameters = Parameters.of(request, "limit", "after");
    Reviews.Page page = page(parameters.text("after").orElse(""), parameters.limit(USUAL, MOST));
    Map<String, @Nullable Object> body = new LinkedHashMap<>();
    body.put("reviews", page.reviews());
    body.put("next", page.next().orElse(null));
    Answers.json(response, 200, body);
  }

  private Reviews.Page page(String after, int limit) {
    try {
      return parts.reviews().page(after, limit);
    } catch (IllegalArgumentException e) {
      throw Parameters.bad("after must be what the page before named as next.");
    }
  }

  private void backup(ServerRequest request, ServerResponse response) {
    var _ = Parameters.of(request);
    Map<String, String> order = orders.read(request, "file");
    String file = order.get("file");
    Optional<String> wanted = file == null ? Optional.empty() : Optional.of(file);
    Answers.json(response, 201, parts.backups().write(wanted));
  }

  private void review(ServerRequest request, ServerResponse response) {
    Parameters parameters = Parameters.of(request);
    Map<String, String> order = orders.read(request, "round");
    if (!order.getOrDefault("round", "new").equals("new")) {
      throw Parameters.bad("round must be \"new\".");
    }
    String owner = segment(parameters.path("owner"));
    String repo = segment(parameters.path("repo"));
    String number = parameters.path("number");
    if (!NUMBER.matcher(number).matches()) {
      throw new Refusal(404, "There is no pull request of that number.");
    }
    boolean newRound = order.containsKey("round");
    switch (parts.asking().ask(owner, repo, Integer.parseInt(number), newRound)) {
      case Asked.Accepted(var note) ->
          Answers.json(response, 202, Map.of("status", "accepted", "note", note));
      case Asked.Refused(var reason) -> Problem.of(409, reason).send(response);
      case Asked.Unknown(var reason) -> Problem.of(404, reason).send(response);
    }
  }

  private static String segment(String text) {
    if (!SEGMENT.matcher(text).matches()) {
      throw new Refusal(404, "There is no repository of that name.");
    }
    return text;
  }
}
