package dev.latchkey.github;

import static java.util.Objects.requireNonNull;

import dev.latchkey.github.InstallationTokens.Scope;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// GitHub's REST API, and of its GraphQL what REST lacks, as far as an App that reviews pull
/// requests needs it.
///
/// Safe for any number of threads; a call blocks the thread it is made on, so virtual threads suit
/// it. Every call ends by its deadline, the answer's body included. Redirects and links are never
/// followed. Nothing is retried, except once with a fresh installation token when GitHub answers
/// 401. Writes of one installation are sent one after another, [GitHubOptions#writeInterval] apart.
/// A list that has more than is read is refused as [GitHubException.Unavailable], unless its method
/// says otherwise: cut short it would look as if something were missing.
///
/// Every method throws [GitHubException]; [GitHubException.OutcomeUnknown] only those that write.
/// After [#close] they throw [IllegalStateException].
public final class GitHub implements AutoCloseable {
  /// GitHub lists at most 3,000 files.
  private static final int FILE_PAGES = 30;

  private static final int MOST_PAGES = 100;
  private static final int CHECK_PAGES = 10;
  private static final Pattern DIGITS = Pattern.compile("[1-9][0-9]{0,17}");

  private final Exchange exchange;
  private final RememberedPages remembered = new RememberedPages();
  private volatile @Nullable App self;

  private GitHub(GitHubOptions options) {
    exchange = new Exchange(options);
  }

  /// A client that connects when it is first used.
  public static GitHub of(GitHubOptions options) {
    return new GitHub(requireNonNull(options, "options"));
  }

  /// The App whose key is used.
  public App app(Deadline deadline) {
    App app = asApp(Request.get("/app"), deadline, Readings::app);
    self = app;
    return app;
  }

  /// Where the App is installed; at most 10,000.
  public List<Installation> installations(Deadline deadline) {
    return exchange.whole(
        listing("/app/installations", Readings::installation),
        request -> exchange.asApp(request, deadline));
  }

  /// All repositories an installation sees, at most 10,000. The token it is asked with is good for
  /// nothing but to see which they are.
  public List<RepositoryRef> repositories(long installation, Deadline deadline) {
    Listing<RepositoryRef> listing =
        new Listing<>(
            "/installation/repositories",
            MOST_PAGES,
            body -> Fields.of(body).list("repositories"),
            repository -> Readings.repository(installation, repository));
    return exchange.whole(
        listing, request -> exchange.send(Scope.all(installation), request, deadline));
  }

  /// A repository by its name, as the installation that sees it.
  ///
  /// @throws GitHubException.NotFound if there is none, or the App is not installed there
  public RepositoryRef repository(String owner, String name, Deadline deadline) {
    String path = Request.path("repos", owner, name);
    long installation =
        asApp(Request.get(path + "/installation"), deadline, found -> found.number("id"));
    Request request = Request.get(path);
    Answer answer = exchange.send(Scope.all(installation), request, deadline);
    return Exchange.understood(
        request, answer, repository -> Readings.repository(installation, repository));
  }

  /// At most 100 of the App's deliveries, which GitHub keeps for three days.
  ///
  /// @param cursor of the page before; null for the newest
  public HookDeliveries hookDeliveries(@Nullable String cursor, Deadline deadline) {
    String from = cursor == null ? "" : "&cursor=" + Request.escape(cursor);
    Request request = Request.get("/app/hook/deliveries?per_page=" + Listing.PAGE_SIZE + from);
    Answer answer = exchange.asApp(request, deadline);
    return Exchange.understood(
        request,
        () ->
            new HookDeliveries(
                Fields.listOf(answer.body()).stream().map(Readings::hookDelivery).toList(),
                answer.nextCursor()));
  }

  /// One delivery with what it carried; empty if GitHub no longer has it.
  public Optional<HookPayload> hookDelivery(long id, Deadline deadline) {
    Request request = Request.get(Request.path("app", "hook", "deliveries", id));
    return found(() -> asApp(request, deadline, Readings::hookPayload));
  }

  /// A pull request as it is now.
  public PullRequest pullRequest(RepositoryRef repository, int number, Deadline deadline) {
    Request request = Request.get(pull(repository, number));
    return exchange.read(repository, request, deadline, Readings::pullRequest);
  }

