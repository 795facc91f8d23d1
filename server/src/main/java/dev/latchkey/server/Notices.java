package dev.latchkey.server;

import dev.latchkey.github.Deadline;
import dev.latchkey.github.GitHub;
import dev.latchkey.github.PullRequest;
import dev.latchkey.inbox.Event;
import dev.latchkey.inbox.Handler;
import dev.latchkey.inbox.Inbox;
import dev.latchkey.inbox.InboxException;
import dev.latchkey.inbox.Outcome;
import dev.latchkey.inbox.Task;
import dev.latchkey.inbox.WaitReason;
import dev.latchkey.inbox.WorkQuery;
import dev.latchkey.inbox.WorkState;
import dev.latchkey.inbox.WorkStory;
import dev.latchkey.inbox.WorkView;
import dev.latchkey.kv.KvException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/// Says on the check run what a review waits for when its handler isn't there to say it: a limit
/// refused it, an operator holds it, or it died.
final class Notices implements Handler {

  static final String KIND = "notice";

  private static final Logger LOG = System.getLogger(Notices.class.getName());
  private static final Duration CALL = Duration.ofSeconds(60);
  private static final int MOST = 1_000;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private final GitHub github;
  private final Inbox inbox;
  private final Wishes wishes;
  private final CheckRuns checks;
  private final Publications publications;
  private final Refusals refusals;

  /// @param work which stands still
  record Subject(PullRef pull, long work) {}

  Notices(GitHub github, Inbox inbox, Wishes wishes, CheckRuns checks, Heads heads) {
    this.github = github;
    this.inbox = inbox;
    this.wishes = wishes;
    this.checks = checks;
    this.publications = heads.publications();
    this.refusals = heads.refusals();
  }

  /// What is known of heads: which have their review, and which are refused one.
  record Heads(Publications publications, Refusals refusals) {}

  /// Asks for a notice after an event, on a thread of its own: whoever tells of the event must not
  /// wait.
  static void on(Event event, Inbox inbox, Asks asks) {
    switch (event) {
      case Event.Postponed postponed when postponed.reason() == WaitReason.LIMIT ->
          ask(postponed.work(), postponed.at().toString(), inbox, asks);
      case Event.Held held -> ask(held.work(), "held", inbox, asks);
      case Event.Poisoned poisoned -> ask(poisoned.work(), "poisoned", inbox, asks);
      default -> {
        // Its handler says the rest.
      }
    }
  }

  private static void ask(long work, String cause, Inbox inbox, Asks asks) {
    Thread.ofVirtual()
        .name("notice")
        .start(() -> {
          try {
            inbox.story(work).ifPresent(story -> ask(story.work(), cause, asks));
          } catch (KvException | InboxException | IllegalStateException e) {
            // The next look through open pull requests asks again.
            LOG.log(Level.WARNING, "event=notice.lost work=" + work, e);
          }
        });
  }

  private static void ask(WorkView work, String cause, Asks asks) {
    if (work.kind().equals(ReviewWorks.KIND)) {
      PullRef pull = Json.read(work.subject(), PullRef.class);
      asks.notice(work.id() + "/" + work.epoch() + "/" + cause, pull, work.id());
    }
  }

  /// Asks for a notice about everything that waits for a limit: those of a process that died may
  /// not have been told.
  void askAll(Asks asks) {
    for (WorkView work : inbox.works(WorkQuery.newest(MOST).withStates(WorkState.WAITING))) {
      Instant at = work.nextAt();
      if (work.reason() == WaitReason.LIMIT && at != null) {
        ask(work, at.toString(), asks);
      }
    }
  }

  @Override
  public Outcome handle(Task task) {
    Subject subject = Json.read(task.subject(), Subject.class);
    Optional<WorkStory> story = inbox.story(subject.work());
    Optional<String> stands = story.flatMap(Notices::stands);
    if (story.isEmpty() || stands.isEmpty()) {
      return Outcome.done("it goes on already");
    }
    PullRef pull = subject.pull();
    PullRequest now = github.pullRequest(pull.repository(), pull.number(), Deadline.after(CALL));
    ReviewKey key = ReviewKey.of(pull, now, wishes);
    boolean needed =
        now.state() == PullRequest.State.OPEN && publications.find(pull, key.hash()).isEmpty();
    if (!needed) {
      return Outcome.done("there is nothing to wait for");
    }
    if (story.get().work().state() == WorkState.DEAD) {
      refusals.refused(pull, key, stands.get(), true);
      checks.notReviewed(pull, key, stands.get());
    } else {
      checks.waiting(pull, key, stands.get(), story.get().why());
    }
    return Outcome.done(stands.get());
  }

  private static Optional<String> stands(WorkStory story) {
    WorkView work = story.work();
    Instant at = work.nextAt();
    return switch (work.state()) {
      case WAITING ->
          work.reason() == WaitReason.LIMIT && at != null
              ? Optional.of("Waiting for a limit until " + TIME.format(at))
              : Optional.empty();
      case HELD -> Optional.of("Held for the operator");
      case DEAD -> Optional.of("the server failed in it several times");
      case READY, RUNNING, DONE, CANCELLED -> Optional.empty();
    };
  }
}
