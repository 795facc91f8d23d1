package dev.latchkey.github;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;

/// Requests as somebody: with a token or the App's own, writes in turn, answers read or refused.
final class Exchange implements AutoCloseable {
  private final AppCredentials credentials;
  private final InstantSource clock;
  private final Transport transport;
  private final InstallationTokens tokens;
  private final WriteTurns turns;
  private final SecondaryLimit secondary = new SecondaryLimit();
  private volatile boolean closed;

  Exchange(GitHubOptions options) {
    Executor threads = task -> Thread.ofVirtual().name("github").start(task);
    credentials = options.credentials();
    clock = options.clock();
    transport = new Transport(options, threads);
    tokens = new InstallationTokens(this::ask, clock, threads);
    turns = new WriteTurns(options.writeInterval());
  }

  String appId() {
    return credentials.appId();
  }

  /// Something to read.
  <T> T read(
      RepositoryRef repository, Request request, Deadline deadline, Function<Fields, T> reader) {
    Answer answer = send(InstallationTokens.Scope.of(repository), request, deadline);
    return understood(request, answer, reader);
  }

  /// A write in its turn, and what it made.
  <T> T write(
      RepositoryRef repository, Request request, Deadline deadline, Function<Fields, T> reader) {
    return understood(request, write(repository, request, deadline), reader);
  }

  Answer write(RepositoryRef repository, Request request, Deadline deadline) {
    requireOpen();
    InstallationTokens.Scope scope = InstallationTokens.Scope.of(repository);
    return turns.inTurn(
        repository.installation(), request, deadline, () -> send(scope, request, deadline));
  }

  /// What GraphQL answers, whose failures come with status 200 too.
  <T> T graphql(
      RepositoryRef repository, Request request, Deadline deadline, Function<Fields, T> reader) {
    Answer answer =
        request.write()
            ? write(repository, request, deadline)
            : send(InstallationTokens.Scope.of(repository), request, deadline);
    return understood(request, answer, whole -> reader.apply(whole.object("data")));
  }

  /// As the installation. A token can be revoked before it expires, so one refused is replaced
  /// once; a request answered 401 was not carried out, so even a write may be sent again.
  Answer send(InstallationTokens.Scope scope, Request request, Deadline deadline) {
    requireOpen();
    Secret token = tokens.token(scope, deadline);
    Answer answer = transport.exchange(request, token, deadline);
    if (answer.unauthorized()) {
      tokens.drop(scope, token);
      token = tokens.token(scope, deadline);
      answer = transport.exchange(request, token, deadline);
    }
    if (answer.unauthorized()) {
      tokens.drop(scope, token);
    }
    return accepted(request, answer, token);
  }

  private <T> T ask(Request request, Deadline deadline, Function<Fields, T> reader) {
    return understood(request, asApp(request, deadline), reader);
  }

  Answer asApp(Request request, Deadline deadline) {
    requireOpen();
    Secret jwt = credentials.jwt(clock.instant());
    return accepted(request, transport.exchange(request, jwt, deadline), jwt);
  }

  /// All that a listing has, or as much as it may.
  ///
  /// @param whole whether the last page was reached
  record Pages<T>(List<T> elements, boolean whole) {}

  <T> Pages<T> pages(Listing<T> listing, Function<Request, Answer> sender) {
    List<T> all = new ArrayList<>();
    for (int number = 1; number <= listing.maxPages(); number++) {
      Request request = listing.page(number);
      Answer answer = sender.apply(request);
      List<T> page = understood(request, () -> listing.read(answer));
      all.addAll(page);
      if (!answer.continues(page.size() >= Listing.PAGE_SIZE)) {
        return new Pages<>(List.copyOf(all), true);
      }
    }
    return new Pages<>(List.copyOf(all), false);
  }

  /// All that a listing has, or nothing: a list cut short would look as if something were missing.
  <T> List<T> whole(Listing<T> listing, Function<Request, Answer> sender) {
    Pages<T> pages = pages(listing, sender);
    if (!pages.whole()) {
      throw tooMany(listing.path(), pages.elements().size());
    }
    return pages.elements();
  }

  static GitHubException tooMany(String path, int limit) {
    return new GitHubException.Unavailable(
        "GET " + path + ": more than " + limit + " elements", null, null);
  }

  static <T> T understood(Request request, Answer answer, Function<Fields, T> reader) {
    return understood(request, () -> reader.apply(Fields.of(answer.body())));
  }

  static <T> T understood(Request request, Supplier<T> reading) {
    try {
      return reading.get();
    } catch (Fields.Unreadable e) {
      String message = request + ": its answer can't be understood: " + e.getMessage();
      throw request.write()
          ? new GitHubException.OutcomeUnknown(message, e)
          : new GitHubException.Unavailable(message, null, e);
    }
  }

  void requireOpen() {
    if (closed) {
      throw new IllegalStateException("this GitHub client is closed");
    }
  }

  @Override
  public void close() {
    closed = true;
    turns.close();
    transport.close();
    tokens.clear();
  }

  private Answer accepted(Request request, Answer answer, Secret token) {
    boolean unchanged = answer.notModified() && request.form().etag() != null;
    if (!answer.success() && !unchanged) {
      throw refusal(request, answer, token).exception();
    }
    if (request.path().equals(Request.GRAPHQL) && refusal(request, answer, token).hasErrors()) {
      throw refusal(request, answer, token).graphql();
    }
    return answer;
  }

  private Refusal refusal(Request request, Answer answer, Secret token) {
    return new Refusal(request, answer, token, clock.instant(), secondary);
  }
}
