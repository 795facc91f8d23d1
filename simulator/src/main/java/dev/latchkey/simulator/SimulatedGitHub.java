package dev.latchkey.simulator;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;

/// A GitHub on 127.0.0.1 with one registered App, over real HTTP, as strict as the real one: it
/// checks App tokens, installation tokens and their scope, keeps one pending review per user and
/// pull request, creates reviews all or nothing, and sends signed deliveries which it never repeats
/// by itself. Everything is kept in memory. Safe for use by several threads.
///
/// It serves what an App needs that reviews pull requests: the App itself, its installations and
/// deliveries; pull requests, their files, reviews, comments and threads; check runs; files and
/// people of a repository. Anything else is 404. Stricter than GitHub in one thing: repositories
/// are public, but reading them needs a token too.
public final class SimulatedGitHub implements AutoCloseable {
  private final GitHubState state;
  private final Hook hook;
  private final People people;
  private final Deliveries deliveries;
  private final Troubles troubles;
  private final Front front;
  private final Loopback server;
  private final ExecutorService later = Executors.newVirtualThreadPerTaskExecutor();

  private SimulatedGitHub(SimulatedGitHubOptions options) {
    this.state = new GitHubState(options.clock());
    this.hook = new Hook(options);
    var json = new GitHubJson();
    var api = new GitHubApi(options, state, json, new HooksApi(options, json, hook, later));
    this.people = new People(state, api.comments());
    this.deliveries = new Deliveries(options, state, json);
    this.troubles = api.troubles();
    this.front = new Front(state, api, later, options.rules().etags());
    // Last, because the first request may come at once.
    this.server = Loopback.start(options.port(), front::serve);
    json.servedAt(server.uri());
  }

  /// Starts to serve.
  ///
  /// @throws SimulatorException.PortUnusable if the port can't be bound
  public static SimulatedGitHub start(SimulatedGitHubOptions options) {
    return new SimulatedGitHub(requireNonNull(options, "options"));
  }

  /// Where the API is, without a slash at the end.
  public URI uri() {
    return server.uri();
  }

  /// Registers who is told of every request, in place of the former one.
  public void listener(ApiListener listener) {
    front.listener(requireNonNull(listener, "listener"));
  }

  /// Waits until everything that is held has been applied, which its listener has to let happen.
  public void awaitHeld() {
    front.awaitHeld();
  }

  /// Adds a repository in which the App is installed.
  ///
  /// @throws IllegalArgumentException if there is one of that name, or the name is none for GitHub
  public SimulatedRepository addRepository(String owner, String name) {
    synchronized (state) {
      return state.addRepository(owner, name);
    }
  }

  /// Opens a pull request and returns its number. Sends nothing.
  public int open(SimulatedRepository repository, ProposedChange change) {
    synchronized (state) {
      return state.open(repository, change);
    }
  }

  /// Moves a pull request's head by new commits. Sends nothing.
  public void push(
      SimulatedRepository repository, int number, String headSha, List<SimulatedFile> files) {
    ProposedChange.requireSha(headSha);
    synchronized (state) {
      state.known(repository, number).push(headSha, files, state.now());
      state.known(repository).commits().add(headSha);
    }
  }

  /// Replaces a pull request's commits. Old heads are no commits of it any more, and what old
  /// reviews say they reviewed becomes the new head, as at GitHub. Sends nothing.
  public void forcePush(
      SimulatedRepository repository, int number, String headSha, List<SimulatedFile> files) {
    ProposedChange.requireSha(headSha);
    synchronized (state) {
      state.known(repository, number).forcePush(headSha, files, state.now());
      state.known(repository).commits().add(headSha);
    }
  }

  /// Closes a pull request without merging it. Sends nothing.
  public void closePullRequest(SimulatedRepository repository, int number) {
    synchronized (state) {
      state.known(repository, number).open(false, state.now());
    }
  }

  /// Opens a closed pull request again. Sends nothing.
  public void reopenPullRequest(SimulatedRepository repository, int number) {
    synchronized (state) {
      state.known(repository, number).open(true, state.now());
    }
  }

  /// Makes a draft ready for review. Sends nothing.
  public void markReady(SimulatedRepository repository, int number) {
    synchronized (state) {
      state.known(repository, number).draft(false, state.now());
    }
  }

  /// Adds a review that did not come over HTTP, by whomever: a leftover of the App, or a
  /// stranger's. Its id and, unless it is pending, its time are given by GitHub. Returns the id.
  public long plantReview(SimulatedRepository repository, int number, SimulatedReview review) {
    synchronized (state) {
      var planted =
          new SimulatedReview(
              state.nextId(),
              review.author(),
              review.authorType(),
              review.state(),
              review.body(),
              review.commitId(),
              review.pending() ? null : state.now(),
              review.comments());
      var pullRequest = state.known(repository, number);
      pullRequest.reviews().add(planted);
      pullRequest
          .files(planted.commitId())
          .ifPresent(files -> pullRequest.conversation().reviewed(planted, files));
      return planted.id();
    }
  }

