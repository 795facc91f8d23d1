package dev.latchkey.simulator;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// What becomes of a request to the simulated GitHub, a read as well as a write.
public sealed interface Fate {

  /// It is answered as GitHub would.
  record Proceed() implements Fate {}

  /// The connection is closed without an answer.
  record Drop() implements Fate {}

  /// Its connection is closed without an answer, and it is applied once that is completed, also
  /// when its sender is long gone. Only before it is applied.
  record Hold(CompletableFuture<?> until) implements Fate {}

  /// Its sender waits until that is completed: before, it is applied then; afterwards, only its
  /// answer is late.
  record Stall(CompletableFuture<?> until) implements Fate {}

  /// It is applied, and the body of its answer comes in pieces of so many bytes with a pause
  /// between them.
  record Slow(int pieceBytes, Duration pause) implements Fate {

    public Slow {
      if (pieceBytes < 1 || pause.isNegative()) {
        throw new IllegalArgumentException("a piece has a byte and a pause is no negative time");
      }
    }
  }

  /// It is applied, and its answer breaks off after so many bytes of its body.
  record BreakOff(int afterBytes) implements Fate {

    public BreakOff {
      if (afterBytes < 0) {
        throw new IllegalArgumentException("afterBytes is negative: " + afterBytes);
      }
    }
  }

  /// It is applied, and its answer has that for a body, in place of GitHub's.
  record Garble(String body) implements Fate {}

  /// It is answered with that.
  record Answer(int status, Map<String, String> headers, String body) implements Fate {
    public Answer {
      headers = Map.copyOf(headers);
    }
  }

  /// It is answered with this status (500 to 599) and a page that is no JSON, as a gateway does.
  record Fail(int status) implements Fate {

    public Fail {
      if (status < 500 || status > 599) {
        throw new IllegalArgumentException("status is 500 to 599: " + status);
      }
    }
  }

  static Fate proceed() {
    return new Proceed();
  }

  static Fate drop() {
    return new Drop();
  }

  static Fate hold(CompletableFuture<?> until) {
    return new Hold(requireNonNull(until, "until"));
  }

  /// As [Hold], for a time which is measured, not read from the clock.
  static Fate hold(Duration time) {
    return new Hold(after(time));
  }

  static Fate stall(CompletableFuture<?> until) {
    return new Stall(requireNonNull(until, "until"));
  }

  static Fate slow(int pieceBytes, Duration pause) {
    return new Slow(pieceBytes, pause);
  }

  static Fate breakOff(int afterBytes) {
    return new BreakOff(afterBytes);
  }

  /// As [Garble], with a body that is no JSON.
  static Fate garble() {
    return new Garble("{\"message\": <!-- half a page");
  }

  static Fate garble(String body) {
    return new Garble(requireNonNull(body, "body"));
  }

  static Fate answer(int status, Map<String, String> headers, String body) {
    return new Answer(status, headers, body);
  }

  static Fate fail(int status) {
    return new Fail(status);
  }

  /// It is refused with GitHub's form of an error.
  ///
  /// @param status 400 to 499
  static Fate refuse(int status, Map<String, String> headers, String message) {
    if (status < 400 || status > 499) {
      throw new IllegalArgumentException("status is 400 to 499: " + status);
    }
    return new Answer(status, headers, ApiError.text(status, message));
  }

  /// It is refused because too much was created too fast.
  static Fate secondaryLimit(Duration retryAfter) {
    return new Answer(
        403,
        Map.of("Retry-After", Long.toString(retryAfter.toSeconds())),
        ApiError.text(403, ApiError.SECONDARY_LIMIT));
  }

  /// It is refused because the hour's requests are used up.
  static Fate primaryLimit(Instant reset) {
    return new Answer(
        403,
        Map.of(
            "X-RateLimit-Limit", "5000",
            "X-RateLimit-Remaining", "0",
            "X-RateLimit-Reset", Long.toString(reset.getEpochSecond())),
        ApiError.text(403, ApiError.PRIMARY_LIMIT));
  }

  /// It is refused as if its token had just been revoked.
  static Fate badCredentials() {
    return new Answer(401, Map.of(), ApiError.text(401, "Bad credentials"));
  }

  private static CompletableFuture<?> after(Duration time) {
    return new CompletableFuture<Boolean>()
        .completeOnTimeout(true, time.toMillis(), TimeUnit.MILLISECONDS);
  }
}
