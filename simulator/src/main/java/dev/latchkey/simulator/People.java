package dev.latchkey.simulator;

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
  /// @param role `admin`, `maintain`, `write`, `triage` or `read`
  public void role(SimulatedRepository repository, String login, String role) {
    synchronized (state) {
      state.known(repository).roles().put(login.toLowerCase(Locale.ROOT), role);
    }
  }

  /// Puts a file on a branch.
  public void file(SimulatedRepository repository, String branch, String path, String text) {
    synchronized (state) {
      state.known(repository).contents().put(branch + ":" + path, text);
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
      return List.copyOf(state.known(repository).reactions());
    }
  }

  /// Whether a review is folded up.
  public boolean isMinimised(SimulatedRepository repository, int number, long review) {
    synchronized (state) {
      return state.known(repository, number).conversation().minimised().contains("PRR_" + review);
    }
  }

  private static CommentsApi.Words inner(Words words) {
    return new CommentsApi.Words(
        words.author(), words.authorType(), words.association(), words.body());
  }
}
