package dev.latchkey.review;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A model gave no answer. The subtypes say what the caller may do now. No message holds a key, a
/// prompt, or an answer.
public abstract sealed class ModelException extends ReviewException {
  private static final long serialVersionUID = 1L;

  private ModelException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /// Not now: out of reach, overloaded, limited, failing, or slower than the deadline. The same
  /// request may be tried again later; whether this one was paid for is known only if it was
  /// [#turnedAway].
  public static final class Unavailable extends ModelException {
    private static final long serialVersionUID = 1L;
    private final @Nullable Duration retryAfter;
    private final boolean turnedAway;

    private Unavailable(
        String message,
        @Nullable Duration retryAfter,
        boolean turnedAway,
        @Nullable Throwable cause) {
      super(message, cause);
      this.retryAfter = retryAfter;
      this.turnedAway = turnedAway;
    }

    /// No answer came, so nobody knows whether one was made.
    static Unavailable unanswered(String message, @Nullable Throwable cause) {
      return new Unavailable(message, null, false, cause);
    }

    /// The request was not taken: nobody was there, or the answer was an error.
    static Unavailable turnedAway(
        String message, @Nullable Duration retryAfter, @Nullable Throwable cause) {
      return new Unavailable(message, retryAfter, true, cause);
    }

    /// Whether the request surely cost nothing.
    public boolean turnedAway() {
      return turnedAway;
    }

    /// How long the endpoint asked to be left alone, at most a day, if it said so.
    public Optional<Duration> retryAfter() {
      return Optional.ofNullable(retryAfter);
    }
  }

  /// This request will not be answered, now or later: an unknown model, a content filter, an
  /// endpoint that speaks another language. Trying the same again is of no use.
  public static final class Refused extends ModelException {
    private static final long serialVersionUID = 1L;

    public Refused(String message) {
      this(message, null);
    }

    Refused(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /// The request is longer than the model reads. A smaller chunk may be tried.
  public static final class TooLong extends ModelException {
    private static final long serialVersionUID = 1L;

    public TooLong(String message) {
      super(message, null);
    }
  }

  /// The key is missing, wrong, or not allowed to use this model. The operator must act.
  public static final class BadCredentials extends ModelException {
    private static final long serialVersionUID = 1L;

    public BadCredentials(String message) {
      super(message, null);
    }
  }
}