  /// All open pull requests, the oldest first, at most 10,000. A page that did not change since it
  /// was last read is not sent again. One that is closed meanwhile may hide another at the border
  /// of two pages.
  public List<PullRequest> openPullRequests(RepositoryRef repository, Deadline deadline) {
    String path = repository(repository) + "/pulls?state=open&sort=created&direction=asc";
    Listing<PullRequest> listing = listing(path, Readings::pullRequest);
    List<PullRequest> all = new ArrayList<>();
    for (int number = 1; number <= listing.maxPages(); number++) {
      RememberedPages.Page page = page(Scope.of(repository), listing, number, deadline);
      all.addAll(page.pulls());
      if (!page.continues()) {
        return List.copyOf(all);
      }
    }
    throw Exchange.tooMany(path, all.size());
  }

  /// The open pull requests of this repository which have the commit.
  public List<Integer> pullRequestsOf(RepositoryRef repository, String sha, Deadline deadline) {
    String path = repository(repository) + Request.path("commits", sha, "pulls");
    record Found(long repository, PullRequest pull) {}
    Listing<Found> listing =
        listing(path, pull -> new Found(Readings.baseRepository(pull), Readings.pullRequest(pull)));
    return list(repository, listing, deadline).stream()
        .filter(found -> found.pull().state() == PullRequest.State.OPEN)
        .filter(found -> found.repository() == 0 || found.repository() == repository.id())
        .map(found -> found.pull().number())
        .toList();
  }

  /// The files a pull request changes, of all pages, in GitHub's order; at most 3,000, which is all
  /// that GitHub lists. The list is not pinned to a head: read the pull request again afterwards.
  public List<PullFile> files(RepositoryRef repository, int number, Deadline deadline) {
    String path = pull(repository, number) + "/files";
    return exchange
        .pages(
            new Listing<>(path, FILE_PAGES, Fields::listOf, Readings::file),
            request -> exchange.send(Scope.of(repository), request, deadline))
        .elements();
  }

  /// A file's bytes at a branch, tag or commit; empty if there is no such file, or it is a folder
  /// or a submodule.
  ///
  /// @param path from the repository's root, such as `docs/style.md`
  /// @throws GitHubException.Invalid if it is larger; it is never cut
  public Optional<byte[]> fileContent(
      RepositoryRef repository, String path, String ref, int maxBytes, Deadline deadline) {
    String address =
        repository(repository)
            + "/contents"
            + Request.path((Object[]) path.split("/", -1))
            + "?ref="
            + Request.escape(ref);
    Request request = Request.raw(address, maxBytes);
    return found(() -> exchange.send(Scope.of(repository), request, deadline))
        .filter(answer -> !answer.json())
        .map(Answer::body);
  }

  /// A blob's bytes.
  ///
  /// @throws GitHubException.Invalid if it is larger; it is never cut
  public byte[] blob(RepositoryRef repository, String sha, int maxBytes, Deadline deadline) {
    String path = repository(repository) + Request.path("git", "blobs", sha);
    return exchange.send(Scope.of(repository), Request.raw(path, maxBytes), deadline).body();
  }

  /// What a user may do in the repository; nothing if there is no such user.
  public Permission permission(RepositoryRef repository, String login, Deadline deadline) {
    String path = repository(repository) + Request.path("collaborators", login, "permission");
    return found(() -> exchange.read(repository, Request.get(path), deadline, Readings::permission))
        .orElse(Permission.NONE);
  }

  /// All reviews of a pull request, of all pages, oldest first, at most 10,000. Pending ones are
  /// seen only by their author.
  public List<PostedReview> reviews(RepositoryRef repository, int number, Deadline deadline) {
    return list(repository, listing(reviews(repository, number), Readings::review), deadline);
  }

  /// The whole conversation of a pull request, oldest first, at most 10,000.
  public List<IssueComment> comments(RepositoryRef repository, int number, Deadline deadline) {
    String path = repository(repository) + Request.path("issues", number, "comments");
    return list(repository, listing(path, Readings::issueComment), deadline);
  }

  /// The comments of all conversations which were made or changed since then, in this order, at
  /// most 10,000; those of plain issues too.
  public List<IssueComment> commentsSince(
      RepositoryRef repository, Instant since, Deadline deadline) {
    String path = repository(repository) + "/issues/comments" + since(since);
    return list(repository, listing(path, Readings::issueComment), deadline);
  }

  /// The comments on diffs which were made or changed since then, in this order, at most 10,000.
  public List<ReviewComment> reviewCommentsSince(
      RepositoryRef repository, Instant since, Deadline deadline) {
    String path = repository(repository) + "/pulls/comments" + since(since);
    return list(repository, listing(path, Readings::reviewComment), deadline);
  }

  /// A comment on a diff; empty if it is gone.
  public Optional<ReviewComment> reviewComment(
      RepositoryRef repository, long id, Deadline deadline) {
    Request request = Request.get(repository(repository) + Request.path("pulls", "comments", id));
    return found(() -> exchange.read(repository, request, deadline, Readings::reviewComment));
  }

