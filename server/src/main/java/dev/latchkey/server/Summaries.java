package dev.latchkey.server;

import dev.latchkey.github.Deadline;
import dev.latchkey.github.GitHub;
import dev.latchkey.github.GitHubException;
import dev.latchkey.github.IssueComment;
import dev.latchkey.kv.Store;
import dev.latchkey.kv.StoreSpec;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Keeps one comment per pull request, which is written anew in place whenever there is something
/// else to say.
final class Summaries {

  private static final Logger LOG = System.getLogger(Summaries.class.getName());
  private static final StoreSpec<Summary> SUMMARIES =
      StoreSpec.of("summaries", Json.codec(Summary.class));
  private static final String WRITE = "summary";
  private static final String THE_ONE = "1";
  private static final Duration CALL = Duration.ofSeconds(60);

  private final GitHub github;
  private final Store<Summary> summaries;
  private final Writes writes;
  private final Markers markers;
  private final BotLogin bot;

  /// The comment as it was last written.
  ///
  /// @param id GitHub's
  private record Summary(long id, String body) {}

  Summaries(Posting posting, Writes writes) {
    this.github = posting.github();
    this.summaries = posting.database().store(SUMMARIES);
    this.writes = writes;
    this.markers = posting.markers();
    this.bot = posting.bot();
  }

  /// Makes the comment say this, and creates it if there is none.
  ///
  /// @param text Markdown, neutralised, at most 60,000 characters
  /// @throws Writes.NotSettled if it may have been created by an earlier try
  void say(PullRef pull, String text) {
    String body = text.strip() + "\n\n" + markers.write(Markers.Kind.SUMMARY, pull, THE_ONE);
    Optional<Summary> known = summaries.get(pull.lane());
    if (known.isPresent() && known.get().body().equals(body)) {
      return;
    }
    if (known.isPresent() && update(pull, known.get().id(), body)) {
      return;
    }
    writes.requireSettled(pull, WRITE);
    Optional<IssueComment> found = oldest(pull);
    if (found.isEmpty() || !update(pull, found.get().id(), body)) {
      IssueComment created =
          writes.send(
              pull,
              WRITE,
              () -> github.createComment(pull.repository(), pull.number(), body, deadline()));
      summaries.put(pull.lane(), new Summary(created.id(), body));
    }
  }

  /// Whether the pull request has the comment, as far as we know.
  boolean exists(PullRef pull) {
    return summaries.contains(pull.lane());
  }

  /// Removes what late writes have left: a second comment, or an older text.
  void repair(PullRef pull) {
    if (!writes.isLate(pull, WRITE) || !writes.isSettled(pull, WRITE)) {
      return;
    }
    Optional<IssueComment> oldest = oldest(pull);
    Optional<Summary> known = summaries.get(pull.lane());
    if (oldest.isPresent()
        && known.isPresent()
        && !oldest.get().body().equals(known.get().body())) {
      update(pull, oldest.get().id(), known.get().body());
    }
  }

  /// Returns the older of those that are there, and removes the others.
  private Optional<IssueComment> oldest(PullRef pull) {
    String login = bot.login();
    List<IssueComment> ours =
        github.comments(pull.repository(), pull.number(), deadline()).stream()
            .filter(comment -> comment.author().login().equals(login))
            .filter(comment -> markers.read(Markers.Kind.SUMMARY, pull, comment.body()).isPresent())
            .toList();
    for (IssueComment newer : ours.subList(Math.min(1, ours.size()), ours.size())) {
      LOG.log(Level.INFO, "event=summary.second pull={0} comment={1,number,#}", pull, newer.id());
      delete(pull, newer.id());
    }
    return ours.stream().findFirst();
  }

  private void delete(PullRef pull, long id) {
    try {
      var _ =
          writes.send(
              pull,
              WRITE,
              () -> {
                github.deleteComment(pull.repository(), id, deadline());
                return id;
              });
    } catch (GitHubException.NotFound e) {
      LOG.log(Level.INFO, "event=summary.gone pull=" + pull, e);
    }
  }

  /// @return false if somebody has deleted it
  private boolean update(PullRef pull, long id, String body) {
    try {
      var _ =
          writes.send(
              pull, WRITE, () -> github.updateComment(pull.repository(), id, body, deadline()));
      summaries.put(pull.lane(), new Summary(id, body));
      return true;
    } catch (GitHubException.NotFound e) {
      LOG.log(Level.INFO, "event=summary.gone pull=" + pull, e);
      summaries.remove(pull.lane());
      return false;
    }
  }

  private static Deadline deadline() {
    return Deadline.after(CALL);
  }
}
