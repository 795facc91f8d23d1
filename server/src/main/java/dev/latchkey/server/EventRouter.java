package dev.latchkey.server;

import dev.latchkey.github.WebhookEvent;
import dev.latchkey.inbox.Delivery;
import dev.latchkey.inbox.Limit;
import dev.latchkey.inbox.NewWork;
import dev.latchkey.inbox.Router;
import dev.latchkey.inbox.Routing;

/// Says what GitHub's events ask for: to see to a pull request. What is to be done there is read
/// from GitHub when the work begins, because an event may be late, double or out of order.
final class EventRouter implements Router {

  /// The kind of work which makes sure that a pull request's head has its review.
  static final String REVIEW = "review";

  private final Settings.App app;
  private final Settings.Allowance perRepository;

  EventRouter(Settings.App app, Settings.Allowance perRepository) {
    this.app = app;
    this.perRepository = perRepository;
  }

  @Override
  public Routing route(Delivery delivery) {
    return switch (WebhookEvent.parse(delivery.kind(), delivery.body())) {
      case WebhookEvent.PullRequestEvent event when asksForReview(event) ->
          Routing.to(review(new PullRef(event.repository(), event.number())));
      case WebhookEvent.PullRequestEvent _,
          WebhookEvent.CommentEvent _,
          WebhookEvent.CheckEvent _,
          WebhookEvent.InstallationEvent _,
          WebhookEvent.Ping _,
          WebhookEvent.Other _ ->
          Routing.ignore();
    };
  }

  private boolean asksForReview(WebhookEvent.PullRequestEvent event) {
    return app.serves(event.repository().owner())
        && switch (event.action()) {
          case OPENED, REOPENED, READY_FOR_REVIEW, SYNCHRONIZE, RETARGETED -> true;
          case CLOSED, RETITLED, LABELED, UNLABELED, CONVERTED_TO_DRAFT -> false;
        };
  }

  private NewWork review(PullRef pull) {
    Limit limit =
        new Limit(
            "repository/" + pull.repository().id(), perRepository.units(), perRepository.window());
    return NewWork.of(REVIEW, pull.lane()).withSubject(Json.write(pull)).withLimits(limit);
  }
}
