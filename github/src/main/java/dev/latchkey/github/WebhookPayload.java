package dev.latchkey.github;

import dev.latchkey.github.WebhookEvent.Action;
import dev.latchkey.github.WebhookEvent.Other;
import dev.latchkey.github.WebhookEvent.Ping;
import dev.latchkey.github.WebhookEvent.PullRequestEvent;
import java.util.HashMap;
import java.util.List;
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
          "/changes/title",
          "/check_run/app/id",
          "/check_run/external_id",
          "/check_run/head_sha",
          "/check_suite/app/id",
          "/check_suite/head_sha",
          "/comment/author_association",
          "/comment/body",
          "/comment/id",
          "/comment/in_reply_to_id",
          "/comment/user/id",
          "/comment/user/login",
          "/comment/user/type",
          "/installation/account/id",
          "/installation/account/login",
          "/installation/account/type",
          "/installation/id",
          "/issue/number",
          "/issue/pull_request",
          "/number",
          "/pull_request/base/ref",
          "/pull_request/draft",
          "/pull_request/head/sha",
          "/pull_request/number",
          "/repository/id",
          "/repository/name",
          "/repository/owner/login",
          "/sender/id",
          "/sender/login",
          "/sender/type",
          "/zen");

  private static final int DEEPEST_WANTED = 4;
  private static final String FOREIGN =
      "no installation: sent by a repository's own webhook, not by the App's";
  private static final int MAX_TEXT_LENGTH = 1_000;
  private static final String COMMENT_BODY = "/comment/body";

  /// A check run or suite may name this many pull requests.
  private static final int MAX_PULLS = 100;

  private static final Pattern PULL_NUMBER =
      Pattern.compile("/check_(?:run|suite)/pull_requests/[0-9]+/number");
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
    boolean pull = PULL_NUMBER.matcher(pointer).matches();
    if (!WANTED.contains(pointer) && !(pull && picked.size() < WANTED.size() + MAX_PULLS)) {
      return;
    }
    @Nullable Object value =
        switch (token) {
          case VALUE_STRING -> text(parser, pointer);
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

  /// A comment may be long, and only its beginning counts.
  private static @Nullable String text(JsonParser parser, String pointer) {
    String text = parser.getString();
    if (text.length() <= MAX_TEXT_LENGTH) {
      return text;
    }
    return pointer.equals(COMMENT_BODY) ? text.substring(0, MAX_TEXT_LENGTH) : null;
  }

  private WebhookEvent event() {
    return switch (kind) {
      case "ping" -> new Ping(text("/zen").orElse(""));
      case "pull_request" -> pullRequest();
      case "issue_comment" -> comment(CommentPlace.CONVERSATION, "/issue/number");
      case "pull_request_review_comment" -> comment(CommentPlace.THREAD, "/pull_request/number");
      case "check_run" -> check("/check_run");
      case "check_suite" -> check("/check_suite");
      case "installation", "installation_repositories" -> installation();
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
          case "labeled" -> Action.LABELED;
          case "unlabeled" -> Action.UNLABELED;
          case "converted_to_draft" -> Action.CONVERTED_TO_DRAFT;
          case "edited" -> edited();
          default -> null;
        };
    if (action == null) {
      return other(
          name.equals("edited")
              ? "edited, but neither its base nor its title"
              : "no action acted on");
    }
    if (isForeign()) {
      return other(FOREIGN);
    }
    return pullRequest(action);
  }

  private PullRequestEvent pullRequest(Action action) {
    String sha = commit("/pull_request/head/sha");
    return new PullRequestEvent(
        action,
        repository(),
        pullNumber("/number"),
        sha,
        required(text("/pull_request/base/ref"), "/pull_request/base/ref"),
        Boolean.TRUE.equals(values.get("/pull_request/draft")),
        account("/sender"));
  }

  private @Nullable Action edited() {
    if (values.containsKey("/changes/base")) {
      return Action.RETARGETED;
    }
    return values.containsKey("/changes/title") ? Action.RETITLED : null;
  }

  private WebhookEvent comment(CommentPlace place, String number) {
    if (!text("/action").equals(Optional.of("created"))) {
      return other("no action acted on");
    } else if (place == CommentPlace.CONVERSATION && !values.containsKey("/issue/pull_request")) {
      return other("not about a pull request");
    } else if (isForeign()) {
      return other(FOREIGN);
    }
    return new WebhookEvent.CommentEvent(
        place,
        repository(),
        pullNumber(number),
        required(number("/comment/id"), "/comment/id"),
        number("/comment/in_reply_to_id").orElse(0L),
        account("/comment/user"),
        Association.of(text("/comment/author_association").orElse("")),
        text(COMMENT_BODY).orElse(""));
  }

  /// @param at where the check stands in the payload
  private WebhookEvent check(String at) {
    if (!text("/action").equals(Optional.of("rerequested"))) {
      return other("no action acted on");
    } else if (isForeign()) {
      return other(FOREIGN);
    }
    List<Integer> pulls =
        values.entrySet().stream()
            .filter(entry -> PULL_NUMBER.matcher(entry.getKey()).matches())
            .filter(entry -> entry.getKey().startsWith(at))
            .map(Map.Entry::getValue)
            .filter(Long.class::isInstance)
            .map(value -> pullNumber((Long) value, at + "/pull_requests"))
            .sorted()
            .toList();
    return new WebhookEvent.CheckEvent(
        repository(),
        number(at + "/app/id").orElse(0L),
        commit(at + "/head_sha"),
        text(at + "/external_id").orElse(""),
        pulls);
  }

  private WebhookEvent installation() {
    return new WebhookEvent.InstallationEvent(
        text("/action").orElse(""),
        required(number("/installation/id"), "/installation/id"),
        account("/installation/account"));
  }

  private boolean isForeign() {
    return number("/installation/id").isEmpty();
  }

  private String commit(String pointer) {
    String sha = required(text(pointer), pointer);
    if (!COMMIT_ID.matcher(sha).matches()) {
      throw malformed("the " + kind + " payload's " + pointer + " is no commit id");
    }
    return sha;
  }

  private int pullNumber(String pointer) {
    return pullNumber(required(number(pointer), pointer), pointer);
  }

  private int pullNumber(long number, String pointer) {
    if (number < 1 || number > Integer.MAX_VALUE) {
      throw malformed("the " + kind + " payload's " + pointer + " is no pull request's");
    }
    return (int) number;
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
          "the " + kind + " payload names no repository: " + e.getMessage(), e);
    }
  }

  private Account account(String at) {
    Account nobody = Account.GHOST;
    return new Account(
        number(at + "/id").orElse(nobody.id()),
        text(at + "/login").orElse(nobody.login()),
        text(at + "/type").orElse(nobody.type()));
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

  private <T> T required(Optional<T> value, String pointer) {
    return value.orElseThrow(() -> lacks(pointer));
  }

  private GitHubException.Malformed lacks(String pointer) {
    return malformed("the " + kind + " payload lacks " + pointer + ", or it is of a wrong type");
  }

  private static GitHubException.Malformed malformed(String message) {
    return new GitHubException.Malformed(message, null);
  }
}
