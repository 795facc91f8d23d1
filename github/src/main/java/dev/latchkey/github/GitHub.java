package dev.latchkey.github;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// GitHub's REST API, as far as an App that reviews pull requests needs it.
///
/// Safe for any number of threads; a call blocks the thread it is made on, so virtual threads suit
/// it. Every call ends by its deadline, the answer's body included. Redirects and links are never
/// followed. Nothing is retried, except once with a fresh installation token when GitHub answers
/// 401. Writes of one installation are sent one after another, [GitHubOptions#writeInterval] apart.
///
/// Every method throws [GitHubException]; [GitHubException.OutcomeUnknown] only those that write.
/// After [#close] they throw [IllegalStateException].
public final class GitHub implements AutoCloseable {
  /// GitHub lists at most 3,000 files.
  private static final int FILE_PAGES = 30;

  private static final int REVIEW_PAGES = 100;
  private static final int CHECK_PAGES = 10;
  private static final int COMMENT_PAGES = 100;
  private static final int PULL_PAGES = 100;
  private static final int INSTALLATION_PAGES = 100;
  private static final int THREAD_PAGES = 50;
  private static final Pattern DIGITS = Pattern.compile("[1-9][0-9]{0,17}");

  private final AppCredentials credentials;
  private final InstantSource clock;
  private final Transport transport;
  private final InstallationTokens tokens;
  private final WriteTurns turns;
  private final Etags etags = new Etags();
  private volatile @Nullable App self;
  private volatile boolean closed;

  private GitHub(GitHubOptions options) {
    Executor threads = task -> Thread.ofVirtual().name("github").start(task);
    credentials = options.credentials();
    clock = options.clock();
    transport = new Transport(options, threads);
    tokens = new InstallationTokens(this::asApp, clock, threads);
    turns = new WriteTurns(options.writeInterval());
  }

  /// A client that connects when it is first used.
  public static GitHub of(GitHubOptions options) {
    return new GitHub(requireNonNull(options, "options"));
  }

  /// The App whose key is used.
  public App app(Deadline deadline) {
    requireOpen();
    App app = asApp(Request.get("/app"), deadline, Readings::app);
    self = app;
    return app;
  }

  /// A pull request as it is now.
  public PullRequest pullRequest(RepositoryRef repository, int number, Deadline deadline) {
    Request request = Request.get(pull(repository, number));
    return understood(request, send(repository, request, deadline), Readings::pullRequest);
  }

  /// The files a pull request changes, of all pages, in GitHub's order; at most 3,000, which is all
  /// that GitHub lists. The list is not pinned to a head: read the pull request again afterwards.
  public List<PullFile> files(RepositoryRef repository, int number, Deadline deadline) {
    String path = pull(repository, number) + "/files";
    return pages(
            repository, new Listing<>(path, FILE_PAGES, Fields::listOf, Readings::file), deadline)
        .elements();
  }

  /// All reviews of a pull request, of all pages, oldest first. Pending ones are seen only by their
  /// author. More than 10,000 are refused as [GitHubException.Unavailable], since a list cut short
  /// would look as if a review were missing.
  public List<PostedReview> reviews(RepositoryRef repository, int number, Deadline deadline) {
    String path = reviews(repository, number);
    return whole(
        repository, new Listing<>(path, REVIEW_PAGES, Fields::listOf, Readings::review), deadline);
  }

  /// The threads at lines of a pull request, of all pages; at most 5,000.
  public List<ReviewThread> reviewThreads(RepositoryRef repository, int number, Deadline deadline) {
    List<ReviewThread> all = new ArrayList<>();
    String after = null;
    for (int page = 0; page < THREAD_PAGES; page++) {
      Request request = GraphQl.threads(repository, number, after);
      Answer answer = send(repository, request, deadline);
      GraphQl.Threads threads = graphQl(request, answer, GraphQl::threads);
      all.addAll(threads.threads());
      after = threads.next();
      if (after == null) {
        break;
      }
    }
    return List.copyOf(all);
  }

  /// The comments below a pull request or issue, of all pages, oldest first. More than 10,000 are
  /// refused, as with [#reviews].
  public List<IssueComment> comments(RepositoryRef repository, int number, Deadline deadline) {
    String path = repository(repository) + Request.path("issues", number, "comments");
    return whole(
        repository,
        new Listing<>(path, COMMENT_PAGES, Fields::listOf, Readings::issueComment),
        deadline);
  }

