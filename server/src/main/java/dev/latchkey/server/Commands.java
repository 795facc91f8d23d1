package dev.latchkey.server;

import dev.latchkey.github.CommentPlace;
import dev.latchkey.github.Deadline;
import dev.latchkey.github.GitHub;
import dev.latchkey.github.GitHubException;
import dev.latchkey.github.PullRequest;
import dev.latchkey.github.Reaction;
import dev.latchkey.github.ReviewComment;
import dev.latchkey.github.WebhookEvent;
import dev.latchkey.inbox.Handler;
import dev.latchkey.inbox.NewWork;
import dev.latchkey.inbox.Outcome;
import dev.latchkey.inbox.Task;
import dev.latchkey.kv.Codec;
import dev.latchkey.kv.Expiry;
import dev.latchkey.kv.Store;
import dev.latchkey.kv.StoreSpec;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;

/// Does what comments tell, for people who may write to the repository.
final class Commands implements Handler {

  static final String KIND = "command";

  private static final Logger LOG = System.getLogger(Commands.class.getName());
  private static final StoreSpec<String> DONE = StoreSpec.of("commands_done", Codec.text());
  private static final Duration REMEMBERED = Duration.ofDays(30);
  private static final Duration CALL = Duration.ofSeconds(60);
  private static final Codec<String> TEXT = Codec.text();

  private final GitHub github;
  private final Wishes wishes;
  private final Publications publications;
  private final Markers markers;
  private final Replies replies;
  private final InForce inForce;
  private final Store<String> done;
  private final Asks asks;

  /// A command, as it is kept with its work.
  ///
  /// @param thread the comment which began the thread, 0 for none
  record Order(
      PullRef pull,
      CommentPlace place,
      long comment,
      long thread,
      String author,
      Command command) {}

  /// What the commands are done with.
  record Parts(
      Posting posting,
      Wishes wishes,
      Publications publications,
      Replies replies,
      InForce inForce) {}

  Commands(Parts parts, Asks asks) {
    this.github = parts.posting().github();
    this.wishes = parts.wishes();
    this.publications = parts.publications();
    this.markers = parts.posting().markers();
    this.replies = parts.replies();
    this.inForce = parts.inForce();
    this.done = parts.posting().database().store(DONE);
    this.asks = asks;
  }

  /// Returns the work a comment asks for, if it is a command by a person. It never waits behind a
  /// review, as its lane is another.
  static Optional<NewWork> work(WebhookEvent.CommentEvent event) {
    PullRef pull = new PullRef(event.repository(), event.number());
    return event.author().isBot()
        ? Optional.empty()
        : Command.parse(event.text())
            .map(command ->
                new Order(
                    pull,
                    event.place(),
                    event.commentId(),
                    event.inReplyTo(),
                    event.author().login(),
                    command))
            .map(Commands::work);
  }

  static NewWork work(Order order) {
    String name = "comment " + order.place() + " " + order.comment();
    return NewWork.of(KIND, "commands/" + order.pull().lane(), name).withSubject(Json.write(order));
  }

  @Override
  public Outcome handle(Task task) {
    Order order = Json.read(task.subject(), Order.class);
    // A comment may come by more than one way.
    String name = order.pull().lane() + "/" + order.place() + "/" + order.comment();
    if (done.contains(name)) {
      return Outcome.done("done already");
    }
    Outcome outcome = obey(task, order);
    return switch (outcome) {
      case Outcome.Done(String note, _) ->
          Outcome.done(note, () -> done.put(name, note, Expiry.after(REMEMBERED)));
      case Outcome.Later _, Outcome.Dead _ -> outcome;
    };
  }

  private Outcome obey(Task task, Order order) {
    PullRef pull = order.pull();
    boolean allowed = github.permission(pull.repository(), order.author(), deadline()).canWrite();
    if (!allowed) {
      if (order.command().name() == Command.Name.PAUSE) {
        // What was cancelled when the command came in goes on.
        asks.see("refused/" + task.id(), pull, false);
      }
      return refuse(order, "only people who can write to this repository can use commands.", true);
    }
    if (!order.command().understood()) {
      return refuse(
          order,
          "`/review` stands alone, or as `/review full`; `/help` lists all commands.",
          false);
    }
    react(order, Reaction.EYES);
    return switch (order.command().name()) {
      case REVIEW -> review(task, order);
      case PAUSE -> pause(task, order);
      case RESUME -> {
        wishes.resume(pull);
        asks.see("resume/" + task.id(), pull, true);
        yield Outcome.done("resumed by " + order.author());
      }
      case DISMISS -> dismiss(task, order);
      case CONFIG -> answer(order, inForce.of(pull));
      case HELP -> answer(order, Command.help());
    };
  }