  /// Where deliveries are sent to.
  public void webhook(URI url) {
    hook.url(requireNonNull(url, "url"));
  }

  /// Turns the webhook on, as it is at first, or off: then nothing is sent or logged, and the App
  /// has no deliveries to look up.
  public void webhookActive(boolean active) {
    hook.active(active);
  }

  /// What people do and say here, beyond pushing.
  public People people() {
    return people;
  }

  /// What deliveries there can be.
  public Deliveries deliveries() {
    return deliveries;
  }

  /// What can go wrong here.
  public Troubles troubles() {
    return troubles;
  }

  /// As [Deliveries#pullRequest].
  public SimulatedDelivery pullRequestDelivery(
      SimulatedRepository repository, int number, String action) {
    return deliveries.pullRequest(repository, number, action);
  }

  /// As [Deliveries#comment].
  public SimulatedDelivery commentDelivery(
      SimulatedRepository repository, long comment, String action) {
    return deliveries.comment(repository, comment, action);
  }

  /// As [Deliveries#threadComment].
  public SimulatedDelivery threadCommentDelivery(SimulatedRepository repository, long comment) {
    return deliveries.threadComment(repository, comment);
  }

  /// As [Deliveries#rerun(SimulatedRepository, SimulatedCheckRun, boolean)].
  public SimulatedDelivery rerunDelivery(
      SimulatedRepository repository, SimulatedCheckRun run, boolean listed) {
    return deliveries.rerun(repository, run, listed);
  }

  /// As [Deliveries#of].
  public SimulatedDelivery delivery(String event, String action, byte[] body) {
    return deliveries.of(event, action, body);
  }

  /// Sends a delivery once, signed, and waits for the answer at most 10 seconds. May be called
  /// again and concurrently for one delivery; what comes of it is never thrown but returned and
  /// logged.
  ///
  /// @throws IllegalStateException if no webhook is set
  public DeliveryAttempt send(SimulatedDelivery delivery) {
    return hook.send(delivery);
  }

  /// Sends a delivery of the log once more with its id and bytes, as GitHub's "Redeliver" does.
  ///
  /// @throws IllegalArgumentException if no delivery with that id was ever sent
  public DeliveryAttempt redeliver(String id) {
    return hook.redeliver(id);
  }

  /// Every sending so far, in the order in which they ended.
  public List<DeliveryAttempt> attempts() {
    return hook.attempts();
  }

  /// All pull requests of a repository, by number.
  public List<SimulatedPullRequest> pullRequests(SimulatedRepository repository) {
    synchronized (state) {
      return state.known(repository).pullRequests().values().stream()
          .map(PullRequestState::view)
          .toList();
    }
  }

  /// The reviews of a pull request that everybody sees, oldest first.
  public List<SimulatedReview> visibleReviews(SimulatedRepository repository, int number) {
    return reviews(repository, number, review -> !review.pending());
  }

  /// The pending reviews of a pull request, whoever's, oldest first.
  public List<SimulatedReview> pendingReviews(SimulatedRepository repository, int number) {
    return reviews(repository, number, SimulatedReview::pending);
  }

  /// The check runs of a repository, oldest first.
  public List<SimulatedCheckRun> checkRuns(SimulatedRepository repository) {
    synchronized (state) {
      return state.known(repository).checkRuns().stream()
          .map(GitHubState.CheckRunState::run)
          .toList();
    }
  }

  /// What a check run was after each write to it, the oldest first.
  ///
  /// @throws IllegalArgumentException if there is no such run
  public List<SimulatedCheckRun> checkRunHistory(SimulatedRepository repository, long id) {
    synchronized (state) {
      return state.known(repository).checkRuns().stream()
          .filter(one -> one.run().id() == id)
          .findFirst()
          .orElseThrow(() -> new IllegalArgumentException("no check run " + id))
          .history();
    }
  }

  /// The App's writes so far, refused ones too, in the order in which they were decided.
  public List<ApiWrite> writes() {
    return front.writes();
  }

  /// Stops serving. What was kept can still be looked at.
  @Override
  public void close() {
    front.close();
    server.close();
    hook.close();
    later.shutdownNow();
  }

  private List<SimulatedReview> reviews(
      SimulatedRepository repository, int number, Predicate<SimulatedReview> wanted) {
    synchronized (state) {
      return state.known(repository, number).reviews().stream().filter(wanted).toList();
    }
  }
}