  /// The comments below all pull requests and issues that were written or edited since, the longest
  /// unchanged first; at most 10,000.
  public List<IssueComment> commentsSince(
      RepositoryRef repository, Instant since, Deadline deadline) {
    String path = repository(repository) + Request.path("issues", "comments") + since(since);
    return pages(
            repository,
            new Listing<>(path, COMMENT_PAGES, Fields::listOf, Readings::issueComment),
            deadline)
        .elements();
  }

  /// The comments at lines of all pull requests, as [#commentsSince].
  public List<ReviewComment> reviewCommentsSince(
      RepositoryRef repository, Instant since, Deadline deadline) {
    String path = repository(repository) + Request.path("pulls", "comments") + since(since);
    return pages(
            repository,
            new Listing<>(path, COMMENT_PAGES, Fields::listOf, Readings::reviewComment),
            deadline)
        .elements();
  }

  /// A comment at a line; empty if there is none of that id.
  public Optional<ReviewComment> reviewComment(
      RepositoryRef repository, long id, Deadline deadline) {
    Request request = Request.get(repository(repository) + Request.path("pulls", "comments", id));
    return found(
        () -> understood(request, send(repository, request, deadline), Readings::reviewComment));
  }

  /// The open pull requests, of all pages, oldest first; at most 10,000. Pages that have not
  /// changed cost nothing of the hour's budget. [PullRequest#changedFiles] is 0.
  public List<PullRequest> openPullRequests(RepositoryRef repository, Deadline deadline) {
    String path = repository(repository) + "/pulls?state=open&sort=created&direction=asc";
    Listing<PullRequest> listing =
        new Listing<>(path, PULL_PAGES, Fields::listOf, Readings::listedPullRequest);
    return pages(listing, request -> conditionally(repository, request, deadline)).elements();
  }

  /// The numbers of the open pull requests which have that commit, the first 100.
  public List<Integer> pullRequestsOf(RepositoryRef repository, String sha, Deadline deadline) {
    String path = repository(repository) + Request.path("commits", sha, "pulls");
    Listing<PullRequest> listing =
        new Listing<>(path, 1, Fields::listOf, Readings::listedPullRequest);
    return pages(repository, listing, deadline).elements().stream()
        .filter(pull -> pull.state() == PullRequest.State.OPEN)
        .map(PullRequest::number)
        .toList();
  }

  /// What somebody may do in the repository now.
  public Permission permission(RepositoryRef repository, String login, Deadline deadline) {
    Request request =
        Request.get(repository(repository) + Request.path("collaborators", login, "permission"));
    return found(
            () -> understood(request, send(repository, request, deadline), Readings::permission))
        .orElse(Permission.NONE);
  }

  /// The bytes of a file on a branch, or at a commit; empty if there is none.
  ///
  /// @param at names the file, and how large it may be
  /// @throws GitHubException.Invalid if it is larger
  public Optional<byte[]> fileContent(RepositoryRef repository, FileAt at, Deadline deadline) {
    String path = repository(repository) + "/contents" + Request.path(at.segments());
    Request request = Request.raw(path + "?ref=" + Request.escape(at.ref()));
    return found(() -> bounded(request, send(repository, request, deadline), at.maxBytes()))
        // A folder comes as a list, whatever form is asked for.
        .filter(answer -> !answer.header("content-type").orElse("").contains("application/json"))
        .map(Answer::body);
  }

  /// The bytes of a blob.
  ///
  /// @throws GitHubException.Invalid if it has more than that
  public byte[] blob(RepositoryRef repository, String sha, int maxBytes, Deadline deadline) {
    Request request = Request.raw(repository(repository) + Request.path("git", "blobs", sha));
    return bounded(request, send(repository, request, deadline), maxBytes).body();
  }

  private static Answer bounded(Request request, Answer answer, int maxBytes) {
    if (answer.body().length > maxBytes) {
      String message = "more than " + maxBytes + " bytes";
      throw new GitHubException.Invalid(request + ": " + message, 413, List.of(message));
    }
    return answer;
  }

