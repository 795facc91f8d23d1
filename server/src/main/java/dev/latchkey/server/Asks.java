package dev.latchkey.server;

import dev.latchkey.inbox.Cancellation;
import dev.latchkey.inbox.Delivery;
import dev.latchkey.inbox.Inbox;
import dev.latchkey.inbox.NewWork;
import dev.latchkey.inbox.Routing;
import java.util.Map;
import java.util.Optional;

/// What the server asks of itself. It goes through the inbox like anybody's deliveries, so it isn't
/// lost, and is done once however often it is asked for the same cause.
final class Asks {

  private static final String SOURCE = "latchkey";
  private static final String ASK = "ask";

  private final Inbox inbox;

  /// What is asked.
  ///
  /// @param what to do
  private record Ask(What what, PullRef pull, String text) {}

  private enum What {
    SEE,
    SEE_AT_ONCE,
    CANCEL,
    NOTICE,
    COMMAND
  }

  Asks(Inbox inbox) {
    this.inbox = inbox;
  }

  /// Asks to see to a pull request.
  ///
  /// @param cause why, and each cause counts once
  /// @param urgent whether somebody waits for it
  void see(String cause, PullRef pull, boolean urgent) {
    send("see/" + cause, new Ask(urgent ? What.SEE_AT_ONCE : What.SEE, pull, ""));
  }

  /// Asks to give up what is under way for a pull request.
  void cancel(String cause, PullRef pull, String reason) {
    send("cancel/" + cause, new Ask(What.CANCEL, pull, reason));
  }

  /// Asks to tell on the pull request how a work of it stands.
  void notice(String cause, PullRef pull, long work) {
    send("notice/" + cause, new Ask(What.NOTICE, pull, Long.toString(work)));
  }

  /// Asks to do what a comment tells, once for each comment.
  void command(Commands.Order order) {
    String comment = order.place() + "/" + order.comment();
    send(
        "comment/" + order.pull().repository().id() + "/" + comment,
        new Ask(What.COMMAND, order.pull(), Json.write(order)));
  }

  private void send(String id, Ask ask) {
    var _ = inbox.accept(new Delivery(SOURCE, id, ASK, Map.of(), Json.bytes(ask)));
  }

  /// Returns what an own delivery asks for, or empty if it is somebody else's.
  static Optional<Routing> route(Delivery delivery, ReviewWorks works) {
    if (!delivery.source().equals(SOURCE)) {
      return Optional.empty();
    }
    Ask ask = Json.read(delivery.body(), Ask.class);
    PullRef pull = ask.pull();
    return Optional.of(
        switch (ask.what()) {
          case SEE -> Routing.to(works.now(pull));
          case SEE_AT_ONCE -> Routing.to(works.urgent(pull));
          case CANCEL -> Routing.to().cancelling(Cancellation.ofLane(pull.lane(), ask.text()));
          case COMMAND -> Routing.to(Commands.work(Json.read(ask.text(), Commands.Order.class)));
          case NOTICE ->
              Routing.to(
                  NewWork.of(Notices.KIND, pull.lane())
                      .withSubject(Json.write(new Notices.Subject(pull, work(ask)))));
        });
  }

  private static long work(Ask ask) {
    return Long.parseLong(ask.text());
  }
}
