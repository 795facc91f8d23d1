package dev.latchkey.github;

import static java.util.Objects.requireNonNull;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
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
  private static final Pattern DIGITS = Pattern.compile("[1-9][0-9]{0,17}");

  private final AppCredentials credentials;
  private final InstantSource clock;
  private final Transport transport;
  private final InstallationTokens tokens;
  private final WriteTurns turns;
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
    Pages<PostedReview> pages =
        pages(
            repository,
            new Listing<>(path, REVIEW_PAGES, Fields::listOf, Readings::review),
            deadline);
    if (!pages.whole()) {
      throw new GitHubException.Unavailable(
          "GET " + path + ": more than " + pages.elements().size() + " reviews", null, null);
    }
    return pages.elements();
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

  private <T> Pages<T> pages(RepositoryRef repository, Listing<T> listing, Deadline deadline) {
    List<T> all = new ArrayList<>();
    for (int number = 1; number <= listing.maxPages(); number++) {
      Request request = listing.page(number);
      Answer answer = send(repository, request, deadline);
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

  /// As the installation. A token can be revoked before it expires, so one refused is replaced
  /// once; a request answered 401 was not carried out, so even a write may be sent again.
  private Answer send(RepositoryRef repository, Request request, Deadline deadline) {
    requireOpen();
    Secret token = tokens.token(repository, deadline);
    Answer answer = transport.exchange(request, token, deadline);
    if (answer.unauthorized()) {
      tokens.drop(repository, token);
      token = tokens.token(repository, deadline);
      answer = transport.exchange(request, token, deadline);
    }
    if (answer.unauthorized()) {
      tokens.drop(repository, token);
    }
    return accepted(request, answer, token);
  }

  private <T> T asApp(Request request, Deadline deadline, Function<Fields, T> reader) {
    Secret jwt = credentials.jwt(clock.instant());
    Answer answer = accepted(request, transport.exchange(request, jwt, deadline), jwt);
    return understood(request, answer, reader);
  }

  private Answer accepted(Request request, Answer answer, Secret token) {
    if (!answer.success()) {
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
