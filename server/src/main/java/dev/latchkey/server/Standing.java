package dev.latchkey.server;

import dev.latchkey.github.Deadline;
import dev.latchkey.github.GitHub;
import dev.latchkey.github.GitHubException;
import dev.latchkey.github.ReviewThread;
import dev.latchkey.server.Publications.Posted;
import dev.latchkey.server.Publications.Publication;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// How the findings stand which were posted on a pull request before.
///
/// @param posted by fingerprint
/// @param states by fingerprint, of each that was posted
/// @param dismissed fingerprints which are not to be told again
record Standing(Map<String, Posted> posted, Map<String, State> states, Set<String> dismissed) {

  private static final Logger LOG = System.getLogger(Standing.class.getName());
  private static final Duration CALL = Duration.ofSeconds(60);

  /// Of a finding's thread.
  enum State {
    OPEN,
    /// Somebody said that it is dealt with.
    RESOLVED,
    /// Its line is no part of the change any more.
    GONE
  }

  /// Reads the threads of a pull request. Where GitHub doesn't show them, all that was posted
  /// counts as open.
  static Standing of(
      GitHub github, Publications publications, Wishes wishes, Markers markers, PullRef pull) {
    Map<String, Posted> posted = publications.posted(pull);
    Map<String, State> states = new HashMap<>();
    posted.keySet().forEach(fingerprint -> states.put(fingerprint, State.OPEN));
    if (!posted.isEmpty()) {
      Map<String, State> shown = new HashMap<>();
      Set<String> ours = new HashSet<>();
      publications.of(pull).stream()
          .map(Publication::node)
          .filter(node -> !node.isEmpty())
          .forEach(ours::add);
      Optional<List<ReviewThread>> threads = threads(github, pull);
      for (ReviewThread thread : threads.orElse(List.of())) {
        // By its review, which nobody else can write in; its text alone could be copied.
        Optional<String> fingerprint =
            ours.contains(thread.reviewNodeId())
                ? markers.read(Markers.Kind.FINDING, pull, thread.body())
                : Optional.empty();
        fingerprint.ifPresent(one -> shown.merge(one, state(thread), Standing::stronger));
      }
      if (threads.isPresent()) {
        // What has no thread was refused at its line, or somebody removed it.
        states.replaceAll((fingerprint, _) -> shown.getOrDefault(fingerprint, State.GONE));
      }
    }
    return new Standing(posted, Map.copyOf(states), wishes.dismissed(pull));
  }

  /// Returns empty if GitHub doesn't show them.
  private static Optional<List<ReviewThread>> threads(GitHub github, PullRef pull) {
    try {
      return Optional.of(
          github.reviewThreads(pull.repository(), pull.number(), Deadline.after(CALL)));
    } catch (GitHubException.NotFound | GitHubException.Forbidden | GitHubException.Invalid e) {
      LOG.log(Level.WARNING, "event=threads.unseen pull=" + pull, e);
      return Optional.empty();
    }
  }

  private static State state(ReviewThread thread) {
    if (thread.resolved()) {
      return State.RESOLVED;
    }
    return thread.outdated() ? State.GONE : State.OPEN;
  }

  /// Of two threads about the same: a resolved one keeps it quiet, an open one keeps it open.
  private static State stronger(State one, State other) {
    if (one == State.RESOLVED || other == State.RESOLVED) {
      return State.RESOLVED;
    }
    return one == State.OPEN || other == State.OPEN ? State.OPEN : State.GONE;
  }

  /// Whether it is posted and open.
  boolean isOpen(String fingerprint) {
    return states.get(fingerprint) == State.OPEN && !dismissed.contains(fingerprint);
  }

  /// Whether somebody has said that it is dealt with, or should not be told.
  boolean isQuiet(String fingerprint) {
    return states.get(fingerprint) == State.RESOLVED || dismissed.contains(fingerprint);
  }

  /// Returns the open findings, the most severe first.
  List<Posted> open() {
    return posted.entrySet().stream()
        .filter(entry -> isOpen(entry.getKey()))
        .map(Map.Entry::getValue)
        .sorted(Comparator.comparing(Posted::severity).reversed().thenComparing(Posted::line))
        .toList();
  }

  /// Whether a review has a finding that is open.
  boolean hasOpen(String reviewKey) {
    return posted.entrySet().stream()
        .anyMatch(entry -> entry.getValue().key().equals(reviewKey) && isOpen(entry.getKey()));
  }
}
