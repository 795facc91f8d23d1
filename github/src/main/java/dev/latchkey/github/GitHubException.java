package dev.latchkey.github;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What went wrong with GitHub, by what the caller may do now. Messages name the call and GitHub's
/// own words, bounded, with every token in them blanked out.
public abstract sealed class GitHubException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private GitHubException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /// Nothing was changed: try again, later. GitHub could not be reached, was not ready, did not
  /// answer a read within the deadline or in a form that can be read, or the deadline left no time
  /// to send.
  public static final class Unavailable extends GitHubException {
    private static final long serialVersionUID = 1L;
    private final @Nullable Duration retryAfter;

    Unavailable(String message, @Nullable Duration retryAfter, @Nullable Throwable cause) {
      super(message, cause);
      this.retryAfter = retryAfter;
    }

    /// How long GitHub asks to wait, at most a day; empty if it does not say.
    public Optional<Duration> retryAfter() {
      return Optional.ofNullable(retryAfter);
    }
  }

  /// Nothing was changed: GitHub takes no more until a known time.
  public static final class RateLimited extends GitHubException {
    private static final long serialVersionUID = 1L;
    private final Instant until;

    RateLimited(String message, Instant until) {
      super(message, null);
      this.until = until;
    }

    /// From `Retry-After`, else `x-ratelimit-reset`, else a minute from now; at most a day from
    /// now.
    public Instant until() {
      return until;
    }
  }

  /// It does not exist, moved away, or may not be seen by this installation.
  public static final class NotFound extends GitHubException {
    private static final long serialVersionUID = 1L;

    NotFound(String message) {
      super(message, null);
    }
  }

  /// The installation lacks the right, or is suspended: somebody has to change that.
  public static final class Forbidden extends GitHubException {
    private static final long serialVersionUID = 1L;

    Forbidden(String message) {
      super(message, null);
    }
  }

  /// Nothing was changed: GitHub understood the request and refuses what it says. The same again
  /// will be refused again.
  public static final class Invalid extends GitHubException {
    private static final long serialVersionUID = 1L;
    private final int status;
    private final transient List<String> errors;

    Invalid(String message, int status, List<String> errors) {
      super(message, null);
      this.status = status;
      this.errors = List.copyOf(errors);
    }

    /// The HTTP status: 422, or another of the 4xx which says that the request itself is wrong.
    public int status() {
      return status;
    }

    /// GitHub's reasons, each in one line; if it gives no `errors`, its `message`; at most 20.
    public List<String> errors() {
      return errors;
    }
  }

  /// GitHub does not accept the App's key, or a fresh token made with it.
  public static final class BadCredentials extends GitHubException {
    private static final long serialVersionUID = 1L;

    BadCredentials(String message) {
      super(message, null);
    }
  }

  /// A write was sent and its answer lost: it may have been done, be done later, or never. Look
  /// before it is sent again.
  public static final class OutcomeUnknown extends GitHubException {
    private static final long serialVersionUID = 1L;

    OutcomeUnknown(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /// A webhook's payload is not what its header says. Only [WebhookEvent#parse] throws this.
  public static final class Malformed extends GitHubException {
    private static final long serialVersionUID = 1L;

    Malformed(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }
}