  /// The threads on a pull request's diff, at most 10,000; without those whose comments are all
  /// deleted.
  public List<ReviewThread> reviewThreads(RepositoryRef repository, int number, Deadline deadline) {
    List<ReviewThread> all = new ArrayList<>();
    @Nullable String after = null;
    for (int page = 1; page <= MOST_PAGES; page++) {
      Request request = Graphql.threads(repository, number, after);
      Graphql.ThreadPage read =
          exchange.graphql(repository, request, deadline, Graphql::threadPage);
      all.addAll(read.threads());
      if (read.next().isEmpty()) {
        return List.copyOf(all);
      }
      after = read.next().get();
    }
    throw Exchange.tooMany("reviewThreads", all.size());
  }

  /// Creates a review that only we see until it is submitted, with all its comments or not at all.
  ///
  /// @throws GitHubException.Invalid if one of ours is pending already, or GitHub refuses a
  ///   comment's line; it does not say which
  public PostedReview createPendingReview(
      RepositoryRef repository, int number, NewReview review, Deadline deadline) {
    Request request =
        Request.write("POST", reviews(repository, number), Bodies.pendingReview(review));
    return exchange.write(repository, request, deadline, Readings::review);
  }

  /// Makes a pending review visible, as a comment.
  public PostedReview submitReview(
      RepositoryRef repository, int number, ReviewSubmission submission, Deadline deadline) {
    String path = reviews(repository, number) + Request.path(submission.reviewId(), "events");
    Request request = Request.write("POST", path, Bodies.submission(submission));
    return exchange.write(repository, request, deadline, Readings::review);
  }

  /// Removes a review that was not submitted.
  ///
  /// @throws GitHubException.Invalid if it is submitted
  public void deletePendingReview(
      RepositoryRef repository, int number, long reviewId, Deadline deadline) {
    String path = reviews(repository, number) + Request.path(reviewId);
    exchange.write(repository, Request.delete(path), deadline);
  }

  /// Writes below a pull request.
  ///
  /// @param body Markdown, at most 65,536 characters
  public IssueComment createComment(
      RepositoryRef repository, int number, String body, Deadline deadline) {
    String path = repository(repository) + Request.path("issues", number, "comments");
    Request request = Request.write("POST", path, Bodies.comment(body));
    return exchange.write(repository, request, deadline, Readings::issueComment);
  }

  /// Replaces what one of our comments says.
  public IssueComment updateComment(
      RepositoryRef repository, long id, String body, Deadline deadline) {
    Request request = Request.write("PATCH", comment(repository, id), Bodies.comment(body));
    return exchange.write(repository, request, deadline, Readings::issueComment);
  }

  /// Removes one of our comments.
  public void deleteComment(RepositoryRef repository, long id, Deadline deadline) {
    exchange.write(repository, Request.delete(comment(repository, id)), deadline);
  }

  /// Answers in a thread on the diff.
  ///
  /// @param commentId the thread's first comment
  public ReviewComment reply(
      RepositoryRef repository, int number, long commentId, String body, Deadline deadline) {
    String path = pull(repository, number) + Request.path("comments", commentId, "replies");
    Request request = Request.write("POST", path, Bodies.comment(body));
    return exchange.write(repository, request, deadline, Readings::reviewComment);
  }

  /// Puts a sign on a comment. The same again has no effect.
  public void react(
      RepositoryRef repository,
      CommentPlace place,
      long commentId,
      Reaction reaction,
      Deadline deadline) {
    String folder =
        switch (place) {
          case CONVERSATION -> "issues";
          case THREAD -> "pulls";
        };
    String path = repository(repository) + Request.path(folder, "comments", commentId, "reactions");
    exchange.write(
        repository,
        Request.write("POST", path, Json.object().put("content", reaction.word())),
        deadline);
  }

  /// Hides a comment or review as outdated. The same again has no effect.
  ///
  /// @param nodeId its name in GraphQL
  public void minimize(RepositoryRef repository, String nodeId, Deadline deadline) {
    exchange.graphql(repository, Graphql.minimize(nodeId), deadline, Graphql::minimized);
  }

  /// Creates a check run. GitHub takes another of the same name and external id without complaint.
  /// More than 50 annotations take a further request for each 50; if one of these fails, the check
  /// run is there without the rest of them.
  public CheckRun createCheckRun(RepositoryRef repository, NewCheckRun check, Deadline deadline) {
    Request request =
        Request.write("POST", repository(repository) + "/check-runs", Bodies.checkRun(check));
    CheckRun created = exchange.write(repository, request, deadline, Readings::checkRun);
    return annotate(repository, created, check.state(), deadline);
  }

