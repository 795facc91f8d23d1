package dev.latchkey.github;

import dev.latchkey.github.WebhookEvent.Action;
import dev.latchkey.github.WebhookEvent.CheckEvent;
import dev.latchkey.github.WebhookEvent.CommentEvent;
import dev.latchkey.github.WebhookEvent.InstallationEvent;
import dev.latchkey.github.WebhookEvent.Other;
import dev.latchkey.github.WebhookEvent.Ping;
import dev.latchkey.github.WebhookEvent.PullRequestEvent;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What the values of a webhook's payload mean.
final class WebhookReading {
  private static final Pattern PLAIN_WORD = Pattern.compile("[A-Za-z0-9_.-]{1,100}");
  private static final Pattern COMMIT_ID = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");
  private static final String NO_ACTION = "no action acted on";

  private final WebhookPayload payload;

  private WebhookReading(WebhookPayload payload) {
    this.payload = payload;
  }

  static WebhookEvent event(WebhookPayload payload) {
    return new WebhookReading(payload).event();
  }

  private WebhookEvent event() {
    return switch (payload.kind()) {
      case "ping" -> new Ping(payload.text("/zen").orElse(""));
      case "pull_request" -> pullRequest();
      case "issue_comment" -> issueComment();
      case "pull_request_review_comment" -> reviewComment();
      case "check_run" -> check("/check_run");
      case "check_suite" -> check("/check_suite");
      case "installation", "installation_repositories" -> installation();
      default -> other("no event this App acts on");
    };
  }

  private WebhookEvent pullRequest() {
    String name = payload.requiredText("/action");
    @Nullable Action action = action(name);
    if (action == null) {
      return other(name.equals("edited") ? "edited, but not its base or title" : NO_ACTION);
    }
    return ofRepositorysOwn() ? ofRepository() : pullRequest(action);
  }

  private @Nullable Action action(String name) {
    return switch (name) {
      case "opened" -> Action.OPENED;
      case "reopened" -> Action.REOPENED;
      case "ready_for_review" -> Action.READY_FOR_REVIEW;
      case "converted_to_draft" -> Action.CONVERTED_TO_DRAFT;
      case "synchronize" -> Action.SYNCHRONIZE;
      case "closed" -> Action.CLOSED;
      case "labeled" -> Action.LABELED;
      case "unlabeled" -> Action.UNLABELED;
      case "edited" -> edited();
      default -> null;
    };
  }

  private @Nullable Action edited() {
    if (payload.has("/changes/base")) {
      return Action.RETARGETED;
    }
    return payload.has("/changes/title") ? Action.RETITLED : null;
  }

  private PullRequestEvent pullRequest(Action action) {
    String sha = sha("/pull_request/head/sha");
    return new PullRequestEvent(
        action,
        repository(),
        pullNumber("/number"),
        sha,
        payload.requiredText("/pull_request/base/ref"),
        payload.flag("/pull_request/draft"),
        account("/sender"));
  }

  private WebhookEvent issueComment() {
    if (!payload.requiredText("/action").equals("created")) {
      return other(NO_ACTION);
    }
    if (!payload.flag("/issue/pull_request")) {
      return other("on an issue, not on a pull request");
    }
    return comment(CommentPlace.CONVERSATION, "/issue/number");
  }

  private WebhookEvent reviewComment() {
    if (!payload.requiredText("/action").equals("created")) {
      return other(NO_ACTION);
    }
    return comment(CommentPlace.THREAD, "/pull_request/number");
  }

  private WebhookEvent comment(CommentPlace place, String number) {
    if (ofRepositorysOwn()) {
      return ofRepository();
    }
    return new CommentEvent(
        place,
        repository(),
        pullNumber(number),
        payload.requiredNumber("/comment/id"),
        payload.number("/comment/in_reply_to_id").orElse(0L),
        account("/comment/user"),
        Association.of(payload.text("/comment/author_association").orElse("")),
        payload.text("/comment/body").orElse(""));
  }

  private WebhookEvent check(String check) {
    if (!payload.requiredText("/action").equals("rerequested")) {
      return other(NO_ACTION);
    }
    if (ofRepositorysOwn()) {
      return ofRepository();
    }
    return new CheckEvent(
        repository(),
        payload.number(check + "/app/id").orElse(0L),
        sha(check + "/head_sha"),
        payload.text(check + "/external_id").orElse(""),
        payload.pulls(check + "/pull_requests"));
  }

  private WebhookEvent installation() {
    String action = payload.requiredText("/action");
    if (!PLAIN_WORD.matcher(action).matches()) {
      throw WebhookPayload.malformed("the payload's /action is no plain word");
    }
    return new InstallationEvent(
        action, payload.requiredNumber("/installation/id"), account("/installation/account"));
  }

  private boolean ofRepositorysOwn() {
    return payload.number("/installation/id").isEmpty();
  }

  private Other ofRepository() {
    return other("no installation: sent by a repository's own webhook, not by the App's");
  }

  private int pullNumber(String pointer) {
    long number = payload.requiredNumber(pointer);
    if (number < 1 || number > Integer.MAX_VALUE) {
      throw WebhookPayload.malformed(
          "the " + payload.kind() + " payload's " + pointer + " is no pull request's");
    }
    return (int) number;
  }

  private String sha(String pointer) {
    String sha = payload.requiredText(pointer);
    if (!COMMIT_ID.matcher(sha).matches()) {
      throw WebhookPayload.malformed(
          "the " + payload.kind() + " payload's " + pointer + " is no commit id");
    }
    return sha;
  }

  private RepositoryRef repository() {
    try {
      return new RepositoryRef(
          payload.requiredNumber("/installation/id"),
          payload.requiredNumber("/repository/id"),
          payload.requiredText("/repository/owner/login"),
          payload.requiredText("/repository/name"));
    } catch (IllegalArgumentException e) {
      throw new GitHubException.Malformed(
          "the " + payload.kind() + " payload names no repository: " + e.getMessage(), e);
    }
  }

  private Account account(String pointer) {
    Account nobody = Account.GHOST;
    return new Account(
        payload.number(pointer + "/id").orElse(nobody.id()),
        payload.text(pointer + "/login").orElse(nobody.login()),
        payload.text(pointer + "/type").orElse(nobody.type()));
  }

  private Other other(String reason) {
    // An action can be any text that a user made up (`repository_dispatch`).
    String action =
        payload.text("/action").filter(word -> PLAIN_WORD.matcher(word).matches()).orElse("");
    return new Other(payload.kind(), action, reason);
  }
}
