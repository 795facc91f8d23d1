package dev.latchkey.github;

import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// How each kind of object is read from GitHub's answers.
final class Readings {
  private Readings() {}

  static App app(Fields app) {
    return new App(
        app.number("id"), app.text("slug"), app.textsByName("permissions"), app.texts("events"));
  }

  static PullRequest pullRequest(Fields pull) {
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
        pull.countOrZero("changed_files"),
        pull.listOrNone("labels").stream().map(label -> label.text("name")).toList(),
        association(pull),
        pull.optionalInstant("updated_at").orElse(Instant.EPOCH));
  }

  /// Where it would be merged into; zero if GitHub does not say.
  static long baseRepository(Fields pull) {
    return pull.object("base").optionalObject("repo").map(repo -> repo.number("id")).orElse(0L);
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

  static IssueComment issueComment(Fields comment) {
    return new IssueComment(
        comment.number("id"),
        comment.textOr("node_id", ""),
        comment.lastSegment("issue_url"),
        account(comment),
        association(comment),
        comment.textOr("body", ""),
        comment.instant("created_at"));
  }

  static ReviewComment reviewComment(Fields comment) {
    return new ReviewComment(
        comment.number("id"),
        comment.lastSegment("pull_request_url"),
        comment.numberOrZero("pull_request_review_id"),
        comment.numberOrZero("in_reply_to_id"),
        account(comment),
        association(comment),
        comment.textOr("body", ""),
        comment.text("path"),
        comment.instant("created_at"));
  }

  /// An organisation may have made a role of its own, whose base is told in `permission`.
  static Permission permission(Fields given) {
    return given
        .optionalText("role_name")
        .flatMap(role -> constant(Permission.class, role))
        .or(() -> constant(Permission.class, given.text("permission")))
        .orElseThrow(() -> new Fields.Unreadable("permission is not a known word"));
  }

  /// An enterprise as the owner has no login but a slug.
  static Installation installation(Fields installation) {
    return new Installation(
        installation.number("id"),
        installation
            .optionalObject("account")
            .map(owner ->
                new Account(
                    owner.number("id"),
                    owner.optionalText("login").orElseGet(() -> owner.text("slug")),
                    owner.textOr("type", "Enterprise")))
            .orElse(Account.GHOST),
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
      throw new Fields.Unreadable("it names no repository: " + e.getMessage());
    }
  }

  static HookDelivery hookDelivery(Fields delivery) {
    return new HookDelivery(
        delivery.number("id"),
        delivery.text("guid"),
        delivery.instant("delivered_at"),
        delivery.text("event"),
        delivery.textOr("action", ""),
        delivery.countOrZero("status_code"),
        delivery.flag("redelivery"));
  }

  static HookPayload hookPayload(Fields delivery) {
    Fields payload = delivery.object("request").object("payload");
    return new HookPayload(hookDelivery(delivery), Json.bytes(payload.node()));
  }

  private static Association association(Fields written) {
    return Association.of(written.textOr("author_association", ""));
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
    return written
        .optionalObject("user")
        .map(
            user -> new Account(user.number("id"), user.text("login"), user.textOr("type", "User")))
        .orElse(Account.GHOST);
  }

  private static <E extends Enum<E>> Optional<E> constant(Class<E> type, String word) {
    String name = word.toUpperCase(Locale.ROOT);
    return Arrays.stream(type.getEnumConstants()).filter(e -> e.name().equals(name)).findFirst();
  }
}
