package dev.latchkey.github;

import dev.latchkey.github.WebhookEvent.Action;
import dev.latchkey.github.WebhookEvent.Other;
import dev.latchkey.github.WebhookEvent.Ping;
import dev.latchkey.github.WebhookEvent.PullRequestEvent;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// The few values of a webhook's payload which say what happened. The payload is read token by
/// token and never held as a tree, since most of one is of no use here and it may have 25 MiB.
final class WebhookPayload {
  private static final Set<String> WANTED =
      Set.of(
          "/action",
          "/changes/base",
          "/installation/id",
          "/number",
          "/pull_request/base/ref",
          "/pull_request/draft",
          "/pull_request/head/sha",
          "/repository/id",
          "/repository/name",
          "/repository/owner/login",
          "/sender/id",
          "/sender/login",
          "/sender/type",
          "/zen");

  private static final int DEEPEST_WANTED = 3;
  private static final int MAX_TEXT_LENGTH = 1_000;
  private static final Pattern EVENT_NAME = Pattern.compile("[A-Za-z0-9_.-]{1,100}");
  private static final Pattern COMMIT_ID = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");

  private final String kind;

  /// By JSON pointer (RFC 6901): [String], [Long] or [Boolean], or for an object or array `true`.
  private final Map<String, Object> values;

  private WebhookPayload(String kind, Map<String, Object> values) {
    this.kind = kind;
    this.values = values;
  }

  static WebhookEvent parse(String eventHeader, byte[] body) {
    if (!EVENT_NAME.matcher(eventHeader).matches()) {
      throw malformed("X-GitHub-Event is no event's name of 1 to 100 letters, digits, . _ or -");
    }
    if (body.length > WebhookEvent.MAX_BODY_BYTES) {
      throw malformed(
          "the payload has " + body.length + " bytes, limit " + WebhookEvent.MAX_BODY_BYTES);
    }
    return new WebhookPayload(eventHeader, pick(body)).event();
  }

  private static Map<String, Object> pick(byte[] body) {
    Map<String, Object> picked = new HashMap<>();
    try (JsonParser parser = Json.parser(body)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw malformed("the payload is no JSON object");
      }
      int depth = 1;
      while (depth > 0) {
        JsonToken token = parser.nextToken();
        if (token == null) {
          throw malformed("the payload ends too early");
        } else if (token.isStructEnd()) {
          depth--;
        } else {
          // Asked before the depth changes: from inside, an object's pointer is the same.
          if (token != JsonToken.PROPERTY_NAME && depth <= DEEPEST_WANTED) {
            keep(parser, token, picked);
          }
          depth += token.isStructStart() ? 1 : 0;
        }
      }
      if (parser.nextToken() != null) {
        throw malformed("the payload goes on after its end");
      }
      return picked;
    } catch (JacksonException e) {
      // Without the cause, whose text quotes the payload.
      throw malformed("the payload " + Json.complaint(e));
    }
  }

  private static void keep(JsonParser parser, JsonToken token, Map<String, Object> picked) {
    String pointer = parser.streamReadContext().pathAsPointer().toString();
    if (!WANTED.contains(pointer)) {
      return;
    }
    @Nullable Object value =
        switch (token) {
          case VALUE_STRING ->
              parser.getStringLength() <= MAX_TEXT_LENGTH ? parser.getString() : null;
          case VALUE_NUMBER_INT ->
              parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                  ? null
                  : (Long) parser.getLongValue();
          case VALUE_TRUE, START_OBJECT, START_ARRAY -> true;
          case VALUE_FALSE -> false;
          default -> null;
        };
    if (value != null) {
      picked.put(pointer, value);
    }
  }

  private WebhookEvent event() {
    return switch (kind) {
      case "ping" -> new Ping(text("/zen").orElse(""));
      case "pull_request" -> pullRequest();
      default -> other("no event this App acts on");
    };
  }

  private WebhookEvent pullRequest() {
    String name = text("/action").orElseThrow(() -> lacks("/action"));
    @Nullable Action action =
        switch (name) {
          case "opened" -> Action.OPENED;
          case "reopened" -> Action.REOPENED;
          case "ready_for_review" -> Action.READY_FOR_REVIEW;
          case "synchronize" -> Action.SYNCHRONIZE;
          case "closed" -> Action.CLOSED;
          case "edited" -> values.containsKey("/changes/base") ? Action.RETARGETED : null;
          default -> null;
        };
    if (action == null) {
      return other(name.equals("edited") ? "edited, but not its base" : "no action acted on");
    }
    if (number("/installation/id").isEmpty()) {
      return other("no installation: sent by a repository's own webhook, not by the App's");
    }
    return pullRequest(action);
  }

  private PullRequestEvent pullRequest(Action action) {
    String sha = required(text("/pull_request/head/sha"), "/pull_request/head/sha");
    if (!COMMIT_ID.matcher(sha).matches()) {
      throw malformed("the pull_request payload's /pull_request/head/sha is no commit id");
    }
    long number = required(number("/number"), "/number");
    if (number < 1 || number > Integer.MAX_VALUE) {
      throw malformed("the pull_request payload's /number is no pull request's");
    }
    return new PullRequestEvent(
        action,
        repository(),
        (int) number,
        sha,
        required(text("/pull_request/base/ref"), "/pull_request/base/ref"),
        Boolean.TRUE.equals(values.get("/pull_request/draft")),
        sender());
  }

  private RepositoryRef repository() {
    try {
      return new RepositoryRef(
          required(number("/installation/id"), "/installation/id"),
          required(number("/repository/id"), "/repository/id"),
          required(text("/repository/owner/login"), "/repository/owner/login"),
          required(text("/repository/name"), "/repository/name"));
    } catch (IllegalArgumentException e) {
      throw new GitHubException.Malformed(
          "the pull_request payload names no repository: " + e.getMessage(), e);
    }
  }

  private Account sender() {
    Account nobody = Account.GHOST;
    return new Account(
        number("/sender/id").orElse(nobody.id()),
        text("/sender/login").orElse(nobody.login()),
        text("/sender/type").orElse(nobody.type()));
  }

  private Other other(String reason) {
    // An action can be any text that a user made up (`repository_dispatch`).
    String action = text("/action").filter(word -> EVENT_NAME.matcher(word).matches()).orElse("");
    return new Other(kind, action, reason);
  }

  private Optional<String> text(String pointer) {
    return values.get(pointer) instanceof String text ? Optional.of(text) : Optional.empty();
  }

  private Optional<Long> number(String pointer) {
    return values.get(pointer) instanceof Long number ? Optional.of(number) : Optional.empty();
  }

  private static <T> T required(Optional<T> value, String pointer) {
    return value.orElseThrow(() -> lacks(pointer));
  }

  private static GitHubException.Malformed lacks(String pointer) {
    return malformed("the pull_request payload lacks " + pointer + ", or it is of a wrong type");
  }

  private static GitHubException.Malformed malformed(String message) {
    return new GitHubException.Malformed(message, null);
  }
}
