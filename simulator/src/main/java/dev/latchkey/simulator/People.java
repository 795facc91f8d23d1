package dev.latchkey.simulator;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

/// What people do and say at the simulated GitHub. Nothing of it sends a delivery.
public final class People {
  private final GitHubState state;
  private final CommentsApi comments;

  People(GitHubState state, CommentsApi comments) {
    this.state = state;
    this.comments = comments;
  }

  /// Says what somebody may do in a repository. Without this, they may read.
  ///
  /// @param role `admin`, `maintain`, `write`, `triage`, `read` or `none`
  public void role(SimulatedRepository repository, String login, String role) {
    synchronized (state) {
      state.known(repository).roles().put(lower(login), role);
    }
  }

  /// Says that a login is no user's any more, or is again.
  public void gone(SimulatedRepository repository, String login, boolean gone) {
    synchronized (state) {
      var all = state.known(repository).gone();
      var _ = gone ? all.add(lower(login)) : all.remove(lower(login));
    }
  }

  /// Puts a file on a branch.
  public void file(SimulatedRepository repository, String branch, String path, String text) {
    file(repository, branch, path, text.getBytes(StandardCharsets.UTF_8));
  }

  /// Puts a file on a branch.
  public void file(SimulatedRepository repository, String branch, String path, byte[] bytes) {
    synchronized (state) {
      var known = state.known(repository);
      known.contents().put(branch + ":" + path, bytes.clone());
      known.blobs().put(Blobs.id(bytes), bytes.clone());
    }
  }

  /// Takes a file off a branch.
  public void removeFile(SimulatedRepository repository, String branch, String path) {
    synchronized (state) {
      state.known(repository).contents().remove(branch + ":" + path);
    }
  }

  /// Keeps a content under an id, such as that of a [SimulatedFile].
  public void blob(SimulatedRepository repository, String id, byte[] bytes) {
    ProposedChange.requireSha(id);
    synchronized (state) {
      state.known(repository).blobs().put(id, bytes.clone());
    }
  }

  /// Changes what else there is to a pull request than its commits.
  public void change(
      SimulatedRepository repository, int number, UnaryOperator<SimulatedTraits> change) {
    synchronized (state) {
      var pullRequest = state.known(repository, number);
      pullRequest.traits(change.apply(pullRequest.traits()), state.now());
    }
  }

  /// Puts a label on a pull request.
  public void label(SimulatedRepository repository, int number, String label) {
    change(
        repository,
        number,
        traits -> {
          var labels = new ArrayList<>(traits.labels());
          labels.add(label);
          return traits.withLabels(labels.toArray(String[]::new));
        });
  }

  /// Takes a label off a pull request.
  public void unlabel(SimulatedRepository repository, int number, String label) {
    change(
        repository,
        number,
        traits -> {
          var labels = new ArrayList<>(traits.labels());
          labels.remove(label);
          return traits.withLabels(labels.toArray(String[]::new));
        });
  }

  /// Gives a pull request another base, against which its head changes those files.
  public void retarget(
      SimulatedRepository repository,
      int number,
      String branch,
      String baseSha,
      List<SimulatedFile> files) {
    ProposedChange.requireSha(baseSha);
    synchronized (state) {
      state.known(repository, number).retarget(branch, baseSha, files, state.now());
      state.known(repository).commits().add(baseSha);
    }
  }

  /// Makes a pull request a draft.
  public void convertToDraft(SimulatedRepository repository, int number) {
    synchronized (state) {
      state.known(repository, number).draft(true, state.now());
    }
  }

  /// Merges a pull request, which closes it.
  public void merge(SimulatedRepository repository, int number) {
    synchronized (state) {
      state.known(repository, number).merge(state.now());
    }
  }

  /// Writes a comment below a pull request, as a user who is a member, and returns its id.
  public long comment(SimulatedRepository repository, int number, String login, String body) {
    return comment(repository, number, new Words(login, "User", "MEMBER", body));
  }

  /// Who says what.
  ///
  /// @param authorType `User` or `Bot`
  /// @param association of the author, as GitHub names it
  public record Words(String author, String authorType, String association, String body) {}

  /// Writes a comment below a pull request, and returns its id.
  public long comment(SimulatedRepository repository, int number, Words words) {
    synchronized (state) {
      return comments.add(state.known(repository, number), inner(words)).id();
    }
  }

  /// Changes what a comment below a pull request says.
  public void edit(SimulatedRepository repository, long comment, String body) {
    synchronized (state) {
      var conversation = state.known(repository).withComment(comment).orElseThrow().conversation();
      conversation.edit(conversation.comment(comment).orElseThrow(), body, state.now());
    }
  }

  /// Deletes a comment below a pull request. A delivery that says so is to be made before.
  public void delete(SimulatedRepository repository, long comment) {
    synchronized (state) {
      var conversation = state.known(repository).withComment(comment).orElseThrow().conversation();
      conversation.comments().removeIf(one -> one.id() == comment);
    }
  }

  /// Answers in the thread of a comment at a line, and returns the answer's id.
  public long answer(SimulatedRepository repository, long comment, Words words) {
    synchronized (state) {
      var first = state.known(repository).threadComment(comment).orElseThrow();
      var pullRequest = state.known(repository, first.number());
      return comments.answer(pullRequest, first, inner(words)).id();
    }
  }

  /// Says that a thread is dealt with, or not any more.
  public void resolve(SimulatedRepository repository, long comment, boolean resolved) {
    synchronized (state) {
      var first = state.known(repository).threadComment(comment).orElseThrow();
      state.known(repository, first.number()).conversation().resolve(comment, resolved);
    }
  }

  /// The comments below a pull request, oldest first.
  public List<SimulatedIssueComment> comments(SimulatedRepository repository, int number) {
    synchronized (state) {
      return List.copyOf(state.known(repository, number).conversation().comments());
    }
  }

  /// The comments at lines of a pull request, those of pending reviews apart.
  public List<SimulatedThreadComment> threadComments(SimulatedRepository repository, int number) {
    synchronized (state) {
      return state.known(repository, number).conversation().threadComments();
    }
  }

  /// The reactions to comments in a repository, oldest first.
  public List<SimulatedReaction> reactions(SimulatedRepository repository) {
    synchronized (state) {
      return List.copyOf(state.known(repository).reactions().keySet());
    }
  }

  /// Whether a review is folded up.
  public boolean isMinimised(SimulatedRepository repository, int number, long review) {
    synchronized (state) {
      return state.known(repository, number).conversation().minimised().contains("PRR_" + review);
    }
  }

  /// Whether a comment below a pull request is folded up.
  public boolean isCommentMinimised(SimulatedRepository repository, int number, long comment) {
    synchronized (state) {
      return state.known(repository, number).conversation().minimised().contains("IC_" + comment);
    }
  }

  /// Those folded up of the reviews of a pull request that everybody sees, oldest first.
  public List<SimulatedReview> minimisedReviews(SimulatedRepository repository, int number) {
    synchronized (state) {
      var pullRequest = state.known(repository, number);
      return pullRequest.reviews().stream()
          .filter(review -> pullRequest.conversation().minimised().contains("PRR_" + review.id()))
          .toList();
    }
  }

  private static String lower(String login) {
    return login.toLowerCase(Locale.ROOT);
  }

  private static CommentsApi.Words inner(Words words) {
    return new CommentsApi.Words(
        words.author(), words.authorType(), words.association(), words.body());
  }
}
