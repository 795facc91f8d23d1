package dev.latchkey.github;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ObjectNode;

/// Installation tokens, in memory only: each for one repository and for what a review needs there,
/// or for all of an installation and only to see which they are. All who want the same token at a
/// time wait for one request.
final class InstallationTokens {
  /// A token in use must outlast the call it is used for.
  private static final Duration MARGIN = Duration.ofMinutes(5);

  /// The request's own deadline, since those who wait for it have different ones.
  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(30);

  private static final int MAX_TOKENS = 1_000;

  /// What an HTTP header can carry.
  private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e]{1,2000}");

  /// What a token is good for.
  ///
  /// @param repository zero for all
  record Scope(long installation, long repository) {
    static Scope of(RepositoryRef repository) {
      return new Scope(repository.installation(), repository.id());
    }

    static Scope all(long installation) {
      return new Scope(installation, 0);
    }

    @Override
    public String toString() {
      return repository == 0
          ? "installation " + installation
          : "repository " + repository + " of installation " + installation;
    }
  }

  private record Token(Secret secret, Instant expiresAt) {}

  /// How a token is asked for: with the App's JWT.
  interface Desk {
    <T> T ask(Request request, Deadline deadline, Function<Fields, T> reader);
  }

  private final Desk desk;
  private final InstantSource clock;
  private final Executor executor;

  /// Guarded by `this`. The least recently used goes first.
  private final Map<Scope, CompletableFuture<Token>> tokens =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Scope, CompletableFuture<Token>> eldest) {
          return size() > MAX_TOKENS;
        }
      };

  InstallationTokens(Desk desk, InstantSource clock, Executor executor) {
    this.desk = desk;
    this.clock = clock;
    this.executor = executor;
  }

  /// A token good for at least five minutes.
  Secret token(Scope scope, Deadline deadline) {
    CompletableFuture<Token> token = current(scope);
    try {
      return token.get(deadline.remainingNanos(), TimeUnit.NANOSECONDS).secret();
    } catch (TimeoutException e) {
      throw new GitHubException.Unavailable(noToken(scope, "by the deadline"), null, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new GitHubException.Unavailable(noToken(scope, "before an interrupt"), null, e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof GitHubException refused) {
        throw refused;
      }
      throw new GitHubException.Unavailable(noToken(scope, "to be had"), null, e.getCause());
    }
  }

  /// Forgets a token that GitHub no longer accepts, unless a newer one took its place already.
  synchronized void drop(Scope scope, Secret refused) {
    tokens.computeIfPresent(
        scope,
        (same, token) ->
            token.state() == CompletableFuture.State.SUCCESS
                    && token.resultNow().secret().equals(refused)
                ? null
                : token);
  }

  synchronized void clear() {
    tokens.clear();
  }

  private synchronized CompletableFuture<Token> current(Scope scope) {
    CompletableFuture<Token> known = tokens.get(scope);
    if (known != null && usable(known)) {
      return known;
    }
    CompletableFuture<Token> asked = CompletableFuture.supplyAsync(() -> request(scope), executor);
    tokens.put(scope, asked);
    return asked;
  }

  private boolean usable(CompletableFuture<Token> token) {
    return switch (token.state()) {
      case RUNNING -> true;
      case SUCCESS -> clock.instant().isBefore(token.resultNow().expiresAt().minus(MARGIN));
      case FAILED, CANCELLED -> false;
    };
  }

  private Token request(Scope scope) {
    ObjectNode body = Json.object();
    ObjectNode permissions = body.putObject("permissions").put("metadata", "read");
    if (scope.repository() != 0) {
      body.putArray("repository_ids").add(scope.repository());
      permissions.put("checks", "write").put("contents", "read").put("pull_requests", "write");
    }
    String path = Request.path("app", "installations", scope.installation(), "access_tokens");
    return desk.ask(
        Request.token(path, body), Deadline.after(REQUEST_TIMEOUT), InstallationTokens::token);
  }

  private static Token token(Fields answer) {
    String token = answer.text("token");
    if (!TOKEN.matcher(token).matches()) {
      throw new Fields.Unreadable("token is no token");
    }
    return new Token(Secret.of(token), answer.instant("expires_at"));
  }

  private static String noToken(Scope scope, String when) {
    return "no installation token for " + scope + " " + when + "; nothing was sent";
  }
}
