package dev.latchkey.server.web;

import dev.latchkey.inbox.Inbox;
import dev.latchkey.inbox.WorkQuery;
import dev.latchkey.inbox.WorkState;
import dev.latchkey.inbox.WorkStory;
import dev.latchkey.inbox.WorkView;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What deliveries have led to: to look at, and to mend.
final class DeliveriesRoute implements HttpService {

  private static final int USUAL = 50;
  private static final int MOST = 1_000;

  /// How many works are looked at for one page, as a repository has no index of its own.
  private static final int MOST_SEEN = 10_000;

  private static final String BY_OPERATOR = "by the operator";

  private final Inbox inbox;
  private final Asking asking;
  private final Orders orders = new Orders();

  /// @param next the id after which the next page begins, or null if there is none
  private record Page(List<WorkView> works, @Nullable Long next) {}

  DeliveriesRoute(Inbox inbox, Asking asking) {
    this.inbox = inbox;
    this.asking = asking;
  }

  @Override
  public void routing(HttpRules rules) {
    rules
        .get("/", this::list)
        .any("/", Methods.only("GET"))
        .get("/{id}", this::show)
        .any("/{id}", Methods.only("GET"))
        .post("/{id}/{order}", this::order)
        .any("/{id}/{order}", Methods.only("POST"));
  }

  private void list(ServerRequest request, ServerResponse response) {
    Parameters parameters = Parameters.of(request, "state", "repository", "limit", "after");
    int limit = parameters.limit(USUAL, MOST);
    WorkQuery query = WorkQuery.newest(limit);
    Optional<WorkState> state = parameters.text("state").map(DeliveriesRoute::state);
    if (state.isPresent()) {
      query = query.withStates(state.get());
    }
    Optional<Long> after = parameters.id("after");
    if (after.isPresent()) {
      query = query.before(after.get());
    }
    Optional<String> repository = parameters.text("repository").map(DeliveriesRoute::repository);
    Page page = repository.isPresent() ? pageOf(query, repository.get()) : page(query);
    Map<String, @Nullable Object> body = new LinkedHashMap<>();
    body.put("deliveries", page.works().stream().map(Works::line).toList());
    body.put("next", page.next());
    Answers.json(response, 200, body);
  }

  private Page page(WorkQuery query) {
    List<WorkView> works = inbox.works(query);
    boolean last = works.size() < query.limit();
    return new Page(works, last ? null : works.getLast().id());
  }

  /// A page may have less than its limit, even nothing, and still not be the last.
  private Page pageOf(WorkQuery query, String repository) {
    List<WorkView> found = new ArrayList<>();
    WorkQuery whole = new WorkQuery(query.states(), null, null, null, null, query.before(), MOST);
    for (int seen = 0; seen < MOST_SEEN; seen += MOST) {
      List<WorkView> works = inbox.works(whole);
      for (WorkView work : works) {
        if (Works.repository(work).filter(repository::equalsIgnoreCase).isPresent()) {
          found.add(work);
          if (found.size() == query.limit()) {
            return new Page(found, work.id());
          }
        }
      }
      if (works.size() < MOST) {
        return new Page(found, null);
      }
      whole = whole.before(works.getLast().id());
    }
    return new Page(found, whole.before());
  }

  private void show(ServerRequest request, ServerResponse response) {
    Parameters parameters = Parameters.of(request, "payload");
    long id = parameters.pathId("id");
    WorkStory story = inbox.story(id).orElseThrow();
    Map<String, @Nullable Object> body = Works.story(story);
    if (parameters.flag("payload")) {
      body.put("payload", inbox.payload(id).map(Works::payload).orElse(null));
    }
    Answers.json(response, 200, body);
  }

  private void order(ServerRequest request, ServerResponse response) {
    Parameters parameters = Parameters.of(request);
    long id = parameters.pathId("id");
    var _ = orders.read(request);
    Map<String, Object> done = new LinkedHashMap<>();
    done.put("id", id);
    switch (parameters.path("order")) {
      case "replay" -> {
        inbox.story(id).ifPresent(story -> asking.replaying(story.work()));
        done.put("works", inbox.replay(id));
      }
      case "cancel" -> done.put("cancelled", inbox.cancel(id, BY_OPERATOR));
      case "hold" -> inbox.hold(id);
      case "release" -> inbox.release(id);
      case "dismiss" -> inbox.dismiss(id);
      default -> throw new Refusal(404, "There is no such thing here.");
    }
    inbox.story(id).ifPresent(story -> done.put("state", story.work().state().name()));
    Answers.json(response, 200, done);
  }

  private static WorkState state(String text) {
    return Stream.of(WorkState.values())
        .filter(state -> state.name().equalsIgnoreCase(text))
        .findFirst()
        .orElseThrow(
            () -> Parameters.bad("state must be one of " + List.of(WorkState.values()) + "."));
  }

  private static String repository(String text) {
    if (!text.matches("[^/\\s]+/[^/\\s]+")) {
      throw Parameters.bad("repository must be OWNER/NAME.");
    }
    return text;
  }
}