  private Outcome review(Task task, Order order) {
    PullRef pull = order.pull();
    PullRequest now = github.pullRequest(pull.repository(), pull.number(), deadline());
    if (now.state() == PullRequest.State.CLOSED) {
      return refuse(order, "the pull request is closed.", false);
    }
    if (wishes.pausedBy(pull).isPresent()) {
      return refuse(order, "reviews are paused here; `/resume` lifts that.", false);
    }
    ReviewKey key = ReviewKey.of(pull, now, wishes);
    boolean reviewed = publications.find(pull, key.hash()).isPresent();
    if (!order.command().full() && reviewed) {
      return refuse(
          order,
          "%s is reviewed already; `/review full` begins a new round.".formatted(key.shortHead()),
          false);
    }
    // Once per comment, however often this is tried.
    var _ =
        task.step(
            "asked",
            "",
            TEXT,
            now::headSha,
            head -> {
              wishes.ask(pull, head, now.baseRef());
              // What has no review yet gets its first one.
              if (order.command().full() && reviewed) {
                wishes.nextRound(pull, head, now.baseRef());
              }
            });
    asks.see("review/" + task.id(), pull, true);
    return Outcome.done("asked for by " + order.author());
  }

  private Outcome pause(Task task, Order order) {
    wishes.pause(order.pull(), order.author());
    asks.cancel("pause/" + task.id(), order.pull(), "paused by " + order.author());
    // So that the check run says it.
    asks.see("pause/" + task.id(), order.pull(), true);
    return Outcome.done("paused by " + order.author());
  }

  private Outcome dismiss(Task task, Order order) {
    PullRef pull = order.pull();
    Optional<String> finding =
        order.place() == CommentPlace.THREAD && order.thread() != 0
            ? github
                .reviewComment(pull.repository(), order.thread(), deadline())
                .flatMap(comment -> fingerprint(pull, comment))
            : Optional.empty();
    if (finding.isEmpty()) {
      return refuse(order, "`/dismiss` works as an answer in the thread of a finding.", false);
    }
    wishes.dismiss(pull, finding.get(), order.author());
    asks.see("dismiss/" + task.id(), pull, true);
    return Outcome.done("dismissed by " + order.author());
  }

  /// By the review it belongs to, as its text could be copied.
  private Optional<String> fingerprint(PullRef pull, ReviewComment comment) {
    boolean ours =
        publications.of(pull).stream()
            .anyMatch(publication -> publication.review() == comment.reviewId());
    return ours ? markers.read(Markers.Kind.FINDING, pull, comment.body()) : Optional.empty();
  }

  private Outcome answer(Order order, String text) {
    replies.say(order, text);
    return Outcome.done("answered");
  }

  /// @param once whether it is said in words only once to that person on that pull request
  private Outcome refuse(Order order, String reason, boolean once) {
    react(order, Reaction.CONFUSED);
    String text = order.command().name().slash() + ": " + reason;
    if (once) {
      replies.sayOnce(order, text);
    } else {
      replies.say(order, text);
    }
    return Outcome.done("refused: " + reason);
  }

  /// A reaction is a courtesy; a comment may be gone by now.
  private void react(Order order, Reaction reaction) {
    try {
      github.react(order.pull().repository(), order.place(), order.comment(), reaction, deadline());
    } catch (GitHubException.NotFound
        | GitHubException.Forbidden
        | GitHubException.Invalid
        | GitHubException.OutcomeUnknown e) {
      LOG.log(Level.WARNING, "event=reaction.failed pull=" + order.pull(), e);
    }
  }

  private static Deadline deadline() {
    return Deadline.after(CALL);
  }
}
