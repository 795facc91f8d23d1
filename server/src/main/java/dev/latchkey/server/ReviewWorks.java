package dev.latchkey.server;

import dev.latchkey.inbox.Limit;
import dev.latchkey.inbox.NewWork;
import dev.latchkey.inbox.Reservation;
import java.util.List;
import java.util.Locale;

/// Describes the works which see to pull requests, and what they count against.
final class ReviewWorks {

  /// The kind of work which makes sure that a pull request's head has its review.
  static final String KIND = "review";

  private static final int URGENT = 10;
  private static final String TOKENS = "tokens";

  private final Settings.Limits limits;
  private final Settings.Reviews reviews;

  ReviewWorks(Settings.Limits limits, Settings.Reviews reviews) {
    this.limits = limits;
    this.reviews = reviews;
  }

  /// A work that sees to the pull request as soon as it can.
  NewWork now(PullRef pull) {
    return NewWork.of(KIND, pull.lane()).withSubject(Json.write(pull)).withLimits(limits(pull));
  }

  /// A work that waits until the pull request is quiet.
  NewWork onceQuiet(PullRef pull) {
    return now(pull).withDebounce(reviews.quiet(), reviews.quietMax());
  }

  /// A work that somebody waits for.
  NewWork urgent(PullRef pull) {
    return now(pull).withPriority(URGENT);
  }

  private List<Limit> limits(PullRef pull) {
    long repository = pull.repository().id();
    String owner = pull.repository().owner().toLowerCase(Locale.ROOT);
    return List.of(
        limits.perPullRequest().limit("pull-request/" + repository + "/" + pull.number()),
        limits.perRepository().limit("repository/" + repository),
        limits.perOwner().limit("owner/" + owner));
  }

  /// What a question to the model may use.
  Reservation tokens(long most) {
    return new Reservation(limits.tokensPerDay().limit(TOKENS), most);
  }

  /// Returns the bucket in which tokens are counted.
  String tokenBucket() {
    return TOKENS;
  }
}