  /// Where the App is installed; at most 10,000.
  public List<Installation> installations(Deadline deadline) {
    Listing<Installation> listing =
        new Listing<>(
            "/app/installations", INSTALLATION_PAGES, Fields::listOf, Readings::installation);
    return pages(listing, request -> asApp(request, deadline)).elements();
  }

  /// The repositories which an installation may see; at most 10,000.
  public List<RepositoryRef> repositories(long installation, Deadline deadline) {
    Listing<RepositoryRef> listing =
        new Listing<>(
            "/installation/repositories",
            INSTALLATION_PAGES,
            body -> Fields.of(body).list("repositories"),
            repository -> Readings.repository(installation, repository));
    InstallationTokens.Reach whole = InstallationTokens.Reach.whole(installation);
    return pages(listing, request -> send(whole, request, deadline)).elements();
  }

  /// A repository by its name, seen by the installation it belongs to.
  ///
  /// @throws GitHubException.NotFound if the App is not installed there
  public RepositoryRef repository(String owner, String name, Deadline deadline) {
    String path = Request.path("repos", owner, name);
    long installation =
        asApp(Request.get(path + "/installation"), deadline, found -> found.number("id"));
    Request request = Request.get(path);
    Answer answer = send(InstallationTokens.Reach.whole(installation), request, deadline);
    return understood(request, answer, found -> Readings.repository(installation, found));
  }

  /// A page of what GitHub sent to the App, or tried to: the newest first, 100 at most.
  ///
  /// @param cursor null for the first page
  public HookDeliveries hookDeliveries(@Nullable String cursor, Deadline deadline) {
    String more = cursor == null ? "" : "&cursor=" + Request.escape(cursor);
    Request request = Request.get("/app/hook/deliveries?per_page=" + Listing.PAGE_SIZE + more);
    Answer answer = asApp(request, deadline);
    List<HookDelivery> deliveries =
        understood(
            request,
            () -> Fields.listOf(answer.body()).stream().map(Readings::hookDelivery).toList());
    return new HookDeliveries(deliveries, answer.nextCursor());
  }

  /// A delivery with its payload; empty if GitHub no longer has it.
  ///
  /// @param id as in [HookDelivery#id]
  public Optional<HookPayload> hookDelivery(long id, Deadline deadline) {
    Request request = Request.get(Request.path("app", "hook", "deliveries", id));
    return found(() -> understood(request, asApp(request, deadline), Readings::hookPayload));
  }

  /// Writes a comment below a pull request or issue.
  public IssueComment createComment(
      RepositoryRef repository, int number, String body, Deadline deadline) {
    String path = repository(repository) + Request.path("issues", number, "comments");
    Request request = Request.write("POST", path, Bodies.text(body));
    return understood(request, write(repository, request, deadline), Readings::issueComment);
  }

  /// Replaces what a comment of ours says.
  public IssueComment updateComment(
      RepositoryRef repository, long id, String body, Deadline deadline) {
    String path = repository(repository) + Request.path("issues", "comments", id);
    Request request = Request.write("PATCH", path, Bodies.text(body));
    return understood(request, write(repository, request, deadline), Readings::issueComment);
  }

  /// Removes a comment of ours.
  public void deleteComment(RepositoryRef repository, long id, Deadline deadline) {
    String path = repository(repository) + Request.path("issues", "comments", id);
    write(repository, Request.delete(path), deadline);
  }

  /// Answers in a thread.
  ///
  /// @param reply to the comment which began the thread
  public ReviewComment reply(RepositoryRef repository, NewReply reply, Deadline deadline) {
    String path =
        pull(repository, reply.number()) + Request.path("comments", reply.commentId(), "replies");
    Request request = Request.write("POST", path, Bodies.text(reply.body()));
    return understood(request, write(repository, request, deadline), Readings::reviewComment);
  }

  /// Adds a reaction to a comment. The same once more changes nothing.
  ///
  /// @param id of the comment
  public void react(
      RepositoryRef repository, CommentPlace place, long id, Reaction reaction, Deadline deadline) {
    String comments = place == CommentPlace.THREAD ? "pulls" : "issues";
    String path = repository(repository) + Request.path(comments, "comments", id, "reactions");
    write(repository, Request.write("POST", path, Bodies.reaction(reaction)), deadline);
  }

