package dev.latchkey.simulator;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A pull request as it is kept: its commits with the files each of them changes against the base,
/// and its reviews. Guarded by the lock of [GitHubState].
final class PullRequestState {
  private final SimulatedRepository repository;
  private final int number;
  private final ProposedChange change;
  private final Instant createdAt;
  private final Map<String, List<SimulatedFile>> commits = new LinkedHashMap<>();
  private final List<SimulatedReview> reviews = new ArrayList<>();
  private String headSha;
  private String previousHead = "";
  private boolean open = true;
  private boolean draft;
  private boolean merged;
  private SimulatedTraits traits;
  private SimulatedTraits earlierTraits;
  private String baseSha;
  private Instant updatedAt;
  private final Conversation conversation = new Conversation(this);

  PullRequestState(
      SimulatedRepository repository, int number, ProposedChange change, Instant createdAt) {
    this.repository = repository;
    this.number = number;
    this.change = change;
    this.createdAt = createdAt;
    this.updatedAt = createdAt;
    this.draft = change.draft();
    this.headSha = change.headSha();
    this.traits =
        new SimulatedTraits(
            change.title(), "User", "CONTRIBUTOR", List.of(), "main", repository.id());
    this.earlierTraits = traits;
    this.baseSha = change.baseSha();
    commits.put(headSha, change.files());
  }

  SimulatedRepository repository() {
    return repository;
  }

  int number() {
    return number;
  }

  /// What it was opened with.
  ProposedChange change() {
    return change;
  }

  String headSha() {
    return headSha;
  }

  /// The head before the last push, empty if there was none.
  String previousHead() {
    return previousHead;
  }

  String state() {
    return open ? "open" : "closed";
  }

  boolean draft() {
    return draft;
  }

  Instant createdAt() {
    return createdAt;
  }

  Instant updatedAt() {
    return updatedAt;
  }

  List<SimulatedFile> files() {
    return files(headSha).orElseThrow();
  }

  /// What a commit of this pull request changes against the base; empty if it is none of its
  /// commits.
  Optional<List<SimulatedFile>> files(String commit) {
    return Optional.ofNullable(commits.get(commit));
  }

  List<SimulatedReview> reviews() {
    return reviews;
  }

  Optional<SimulatedReview> review(long id) {
    return reviews.stream().filter(review -> review.id() == id).findFirst();
  }

  void replace(SimulatedReview review) {
    reviews.replaceAll(kept -> kept.id() == review.id() ? review : kept);
  }

  void push(String newHead, List<SimulatedFile> files, Instant now) {
    previousHead = headSha;
    headSha = newHead;
    // A head that comes back is the newest commit again.
    commits.remove(newHead);
    commits.put(newHead, List.copyOf(files));
    updatedAt = now;
  }

  void forcePush(String newHead, List<SimulatedFile> files, Instant now) {
    commits.clear();
    push(newHead, files, now);
    reviews.replaceAll(review -> review.reviewing(newHead));
  }

  void open(boolean value, Instant now) {
    open = value;
    updatedAt = now;
  }

  void merge(Instant now) {
    merged = true;
    open(false, now);
  }

  boolean merged() {
    return merged;
  }

  SimulatedTraits traits() {
    return traits;
  }

  void traits(SimulatedTraits value, Instant now) {
    earlierTraits = traits;
    traits = value;
    updatedAt = now;
  }

  /// What they were before the last change of them.
  SimulatedTraits earlierTraits() {
    return earlierTraits;
  }

  String baseSha() {
    return baseSha;
  }

  /// Gives it another base, against which the head changes those files.
  void retarget(String branch, String sha, List<SimulatedFile> files, Instant now) {
    baseSha = sha;
    commits.put(headSha, List.copyOf(files));
    traits(traits.withBase(branch), now);
  }

  Conversation conversation() {
    return conversation;
  }

  void draft(boolean value, Instant now) {
    draft = value;
    updatedAt = now;
  }

  SimulatedPullRequest view() {
    var earlier = new ArrayList<>(commits.keySet());
    earlier.remove(headSha);
    return new SimulatedPullRequest(
        repository,
        number,
        state(),
        draft,
        traits.title(),
        change.body(),
        change.author(),
        headSha,
        List.copyOf(earlier),
        files());
  }
}
