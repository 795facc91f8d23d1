package dev.latchkey.github;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// How each kind of object is read from GitHub's answers.
final class Readings {
  private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,8}");
  private static final int MAX_STATUS = 999;

  private Readings() {}

  static App app(Fields app) {
    return new App(
        app.number("id"), app.text("slug"), app.words("permissions"), app.texts("events"));
  }

  static PullRequest pullRequest(Fields pull) {
    return pullRequest(pull, pull.count("changed_files"));
  }

  /// As lists have it, without its size.
  static PullRequest listedPullRequest(Fields pull) {
    return pullRequest(pull, 0);
  }

  private static PullRequest pullRequest(Fields pull, int changedFiles) {
    Fields head = pull.object("head");
    Fields base = pull.object("base");
    return new PullRequest(
        pull.count("number"),
        pull.word("state", word -> constant(PullRequest.State.class, word)),
        pull.flag("draft"),
        pull.flag("merged"),
        pull.textOr("title", ""),
        pull.textOr("body", ""),
        account(pull),
        head.text("sha"),
        head.optionalObject("repo").map(repository -> repository.number("id")).orElse(0L),
        base.text("ref"),
        base.text("sha"),
        changedFiles,
        labels(pull),
        Association.of(pull.textOr("author_association", "")),
        pull.optionalInstant("updated_at").orElse(Instant.EPOCH));
  }

  static PullFile file(Fields file) {
    return new PullFile(
        file.text("filename"),
        file.optionalText("previous_filename"),
        file.word("status", word -> constant(PullFile.Status.class, word)),
        file.count("additions"),
        file.count("deletions"),
        file.optionalText("patch"));
  }

  static PostedReview review(Fields review) {
    return new PostedReview(
        review.number("id"),
        account(review),
        review.word("state", word -> constant(PostedReview.State.class, word)),
        review.textOr("body", ""),
        review.textOr("commit_id", ""),
        review.optionalInstant("submitted_at"),
        review.textOr("node_id", ""));
  }

  private static List<String> labels(Fields pull) {
    return pull.node().path("labels").isArray()
        ? pull.list("labels").stream().map(label -> label.textOr("name", "")).toList()
        : List.of();
  }

  static IssueComment issueComment(Fields comment) {
    return new IssueComment(
        comment.number("id"),
        comment.textOr("node_id", ""),
        lastNumber(comment, "issue_url"),
        account(comment),
        Association.of(comment.textOr("author_association", "")),
        comment.textOr("body", ""),
        comment.instant("created_at"));
  }

  static ReviewComment reviewComment(Fields comment) {
    return new ReviewComment(
        comment.number("id"),
        lastNumber(comment, "pull_request_url"),
        comment.numberOrZero("pull_request_review_id"),
        comment.numberOrZero("in_reply_to_id"),
        account(comment),
        Association.of(comment.textOr("author_association", "")),
        comment.textOr("body", ""),
        comment.textOr("path", ""),
        comment.instant("created_at"));
  }

  /// The last segment of an address, which is not followed.
  private static int lastNumber(Fields object, String name) {
    String address = object.text(name);
    String last = address.substring(address.lastIndexOf('/') + 1);
    if (!NUMBER.matcher(last).matches()) {
      throw new Fields.Unreadable(name + " does not end with a number");
    }
    return Integer.parseInt(last);
  }

  static ReviewThread thread(Fields thread) {
    List<Fields> comments = thread.object("comments").list("nodes");
    Optional<Fields> first = comments.stream().findFirst();
    return new ReviewThread(
        thread.text("id"),
        thread.flag("isResolved"),
        thread.flag("isOutdated"),
        first.map(comment -> comment.numberOrZero("databaseId")).orElse(0L),
        first
            .flatMap(comment -> comment.optionalObject("pullRequestReview"))
            .map(review -> review.textOr("id", ""))
            .orElse(""),
        first
            .flatMap(comment -> comment.optionalObject("author"))
            .map(author -> author.textOr("login", ""))
            .orElse(""),
        first.map(comment -> comment.textOr("body", "")).orElse(""));
  }

  static Permission permission(Fields answer) {
    Permission role = Permission.of(answer.textOr("role_name", ""));
    // The role may be one of the organisation's own; the other word is then what it comes to.
    return role == Permission.NONE ? Permission.of(answer.text("permission")) : role;
  }

  static Installation installation(Fields installation) {
    return new Installation(
        installation.number("id"),
        account(installation, "account"),
        installation.optionalText("suspended_at").isPresent());
  }

  static RepositoryRef repository(long installation, Fields repository) {
    try {
      return new RepositoryRef(
          installation,
          repository.number("id"),
          repository.object("owner").text("login"),
          repository.text("name"));
    } catch (IllegalArgumentException e) {
      throw new Fields.Unreadable("the repository is none: " + e.getMessage());
    }
  }

  static HookDelivery hookDelivery(Fields delivery) {
    return new HookDelivery(
        delivery.number("id"),
        delivery.text("guid"),
        delivery.instant("delivered_at"),
        delivery.text("event"),
        delivery.textOr("action", ""),
        Math.clamp(delivery.numberOrZero("status_code"), 0, MAX_STATUS),
        delivery.flag("redelivery"));
  }

  static HookPayload hookPayload(Fields delivery) {
    Fields payload = delivery.object("request").object("payload");
    return new HookPayload(hookDelivery(delivery), Json.bytes(payload.node()));
  }

  static CheckRun checkRun(Fields check) {
    CheckState.Status status = check.word("status", Readings::status);
    return new CheckRun(
        check.number("id"),
        check.text("name"),
        check.text("head_sha"),
        check.textOr("external_id", ""),
        status,
        status == CheckState.Status.COMPLETED
            ? Optional.of(
                check.word("conclusion", word -> constant(CheckState.Conclusion.class, word)))
            : Optional.empty(),
        check.optionalObject("app").map(app -> app.number("id")).orElse(0L));
  }

  private static Optional<CheckState.Status> status(String word) {
    return switch (word) {
      // What GitHub's own Actions say before they run.
      case "waiting", "requested", "pending" -> Optional.of(CheckState.Status.QUEUED);
      default -> constant(CheckState.Status.class, word);
    };
  }

  /// Who wrote it. GitHub says null for an account that is gone.
  private static Account account(Fields written) {
    return account(written, "user");
  }

  private static Account account(Fields object, String name) {
    return object
        .optionalObject(name)
        .map(
            user -> new Account(user.number("id"), user.text("login"), user.textOr("type", "User")))
        .orElse(Account.GHOST);
  }

  private static <E extends Enum<E>> Optional<E> constant(Class<E> type, String word) {
    String name = word.toUpperCase(Locale.ROOT);
    return Arrays.stream(type.getEnumConstants()).filter(e -> e.name().equals(name)).findFirst();
  }
}