  /// Folds up a review or comment as outdated.
  ///
  /// @param nodeId its id for GraphQL
  public void minimize(RepositoryRef repository, String nodeId, Deadline deadline) {
    Request request = GraphQl.minimize(nodeId);
    Answer answer = write(repository, request, deadline);
    if (!graphQl(request, answer, GraphQl::minimized)) {
      throw new GitHubException.Invalid(request + ": not minimised", 200, List.of());
    }
  }

  /// Creates a review that only we see until it is submitted, with all its comments or not at all.
  ///
  /// @throws GitHubException.Invalid if one of ours is pending already, or GitHub refuses a
  ///   comment's line; it does not say which
  public PostedReview createPendingReview(
      RepositoryRef repository, int number, NewReview review, Deadline deadline) {
    Request request =
        Request.write("POST", reviews(repository, number), Bodies.pendingReview(review));
    return understood(request, write(repository, request, deadline), Readings::review);
  }

  /// Makes a pending review visible, as a comment.
  public PostedReview submitReview(
      RepositoryRef repository, int number, ReviewSubmission submission, Deadline deadline) {
    String path = reviews(repository, number) + Request.path(submission.reviewId(), "events");
    Request request = Request.write("POST", path, Bodies.submission(submission));
    return understood(request, write(repository, request, deadline), Readings::review);
  }

  /// Removes a review that was not submitted.
  ///
  /// @throws GitHubException.Invalid if it is submitted
  public void deletePendingReview(
      RepositoryRef repository, int number, long reviewId, Deadline deadline) {
    String path = reviews(repository, number) + Request.path(reviewId);
    write(repository, Request.delete(path), deadline);
  }

  /// Creates a check run. GitHub takes another of the same name and external id without complaint.
  public CheckRun createCheckRun(RepositoryRef repository, NewCheckRun check, Deadline deadline) {
    Request request =
        Request.write("POST", repository(repository) + "/check-runs", Bodies.checkRun(check));
    return understood(request, write(repository, request, deadline), Readings::checkRun);
  }

  /// Replaces what one of our check runs tells.
  public CheckRun updateCheckRun(
      RepositoryRef repository, long id, CheckState state, Deadline deadline) {
    String path = repository(repository) + Request.path("check-runs", id);
    Request request = Request.write("PATCH", path, Bodies.checkState(state));
    return understood(request, write(repository, request, deadline), Readings::checkRun);
  }

  /// Our own App's check runs of one name on a commit, older attempts included; at most 1,000.
  public List<CheckRun> checkRuns(
      RepositoryRef repository, String headSha, String name, Deadline deadline) {
    requireOpen();
    long ours = ownId(deadline);
    String path =
        repository(repository)
            + Request.path("commits", headSha, "check-runs")
            + ("?check_name=" + Request.escape(name) + "&filter=all&app_id=" + ours);
    Listing<CheckRun> listing =
        new Listing<>(
            path, CHECK_PAGES, body -> Fields.of(body).list("check_runs"), Readings::checkRun);
    // Older servers do not know app_id, so it is not left to GitHub alone.
    return pages(repository, listing, deadline).elements().stream()
        .filter(check -> check.appId() == ours && check.name().equals(name))
        .toList();
  }

  /// Ends the calls under way and forgets the tokens. A second close has no effect.
  @Override
  public void close() {
    closed = true;
    turns.close();
    transport.close();
    tokens.clear();
  }

  /// @param whole whether the last page was reached
  private record Pages<T>(List<T> elements, boolean whole) {}

  /// A list of which nothing may be missing.
  private <T> List<T> whole(RepositoryRef repository, Listing<T> listing, Deadline deadline) {
    Pages<T> pages = pages(repository, listing, deadline);
    if (!pages.whole()) {
      throw new GitHubException.Unavailable(
          "GET " + listing.path() + ": more than " + pages.elements().size(), null, null);
    }
    return pages.elements();
  }

  private <T> Pages<T> pages(RepositoryRef repository, Listing<T> listing, Deadline deadline) {
    return pages(listing, request -> send(repository, request, deadline));
  }

