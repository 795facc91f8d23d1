package dev.latchkey.simulator;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

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
  private static final String NO_USER_AGENT =
      "Request forbidden by administrative rules. Please make sure your request has a User-Agent"
          + " header";

  private final SimulatedGitHubOptions options;
  private final GitHubState state;
  private final WebhookSender sender;
  private final AtomicLong requests = new AtomicLong();
  private final List<ApiWrite> writes = new ArrayList<>();
  private final List<DeliveryAttempt> attempts = new ArrayList<>();
  private final Map<String, SimulatedDelivery> sent = new LinkedHashMap<>();
  private final GitHubJson json;
  private final GitHubApi api;
  private final WebhookPayloads payloads;
  private final People people;
  private final Loopback server;
  private final ExecutorService later = Executors.newVirtualThreadPerTaskExecutor();
  private final List<CompletableFuture<Void>> held = new CopyOnWriteArrayList<>();
  private volatile ApiListener listener = new ApiListener() {};
  private volatile @Nullable URI webhook;

  private SimulatedGitHub(SimulatedGitHubOptions options) {
    this.options = options;
    this.state = new GitHubState(options.clock());
    this.sender = new WebhookSender(options, WebhookSender.ANSWER_WITHIN);
    this.json = new GitHubJson();
    this.api = new GitHubApi(options, state, json, attempts);
    this.payloads = new WebhookPayloads(json);
    this.people = new People(state, api.comments());
    // Last, because the first request may come at once.
    this.server = Loopback.start(options.port(), this::serve);
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
    this.listener = requireNonNull(listener, "listener");
  }

  /// Waits until everything that is held has been applied, which its listener has to let happen.
  public void awaitHeld() {
    held.forEach(CompletableFuture::join);
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
      state.known(repository, number).reviews().add(planted);
      return planted.id();
    }
  }

  /// Where deliveries are sent to.
  public void webhook(URI url) {
    this.webhook = requireNonNull(url, "url");
  }

  /// What people do and say here, beyond pushing.
  public People people() {
    return people;
  }

  /// A `pull_request` delivery with the present state of the pull request, not yet sent.
  ///
  /// @param action as GitHub names it: `opened`, `synchronize`, `closed`, …
  public SimulatedDelivery pullRequestDelivery(
      SimulatedRepository repository, int number, String action) {
    synchronized (state) {
      var pullRequest = state.known(repository, number);
      return delivery("pull_request", action, payloads.pullRequest(pullRequest, action));
    }
  }

  /// An `issue_comment` delivery, not yet sent.
  ///
  /// @param action `created`, `edited` or `deleted`
  public SimulatedDelivery commentDelivery(
      SimulatedRepository repository, long comment, String action) {
    synchronized (state) {
      var pullRequest = state.known(repository).withComment(comment).orElseThrow();
      return delivery("issue_comment", action, payloads.comment(pullRequest, comment, action));
    }
  }

  /// A `pull_request_review_comment` delivery, not yet sent.
  public SimulatedDelivery threadCommentDelivery(SimulatedRepository repository, long comment) {
    synchronized (state) {
      var found = state.known(repository).threadComment(comment).orElseThrow();
      var pullRequest = state.known(repository, found.number());
      return delivery(
          "pull_request_review_comment", "created", payloads.threadComment(pullRequest, found));
    }
  }

  /// A `check_run` delivery that somebody wants a run again, not yet sent.
  ///
  /// @param listed whether the payload names the pull request, as it doesn't for a fork's
  public SimulatedDelivery rerunDelivery(
      SimulatedRepository repository, SimulatedCheckRun run, boolean listed) {
    synchronized (state) {
      var known = state.known(repository);
      var kept = known.checkRuns().stream().filter(one -> one.run().id() == run.id()).findFirst();
      return delivery(
          "check_run",
          "rerequested",
          payloads.rerun(known, json.checkRun(kept.orElseThrow(), json.app(options)), listed));
    }
  }

  /// A delivery of any event with a body of the caller's, not yet sent.
  public SimulatedDelivery delivery(String event, String action, byte[] body) {
    return new SimulatedDelivery(UUID.randomUUID().toString(), event, action, body);
  }

  /// Sends a delivery once, signed, and waits for the answer at most 10 seconds. May be called
  /// again and concurrently for one delivery; what comes of it is never thrown but returned and
  /// logged.
  ///
  /// @throws IllegalStateException if no webhook is set
  public DeliveryAttempt send(SimulatedDelivery delivery) {
    var url = webhook;
    if (url == null) {
      throw new IllegalStateException("no webhook is set");
    }
    synchronized (attempts) {
      sent.put(delivery.id(), delivery);
    }
    var attempt = sender.send(delivery, url);
    synchronized (attempts) {
      attempts.add(attempt);
    }
    return attempt;
  }

  /// Sends a delivery of the log once more with its id and bytes, as GitHub's "Redeliver" does.
  ///
  /// @throws IllegalArgumentException if no delivery with that id was ever sent
  public DeliveryAttempt redeliver(String id) {
    SimulatedDelivery delivery;
    synchronized (attempts) {
      delivery = sent.get(id);
    }
    if (delivery == null) {
      throw new IllegalArgumentException("no delivery " + id + " was ever sent");
    }
    return send(delivery);
  }

  /// Every sending so far, in the order in which they ended.
  public List<DeliveryAttempt> attempts() {
    synchronized (attempts) {
      return List.copyOf(attempts);
    }
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

  /// The App's writes so far, refused ones too, in the order in which they were decided.
  public List<ApiWrite> writes() {
    synchronized (state) {
      return List.copyOf(writes);
    }
  }

  /// Stops serving. What was kept can still be looked at.
  @Override
  public void close() {
    server.close();
    sender.close();
    later.shutdownNow();
  }

  private List<SimulatedReview> reviews(
      SimulatedRepository repository, int number, Predicate<SimulatedReview> wanted) {
    synchronized (state) {
      return state.known(repository, number).reviews().stream().filter(wanted).toList();
    }
  }

  private Loopback.Outgoing serve(Loopback.Incoming request) throws Loopback.Dropped {
    var told =
        new ApiRequest(
            requests.incrementAndGet(),
            request.method(),
            request.path(),
            request.query(),
            request.body());
    var fate = listener.before(told);
    if (fate instanceof Fate.Hold(var until)) {
      held.add(until.thenRunAsync(() -> applied(request, told), later));
      throw new Loopback.Dropped();
    }
    var refused = refused(fate);
    if (refused != null) {
      return refused;
    }
    var answer = applied(request, told);
    var lost = refused(listener.after(told, answer.status()));
    return lost == null ? answer : lost;
  }

  private Loopback.Outgoing applied(Loopback.Incoming request, ApiRequest told) {
    if (request.header("user-agent").orElse("").isBlank()) {
      return Loopback.Outgoing.of(403, "text/plain; charset=utf-8", NO_USER_AGENT);
    }
    synchronized (state) {
      ApiReply reply;
      try {
        reply = api.serve(request);
      } catch (ApiError e) {
        reply = new ApiReply(e.status(), e.json(), "");
      }
      if (told.write()) {
        writes.add(
            new ApiWrite(
                state.now(),
                told.method(),
                told.path(),
                told.body(),
                reply.status(),
                reply.json().toString()));
      }
      return outgoing(reply, told, request);
    }
  }

  private static Loopback.Outgoing outgoing(
      ApiReply reply, ApiRequest told, Loopback.Incoming request) {
    var headers = new HashMap<String, String>();
    headers.put("Content-Type", reply.contentType());
    headers.put("X-GitHub-Media-Type", "github.v3; format=json");
    headers.put("X-GitHub-Request-Id", "SIM:" + Long.toHexString(told.number()));
    if (!reply.link().isEmpty()) {
      headers.put("Link", reply.link());
    }
    if (request.method().equals("GET") && reply.status() == 200) {
      var etag = "W/\"" + Integer.toHexString((reply.body() + reply.link()).hashCode()) + "\"";
      headers.put("ETag", etag);
      if (request.header("if-none-match").equals(Optional.of(etag))) {
        return new Loopback.Outgoing(304, headers, "");
      }
    }
    return new Loopback.Outgoing(reply.status(), headers, reply.body());
  }

  private static Loopback.@Nullable Outgoing refused(Fate fate) throws Loopback.Dropped {
    return switch (fate) {
      case Fate.Proceed() -> null;
      case Fate.Drop() -> throw new Loopback.Dropped();
      case Fate.Hold _ -> throw new IllegalStateException("only what is not applied can be held");
      case Fate.Answer(int status, var headers, String body) ->
          new Loopback.Outgoing(status, headers, body);
      case Fate.Fail(int status) ->
          Loopback.Outgoing.of(status, "text/html", "<html><body>Unicorn!</body></html>");
    };
  }
}
