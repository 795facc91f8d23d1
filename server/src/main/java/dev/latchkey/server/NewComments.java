package dev.latchkey.server;

import dev.latchkey.github.CommentPlace;
import dev.latchkey.github.Deadline;
import dev.latchkey.github.GitHub;
import dev.latchkey.github.GitHubException;
import dev.latchkey.github.IssueComment;
import dev.latchkey.github.PullRequest;
import dev.latchkey.github.RepositoryRef;
import dev.latchkey.github.ReviewComment;
import dev.latchkey.inbox.NewWork;
import dev.latchkey.inbox.Resync;
import dev.latchkey.kv.Database;
import dev.latchkey.kv.Store;
import dev.latchkey.kv.StoreSpec;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// Looks for commands in new comments, where no webhook tells of them.
final class NewComments implements Resync {

  private static final Logger LOG = System.getLogger(NewComments.class.getName());
  private static final StoreSpec<Seen> SEEN = StoreSpec.of("comments_seen", Json.codec(Seen.class));
  private static final Duration CALL = Duration.ofSeconds(60);

  /// Their clock may be behind ours.
  private static final Duration OVERLAP = Duration.ofMinutes(2);

  private final GitHub github;
  private final OpenPulls pulls;
  private final Asks asks;
  private final Store<Seen> seen;
  private final InstantSource clock;

  /// Up to when a repository's comments were looked at.
  private record Seen(Instant until) {}

  NewComments(GitHub github, OpenPulls pulls, Asks asks, Database database, InstantSource clock) {
    this.github = github;
    this.pulls = pulls;
    this.asks = asks;
    this.seen = database.store(SEEN);
    this.clock = clock;
  }

  @Override
  public List<NewWork> look() {
    for (RepositoryRef repository : pulls.repositories()) {
      try {
        look(repository);
      } catch (GitHubException.RateLimited e) {
        LOG.log(Level.WARNING, "event=comments.limited in=" + repository.fullName(), e);
        break;
      } catch (GitHubException e) {
        LOG.log(Level.WARNING, "event=comments.passed-over in=" + repository.fullName(), e);
      }
    }
    return List.of();
  }

  /// What was there before the first look is history.
  private void look(RepositoryRef repository) {
    Instant now = clock.instant();
    String name = Long.toString(repository.id());
    Instant since = seen.get(name).map(Seen::until).orElse(now).minus(OVERLAP);
    // Comments below plain issues are listed too.
    Set<Integer> open =
        github.openPullRequests(repository, deadline()).stream()
            .map(PullRequest::number)
            .collect(Collectors.toSet());
    for (IssueComment comment : github.commentsSince(repository, since, deadline())) {
      boolean isNew = !comment.createdAt().isBefore(since) && open.contains(comment.number());
      if (isNew && !comment.author().isBot()) {
        PullRef pull = new PullRef(repository, comment.number());
        Command.parse(comment.body())
            .map(command ->
                new Commands.Order(
                    pull,
                    CommentPlace.CONVERSATION,
                    comment.id(),
                    0,
                    comment.author().login(),
                    command))
            .ifPresent(asks::command);
      }
    }
    for (ReviewComment comment : github.reviewCommentsSince(repository, since, deadline())) {
      if (!comment.createdAt().isBefore(since) && !comment.author().isBot()) {
        PullRef pull = new PullRef(repository, comment.number());
        Command.parse(comment.body())
            .map(command ->
                new Commands.Order(
                    pull,
                    CommentPlace.THREAD,
                    comment.id(),
                    comment.inReplyTo(),
                    comment.author().login(),
                    command))
            .ifPresent(asks::command);
      }
    }
    seen.put(name, new Seen(now));
  }

  private static Deadline deadline() {
    return Deadline.after(CALL);
  }
}