  private <T> Pages<T> pages(Listing<T> listing, Function<Request, Answer> sending) {
    List<T> all = new ArrayList<>();
    for (int number = 1; number <= listing.maxPages(); number++) {
      Request request = listing.page(number);
      Answer answer = sending.apply(request);
      List<T> page = understood(request, () -> listing.read(answer));
      all.addAll(page);
      if (!answer.continues(page.size() >= Listing.PAGE_SIZE)) {
        return new Pages<>(List.copyOf(all), true);
      }
    }
    return new Pages<>(List.copyOf(all), false);
  }

  private long ownId(Deadline deadline) {
    if (DIGITS.matcher(credentials.appId()).matches()) {
      return Long.parseLong(credentials.appId());
    }
    App known = self;
    return known != null ? known.id() : app(deadline).id();
  }

  private Answer write(RepositoryRef repository, Request request, Deadline deadline) {
    requireOpen();
    return turns.inTurn(
        repository.installation(), request, deadline, () -> send(repository, request, deadline));
  }

  /// What is known is asked for only if it has changed.
  private Answer conditionally(RepositoryRef repository, Request request, Deadline deadline) {
    long installation = repository.installation();
    Optional<Etags.Known> known = etags.of(installation, request);
    Request asked = known.map(before -> request.unless(before.etag())).orElse(request);
    Answer answer = send(repository, asked, deadline);
    if (answer.unchanged() && known.isPresent()) {
      return known.get().answer();
    }
    etags.keep(installation, request, answer);
    return answer;
  }

  private Answer send(RepositoryRef repository, Request request, Deadline deadline) {
    return send(InstallationTokens.Reach.of(repository), request, deadline);
  }

  /// As the installation. A token can be revoked before it expires, so one refused is replaced
  /// once; a request answered 401 was not carried out, so even a write may be sent again.
  private Answer send(InstallationTokens.Reach reach, Request request, Deadline deadline) {
    requireOpen();
    Secret token = tokens.token(reach, deadline);
    Answer answer = transport.exchange(request, token, deadline);
    if (answer.unauthorized()) {
      tokens.drop(reach, token);
      token = tokens.token(reach, deadline);
      answer = transport.exchange(request, token, deadline);
    }
    if (answer.unauthorized()) {
      tokens.drop(reach, token);
    }
    return accepted(request, answer, token);
  }

  private <T> T asApp(Request request, Deadline deadline, Function<Fields, T> reader) {
    return understood(request, asApp(request, deadline), reader);
  }

  private Answer asApp(Request request, Deadline deadline) {
    requireOpen();
    Secret jwt = credentials.jwt(clock.instant());
    return accepted(request, transport.exchange(request, jwt, deadline), jwt);
  }

  private <T> T graphQl(Request request, Answer answer, Function<Fields, T> reader) {
    return understood(
        request,
        answer,
        fields -> {
          GraphQl.requireNoErrors(request, fields, clock.instant());
          return reader.apply(fields);
        });
  }

  private static <T> Optional<T> found(Supplier<T> reading) {
    try {
      return Optional.of(reading.get());
    } catch (GitHubException.NotFound e) {
      return Optional.empty();
    }
  }

  private Answer accepted(Request request, Answer answer, Secret token) {
    if (!answer.success() && !(answer.unchanged() && request.conditional())) {
      throw new Refusal(request, answer, token, clock.instant()).exception();
    }
    return answer;
  }

  private static <T> T understood(Request request, Answer answer, Function<Fields, T> reader) {
    return understood(request, () -> reader.apply(Fields.of(answer.body())));
  }

  private static <T> T understood(Request request, Supplier<T> reading) {
    try {
      return reading.get();
    } catch (Fields.Unreadable e) {
      String message = request + ": its answer can't be understood: " + e.getMessage();
      throw request.write()
          ? new GitHubException.OutcomeUnknown(message, e)
          : new GitHubException.Unavailable(message, null, e);
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("this GitHub client is closed");
    }
  }

  private static String since(Instant since) {
    String second = since.truncatedTo(ChronoUnit.SECONDS).toString();
    return "?sort=updated&direction=asc&since=" + Request.escape(second);
  }

  private static String repository(RepositoryRef repository) {
    return Request.path("repos", repository.owner(), repository.name());
  }

  private static String pull(RepositoryRef repository, int number) {
    return repository(repository) + Request.path("pulls", number);
  }

  private static String reviews(RepositoryRef repository, int number) {
    return pull(repository, number) + "/reviews";
  }
}
