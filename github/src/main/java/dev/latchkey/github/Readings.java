package dev.latchkey.github;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// How each kind of object is read from GitHub's answers.
final class Readings {
  private Readings() {}

  static App app(Fields app) {
    return new App(app.number("id"), app.text("slug"));
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
        pull.count("changed_files"));
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
        review.optionalInstant("submitted_at"));
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
