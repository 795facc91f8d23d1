package dev.latchkey.simulator;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What people and the App say about a pull request, its reviews apart. Guarded by the lock of
/// [GitHubState].
final class Conversation {
  /// Review comments are numbered within their review, which has fewer than these.
  private static final long COMMENTS_PER_REVIEW = 1_000;

  private final PullRequestState pullRequest;
  private final List<SimulatedIssueComment> comments = new ArrayList<>();
  private final List<SimulatedThreadComment> replies = new ArrayList<>();
  private final Set<Long> resolved = new HashSet<>();
  private final Set<String> minimised = new HashSet<>();
  private final Map<Long, String> earlierBodies = new HashMap<>();
  private final Map<Long, String> lines = new HashMap<>();

  Conversation(PullRequestState pullRequest) {
    this.pullRequest = pullRequest;
  }

  List<SimulatedIssueComment> comments() {
    return comments;
  }

  Optional<SimulatedIssueComment> comment(long id) {
    return comments.stream().filter(comment -> comment.id() == id).findFirst();
  }

  /// Changes what a comment says, and returns it.
  SimulatedIssueComment edit(SimulatedIssueComment comment, String text, Instant now) {
    var changed = comment.saying(text, now);
    earlierBodies.put(comment.id(), comment.body());
    comments.replaceAll(one -> one.id() == comment.id() ? changed : one);
    return changed;
  }

  /// What a comment said before it was last edited; empty if it never was.
  Optional<String> earlierBody(long comment) {
    return Optional.ofNullable(earlierBodies.get(comment));
  }

  /// Ids for GraphQL of what is folded up.
  Set<String> minimised() {
    return minimised;
  }

  void resolve(long firstComment, boolean value) {
    if (value) {
      resolved.add(firstComment);
    } else {
      resolved.remove(firstComment);
    }
  }

  void reply(SimulatedThreadComment reply) {
    replies.add(reply);
  }

  /// Notes what the lines say that a review comments on, to see later whether they still do.
  void reviewed(SimulatedReview review, List<SimulatedFile> files) {
    for (int i = 0; i < review.comments().size(); i++) {
      var comment = review.comments().get(i);
      var id = id(review, i);
      line(files, comment).ifPresent(text -> lines.put(id, text));
    }
  }

  /// The comments at lines, those of pending reviews apart, in the order of their ids; answers
  /// last.
  List<SimulatedThreadComment> threadComments() {
    var all = new ArrayList<SimulatedThreadComment>();
    pullRequest.reviews().stream()
        .filter(review -> !review.pending())
        .forEach(review -> all.addAll(of(review)));
    all.addAll(replies);
    return all;
  }

  /// What a review said at lines, also if it is pending.
  List<SimulatedThreadComment> of(SimulatedReview review) {
    var all = new ArrayList<SimulatedThreadComment>();
    for (int i = 0; i < review.comments().size(); i++) {
      all.add(first(review, i));
    }
    return all;
  }

  private SimulatedThreadComment first(SimulatedReview review, int index) {
    var comment = review.comments().get(index);
    var id = id(review, index);
    return new SimulatedThreadComment(
        id,
        pullRequest.number(),
        review.id(),
        0,
        review.author(),
        review.authorType(),
        "NONE",
        comment.path(),
        outdated(id, comment) ? null : (Integer) comment.line(),
        comment.body(),
        review.submittedAt() == null ? Instant.EPOCH : review.submittedAt(),
        resolved.contains(id));
  }

  private boolean outdated(long id, SimulatedComment comment) {
    var then = lines.get(id);
    return then != null && !line(pullRequest.files(), comment).equals(Optional.of(then));
  }

  private static long id(SimulatedReview review, int index) {
    return review.id() * COMMENTS_PER_REVIEW + index;
  }

  private static Optional<String> line(List<SimulatedFile> files, SimulatedComment comment) {
    for (var file : files) {
      var patch = file.patch();
      if (file.filename().equals(comment.path()) && patch != null) {
        return PatchLines.text(patch, comment.side(), comment.line());
      }
    }
    return Optional.empty();
  }
}