  /// Replaces what one of our check runs tells, and adds the annotations to those it has, as
  /// [#createCheckRun] does.
  public CheckRun updateCheckRun(
      RepositoryRef repository, long id, CheckState state, Deadline deadline) {
    Request request =
        Request.write(
            "PATCH",
            checkRun(repository, id),
            Bodies.checkState(state, state.requests().getFirst()));
    CheckRun updated = exchange.write(repository, request, deadline, Readings::checkRun);
    return annotate(repository, updated, state, deadline);
  }

  /// Our own App's check runs of one name on a commit, older attempts included; at most 1,000, and
  /// no more are read.
  public List<CheckRun> checkRuns(
      RepositoryRef repository, String headSha, String name, Deadline deadline) {
    exchange.requireOpen();
    long ours = ownId(deadline);
    String path =
        repository(repository)
            + Request.path("commits", headSha, "check-runs")
            + ("?check_name=" + Request.escape(name) + "&filter=all&app_id=" + ours);
    Listing<CheckRun> listing =
        new Listing<>(
            path, CHECK_PAGES, body -> Fields.of(body).list("check_runs"), Readings::checkRun);
    // Older servers do not know app_id, so it is not left to GitHub alone.
    return exchange
        .pages(listing, request -> exchange.send(Scope.of(repository), request, deadline))
        .elements()
        .stream()
        .filter(check -> check.appId() == ours && check.name().equals(name))
        .toList();
  }

  /// Ends the calls under way and forgets the tokens. A second close has no effect.
  @Override
  public void close() {
    exchange.close();
    remembered.clear();
  }

  private static <T> Listing<T> listing(String path, Function<Fields, T> reader) {
    return new Listing<>(path, MOST_PAGES, Fields::listOf, reader);
  }

  private <T> List<T> list(RepositoryRef repository, Listing<T> listing, Deadline deadline) {
    return exchange.whole(
        listing, request -> exchange.send(Scope.of(repository), request, deadline));
  }

  private RememberedPages.Page page(
      Scope scope, Listing<PullRequest> listing, int number, Deadline deadline) {
    Request request = listing.page(number);
    Optional<RememberedPages.Page> known = remembered.page(scope, request.path());
    Request asked = known.map(page -> request.unless(page.etag())).orElse(request);
    Answer answer = exchange.send(scope, asked, deadline);
    if (known.isPresent() && answer.notModified()) {
      // The tag is of the page alone: another may have followed since.
      boolean full = known.get().pulls().size() >= Listing.PAGE_SIZE;
      return full ? known.get().continued() : known.get();
    }
    List<PullRequest> pulls = Exchange.understood(request, () -> listing.read(answer));
    RememberedPages.Page page =
        new RememberedPages.Page(
            answer.header("etag").orElse(""),
            pulls,
            answer.continues(pulls.size() >= Listing.PAGE_SIZE));
    remembered.remember(scope, request.path(), page);
    return page;
  }

  private CheckRun annotate(
      RepositoryRef repository, CheckRun check, CheckState state, Deadline deadline) {
    CheckRun last = check;
    for (List<Annotation> more : state.requests().stream().skip(1).toList()) {
      Request request =
          Request.write("PATCH", checkRun(repository, check.id()), Bodies.annotations(state, more));
      last = exchange.write(repository, request, deadline, Readings::checkRun);
    }
    return last;
  }

  private long ownId(Deadline deadline) {
    if (DIGITS.matcher(exchange.appId()).matches()) {
      return Long.parseLong(exchange.appId());
    }
    App known = self;
    return known != null ? known.id() : app(deadline).id();
  }

  private <T> T asApp(Request request, Deadline deadline, Function<Fields, T> reader) {
    return Exchange.understood(request, exchange.asApp(request, deadline), reader);
  }

  private static <T> Optional<T> found(Supplier<T> call) {
    try {
      return Optional.of(call.get());
    } catch (GitHubException.NotFound e) {
      return Optional.empty();
    }
  }

  private static String since(Instant since) {
    return "?since="
        + Request.escape(since.truncatedTo(ChronoUnit.SECONDS).toString())
        + "&sort=updated&direction=asc";
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

  private static String comment(RepositoryRef repository, long id) {
    return repository(repository) + Request.path("issues", "comments", id);
  }

  private static String checkRun(RepositoryRef repository, long id) {
    return repository(repository) + Request.path("check-runs", id);
  }
}
