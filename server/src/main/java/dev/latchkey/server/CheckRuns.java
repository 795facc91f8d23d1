package dev.latchkey.server;

import dev.latchkey.github.CheckRun;
import dev.latchkey.github.CheckState;
import dev.latchkey.github.Deadline;
import dev.latchkey.github.GitHub;
import dev.latchkey.github.GitHubException;
import dev.latchkey.github.NewCheckRun;
import dev.latchkey.inbox.Task;
import dev.latchkey.kv.Codec;
import dev.latchkey.server.Publications.OpenCheck;
import dev.latchkey.server.Publications.Publication;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;

/// Tells on a head's check run how its review stands.
///
/// A head has one check run of ours per review; it is found again by its external id, which is the
/// review's key.
final class CheckRuns {

  private static final Logger LOG = System.getLogger(CheckRuns.class.getName());
  private static final String NAME = "Latchkey";
  private static final Duration CALL = Duration.ofSeconds(60);
  private static final Codec<String> TEXT = Codec.text();

  private final GitHub github;
  private final Publications publications;

  CheckRuns(GitHub github, Publications publications) {
    this.github = github;
    this.publications = publications;
  }

  /// Makes sure that the key has a check run, and returns its id. One which an earlier head left
  /// open is completed.
  long begun(Task task, PullRef pull, ReviewKey key) {
    publications
        .openCheck(pull)
        .filter(check -> !check.key().equals(key.hash()))
        .ifPresent(_ -> notReviewed(pull, "the pull request has a newer head or base"));
    String id = task.step("check run", key.hash(), TEXT, () -> Long.toString(open(pull, key)));
    publications.checkOpened(pull, new OpenCheck(Long.parseLong(id), key.hash()));
    return Long.parseLong(id);
  }

  /// Says that the review is visible, and remembers that this was said.
  void reviewed(Task task, PullRef pull, ReviewKey key, Publication publication) {
    long id = begun(task, pull, key);
    task.step(
        "check run completed",
        key.hash(),
        TEXT,
        () -> complete(pull, id, conclusion(publication), publication.title()),
        done -> {
          publications.published(key, publication.asTold());
          publications.checkCompleted(pull);
        });
  }

  /// Says on the check run that is open, if one is, that there will be no review, and why. That
  /// this can't be said must not hide why there is none, so a failure is only logged, and the next
  /// work about the pull request tries again.
  ///
  /// @param reason one line for people
  void notReviewed(PullRef pull, String reason) {
    publications
        .openCheck(pull)
        .ifPresent(check -> {
          try {
            complete(pull, check.id(), CheckState.Conclusion.NEUTRAL, "Not reviewed: " + reason);
            publications.checkCompleted(pull);
          } catch (GitHubException e) {
            LOG.log(Level.WARNING, "event=check.not-told pull=" + pull, e);
          }
        });
  }

  /// A review of a part must not look like one of the whole.
  private static CheckState.Conclusion conclusion(Publication publication) {
    return publication.partial() ? CheckState.Conclusion.NEUTRAL : CheckState.Conclusion.SUCCESS;
  }

  private long open(PullRef pull, ReviewKey key) {
    return github.checkRuns(pull.repository(), key.head(), NAME, deadline()).stream()
        .filter(check -> check.externalId().equals(key.hash()))
        .mapToLong(CheckRun::id)
        .findFirst()
        .orElseGet(() -> create(pull, key));
  }

  private long create(PullRef pull, ReviewKey key) {
    CheckState state =
        CheckState.inProgress("Reviewing", "The review appears here once it is done.");
    NewCheckRun check = new NewCheckRun(NAME, key.head(), key.hash(), state);
    return github.createCheckRun(pull.repository(), check, deadline()).id();
  }

  private String complete(PullRef pull, long id, CheckState.Conclusion conclusion, String title) {
    github.updateCheckRun(
        pull.repository(), id, CheckState.completed(conclusion, title, title + "."), deadline());
    return conclusion.name();
  }

  private static Deadline deadline() {
    return Deadline.after(CALL);
  }
}
