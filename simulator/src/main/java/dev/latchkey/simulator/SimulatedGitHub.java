package dev.latchkey.simulator;

import java.net.URI;
import java.util.List;

/// A GitHub on 127.0.0.1 with one registered App, over real HTTP, as strict as the real one: it
/// checks App tokens, installation tokens and their scope, keeps one pending review per user and
/// pull request, creates reviews all or nothing, and sends signed deliveries which it never repeats
/// by itself. Everything is kept in memory. Safe for use by several threads.
///
/// It serves exactly: `GET /app`, `POST /app/installations/{id}/access_tokens`, and below
/// `/repos/{owner}/{repo}`: `GET pulls/{n}`, `GET pulls/{n}/files`, `GET` and `POST
/// pulls/{n}/reviews`, `POST pulls/{n}/reviews/{id}/events`, `DELETE pulls/{n}/reviews/{id}`, `POST
/// check-runs`, `PATCH check-runs/{id}`, `GET commits/{sha}/check-runs`. Anything else is 404.
public final class SimulatedGitHub implements AutoCloseable {

  private SimulatedGitHub() {}

  /// Starts to serve.
  ///
  /// @throws SimulatorException.PortUnusable if the port can't be bound
  public static SimulatedGitHub start(SimulatedGitHubOptions options) {
    return new SimulatedGitHub();
  }

  /// Where the API is, without a slash at the end.
  public URI uri() {
    return unbuilt();
  }

  /// Registers who is told of every request, in place of the former one.
  public void listener(ApiListener listener) {
    unbuilt();
  }

  /// Adds a repository in which the App is installed.
  ///
  /// @throws IllegalArgumentException if there is one of that name, or the name is none for GitHub
  public SimulatedRepository addRepository(String owner, String name) {
    return unbuilt();
  }

  /// Opens a pull request and returns its number. Sends nothing.
  public int open(SimulatedRepository repository, ProposedChange change) {
    return unbuilt();
  }

  /// Moves a pull request's head by new commits. Sends nothing.
  public void push(
      SimulatedRepository repository, int number, String headSha, List<SimulatedFile> files) {
    unbuilt();
  }

  /// Replaces a pull request's commits. Old heads are no commits of it any more, and what old
  /// reviews say they reviewed becomes the new head, as at GitHub. Sends nothing.
  public void forcePush(
      SimulatedRepository repository, int number, String headSha, List<SimulatedFile> files) {
    unbuilt();
  }

  /// Closes a pull request without merging it. Sends nothing.
  public void closePullRequest(SimulatedRepository repository, int number) {
    unbuilt();
  }

  /// Opens a closed pull request again. Sends nothing.
  public void reopenPullRequest(SimulatedRepository repository, int number) {
    unbuilt();
  }

  /// Makes a draft ready for review. Sends nothing.
  public void markReady(SimulatedRepository repository, int number) {
    unbuilt();
  }

  /// Adds a review that did not come over HTTP, by whomever: a leftover of the App, or a
  /// stranger's. Its id and, unless it is pending, its time are given by GitHub. Returns the id.
  public long plantReview(SimulatedRepository repository, int number, SimulatedReview review) {
    return unbuilt();
  }

  /// Where deliveries are sent to.
  public void webhook(URI url) {
    unbuilt();
  }

  /// A `pull_request` delivery with the present state of the pull request, not yet sent.
  ///
  /// @param action as GitHub names it: `opened`, `synchronize`, `closed`, …
  public SimulatedDelivery pullRequestDelivery(
      SimulatedRepository repository, int number, String action) {
    return unbuilt();
  }

  /// A delivery of any event with a body of the caller's, not yet sent.
  public SimulatedDelivery delivery(String event, String action, byte[] body) {
    return unbuilt();
  }

  /// Sends a delivery once, signed, and waits for the answer at most 10 seconds. May be called
  /// again and concurrently for one delivery; what comes of it is never thrown but returned and
  /// logged.
  ///
  /// @throws IllegalStateException if no webhook is set
  public DeliveryAttempt send(SimulatedDelivery delivery) {
    return unbuilt();
  }

  /// Sends a delivery of the log once more with its id and bytes, as GitHub's "Redeliver" does.
  ///
  /// @throws IllegalArgumentException if no delivery with that id was ever sent
  public DeliveryAttempt redeliver(String id) {
    return unbuilt();
  }

  /// Every sending so far, in the order in which they ended.
  public List<DeliveryAttempt> attempts() {
    return unbuilt();
  }

  /// All pull requests of a repository, by number.
  public List<SimulatedPullRequest> pullRequests(SimulatedRepository repository) {
    return unbuilt();
  }

  /// The reviews of a pull request that everybody sees, oldest first.
  public List<SimulatedReview> visibleReviews(SimulatedRepository repository, int number) {
    return unbuilt();
  }

  /// The pending reviews of a pull request, whoever's, oldest first.
  public List<SimulatedReview> pendingReviews(SimulatedRepository repository, int number) {
    return unbuilt();
  }

  /// The check runs of a repository, oldest first.
  public List<SimulatedCheckRun> checkRuns(SimulatedRepository repository) {
    return unbuilt();
  }

  /// The App's writes so far, refused ones too, in the order in which they were decided.
  public List<ApiWrite> writes() {
    return unbuilt();
  }

  /// Stops serving. What was kept can still be looked at.
  @Override
  public void close() {
    unbuilt();
  }

  @SuppressWarnings("TypeParameterUnusedInFormals")
  private static <T> T unbuilt() {
    throw new UnsupportedOperationException();
  }
}
