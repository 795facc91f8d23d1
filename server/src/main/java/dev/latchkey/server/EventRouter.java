package dev.latchkey.server;

import dev.latchkey.github.WebhookEvent;
import dev.latchkey.inbox.Cancellation;
import dev.latchkey.inbox.Delivery;
import dev.latchkey.inbox.NewWork;
import dev.latchkey.inbox.Router;
import dev.latchkey.inbox.Routing;
import java.util.Optional;

/// Says what GitHub's events ask for: to see to a pull request. What is to be done there is read
/// from GitHub when the work begins, because an event may be late, double or out of order.
final class EventRouter implements Router {

  private final Settings.App app;
  private final ReviewWorks works;

  EventRouter(Settings.App app, ReviewWorks works) {
    this.app = app;
    this.works = works;
  }

  @Override
  public Routing route(Delivery delivery) {
    Optional<Routing> own = Asks.route(delivery, works);
    return own.isPresent()
        ? own.get()
        : route(WebhookEvent.parse(delivery.kind(), delivery.body()), delivery.id());
  }

  private Routing route(WebhookEvent event, String delivery) {
    return switch (event) {
      case WebhookEvent.PullRequestEvent pull when app.serves(pull.repository().owner()) ->
          pullRequest(pull);
      case WebhookEvent.CommentEvent comment when app.serves(comment.repository().owner()) ->
          comment(comment);
      case WebhookEvent.CheckEvent check
          when app.serves(check.repository().owner()) && app.is(check.appId()) ->
          Routing.to(Reruns.work(check, delivery));
      case WebhookEvent.PullRequestEvent _,
          WebhookEvent.CommentEvent _,
          WebhookEvent.CheckEvent _,
          WebhookEvent.InstallationEvent _,
          WebhookEvent.Ping _,
          WebhookEvent.Other _ ->
          Routing.ignore();
    };
  }

  private Routing pullRequest(WebhookEvent.PullRequestEvent event) {
    PullRef pull = new PullRef(event.repository(), event.number());
    return switch (event.action()) {
      case OPENED, REOPENED, READY_FOR_REVIEW, RETARGETED, UNLABELED, RETITLED ->
          Routing.to(works.now(pull));
      case SYNCHRONIZE -> Routing.to(works.onceQuiet(pull));
      case CLOSED -> closed(pull);
      // A skip which this brings is seen when the pull request is seen to.
      case LABELED, CONVERTED_TO_DRAFT -> Routing.ignore();
    };
  }

  private static Routing closed(PullRef pull) {
    return Routing.to(Closing.work(pull))
        .cancelling(Cancellation.ofLane(pull.lane(), "the pull request was closed"));
  }

  private Routing comment(WebhookEvent.CommentEvent event) {
    Optional<NewWork> work = Commands.work(event);
    if (work.isEmpty()) {
      return Routing.ignore();
    }
    // Whether the sender may pause is asked when the command is done; if not, what is cancelled
    // here is seen to again.
    boolean pauses =
        event.association().insider()
            && Command.parse(event.text()).stream()
                .anyMatch(command -> command.name() == Command.Name.PAUSE);
    PullRef pull = new PullRef(event.repository(), event.number());
    Routing routing = Routing.to(work.get());
    return pauses
        ? routing.cancelling(Cancellation.ofKey(works.now(pull).key(), "paused"))
        : routing;
  }
}
