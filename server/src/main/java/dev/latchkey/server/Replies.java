package dev.latchkey.server;

import dev.latchkey.github.CommentPlace;
import dev.latchkey.github.Deadline;
import dev.latchkey.github.GitHub;
import dev.latchkey.github.GitHubException;
import dev.latchkey.github.IssueComment;
import dev.latchkey.kv.Codec;
import dev.latchkey.kv.Expiry;
import dev.latchkey.kv.Store;
import dev.latchkey.kv.StoreSpec;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Answers comments, each once.
final class Replies {

  private static final Logger LOG = System.getLogger(Replies.class.getName());
  private static final StoreSpec<String> SAID = StoreSpec.of("replies", Codec.text());
  private static final String WRITES = "reply/";
  private static final Duration LEEWAY = Duration.ofHours(1);
  private static final Duration REMEMBERED = Duration.ofDays(30);
  private static final Duration CALL = Duration.ofSeconds(60);

  private final GitHub github;
  private final Store<String> said;
  private final Writes writes;
  private final Markers markers;
  private final BotLogin bot;
  private final InstantSource clock;

  Replies(Posting posting, Writes writes, InstantSource clock) {
    this.github = posting.github();
    this.said = posting.database().store(SAID);
    this.writes = writes;
    this.markers = posting.markers();
    this.bot = posting.bot();
    this.clock = clock;
  }

  /// Answers a command, in its thread or below the pull request.
  ///
  /// @throws Writes.NotSettled if an earlier try may still arrive
  void say(Commands.Order order, String text) {
    PullRef pull = order.pull();
    String id = order.place().name().toLowerCase(Locale.ROOT) + "-" + order.comment();
    String name = WRITES + id;
    String done = pull.lane() + "/" + id;
    String marker = markers.write(Markers.Kind.REPLY, pull, id);
    if (said.contains(done) || wasSent(order, name, id)) {
      return;
    }
    String body = "@" + order.author() + " " + text + "\n\n" + marker;
    try {
      var _ =
          writes.send(
              pull,
              name,
              () ->
                  order.place() == CommentPlace.THREAD ? inThread(order, body) : below(pull, body));
    } catch (GitHubException.NotFound | GitHubException.Forbidden | GitHubException.Invalid e) {
      // Locked, or gone: there is nobody to tell.
      LOG.log(Level.WARNING, "event=reply.failed pull=" + pull, e);
    }
    said.put(done, "", Expiry.after(REMEMBERED));
  }

  /// As [#say], but the same only once to one person on one pull request.
  void sayOnce(Commands.Order order, String text) {
    String name = order.pull().lane() + "/once/" + Json.hash(order.author() + "\n" + text);
    if (!said.contains(name)) {
      say(order, text);
      said.put(name, "", Expiry.after(REMEMBERED));
    }
  }

  /// Removes the answers below a pull request which came late, after they had been given again.
  /// Those in threads stay.
  void repair(PullRef pull) {
    List<String> late =
        writes.late(pull, WRITES).stream().filter(name -> writes.isSettled(pull, name)).toList();
    if (late.isEmpty()) {
      return;
    }
    String login = bot.login();
    Set<String> seen = new HashSet<>();
    for (IssueComment comment : github.comments(pull.repository(), pull.number(), deadline())) {
      Optional<String> id =
          comment.author().login().equals(login)
              ? markers.read(Markers.Kind.REPLY, pull, comment.body())
              : Optional.empty();
      if (id.isPresent() && late.contains(WRITES + id.get()) && !seen.add(id.get())) {
        remove(pull, comment.id());
      }
    }
  }

  private void remove(PullRef pull, long comment) {
    LOG.log(Level.INFO, "event=reply.second pull={0} comment={1,number,#}", pull, comment);
    try {
      github.deleteComment(pull.repository(), comment, deadline());
    } catch (GitHubException.NotFound e) {
      LOG.log(Level.INFO, "event=reply.gone pull=" + pull, e);
    }
  }

  private boolean wasSent(Commands.Order order, String name, String id) {
    PullRef pull = order.pull();
    // First, because only what is settled and was not answered counts as late within a process.
    writes.requireSettled(pull, name);
    if (!writes.isLate(pull, name)) {
      return false;
    }
    String login = bot.login();
    return order.place() == CommentPlace.THREAD
        ? github.reviewCommentsSince(pull.repository(), earliest(), deadline()).stream()
            .filter(comment -> comment.author().login().equals(login))
            .anyMatch(comment -> is(pull, comment.body(), id))
        : github.comments(pull.repository(), pull.number(), deadline()).stream()
            .filter(comment -> comment.author().login().equals(login))
            .anyMatch(comment -> is(pull, comment.body(), id));
  }

  private boolean is(PullRef pull, String body, String id) {
    return markers.read(Markers.Kind.REPLY, pull, body).filter(id::equals).isPresent();
  }

  /// Their clock may differ from ours.
  private Instant earliest() {
    return clock.instant().minus(Writes.LATEST).minus(LEEWAY);
  }

  private long inThread(Commands.Order order, String body) {
    PullRef pull = order.pull();
    long first = order.thread() == 0 ? order.comment() : order.thread();
    return github.reply(pull.repository(), pull.number(), first, body, deadline()).id();
  }

  private long below(PullRef pull, String body) {
    return github.createComment(pull.repository(), pull.number(), body, deadline()).id();
  }

  private static Deadline deadline() {
    return Deadline.after(CALL);
  }
}
