package dev.latchkey.simulator;

import java.util.List;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Reactions to comments (GitHub, "REST API endpoints for reactions"): one of a kind by each user.
final class ReactionsApi {
  private static final List<String> CONTENTS =
      List.of("+1", "-1", "laugh", "confused", "heart", "hooray", "rocket", "eyes");

  private final GitHubState state;
  private final GitHubJson json;
  private final String bot;

  ReactionsApi(GitHubState state, GitHubJson json, String bot) {
    this.state = state;
    this.json = json;
    this.bot = bot;
  }

  ApiReply create(GitHubState.RepositoryState repository, ApiCall call) {
    var content =
        call.json().choice("content", CONTENTS).orElseThrow(() -> JsonBody.missing("content"));
    var place = requirePlace(repository, call);
    var reaction = new SimulatedReaction(place, call.id(2), bot, content);
    var kept = repository.reactions();
    if (kept.containsKey(reaction)) {
      return ApiReply.ok(form(reaction, kept.get(reaction)));
    }
    var id = state.nextId();
    kept.put(reaction, id);
    return ApiReply.created(form(reaction, id));
  }

  ApiReply list(GitHubState.RepositoryState repository, ApiCall call) {
    var place = requirePlace(repository, call);
    var wanted = call.choice("content", CONTENTS);
    var all =
        repository.reactions().entrySet().stream()
            .filter(one -> one.getKey().place().equals(place))
            .filter(one -> one.getKey().comment() == call.id(2))
            .filter(one -> wanted.stream().allMatch(one.getKey().content()::equals))
            .toList();
    var rest = place + "/comments/" + call.id(2) + "/reactions";
    var page = Page.of(all, call, json.pageAddress(repository.repository(), rest));
    var items = JsonNodeFactory.instance.arrayNode();
    page.items().forEach(one -> items.add(form(one.getKey(), one.getValue())));
    return new ApiReply(200, items, page.link());
  }

  /// @throws ApiError 404 if there is no such comment
  private static String requirePlace(GitHubState.RepositoryState repository, ApiCall call) {
    var place = call.segments().getFirst();
    var there =
        place.equals("issues")
            ? repository.withComment(call.id(2)).isPresent()
            : repository.threadComment(call.id(2)).isPresent();
    if (!there) {
      throw ApiError.notFound();
    }
    return place;
  }

  private ObjectNode form(SimulatedReaction reaction, long id) {
    var form =
        GitHubJson.object()
            .put("id", id)
            .put("node_id", "REA_" + id)
            .put("content", reaction.content());
    form.set("user", json.user(reaction.author(), "Bot"));
    return form;
  }
}
