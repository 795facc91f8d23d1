package dev.latchkey.simulator;

import java.util.Map;
import java.util.concurrent.CompletableFuture;

/// What becomes of a request to the simulated GitHub.
public sealed interface Fate {

  /// It is answered as GitHub would.
  record Proceed() implements Fate {}

  /// The connection is closed without an answer.
  record Drop() implements Fate {}

  /// Its connection is closed without an answer, and it is applied once that is completed.
  record Hold(CompletableFuture<?> until) implements Fate {}

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
    return new Hold(until);
  }

  static Fate answer(int status, Map<String, String> headers, String body) {
    return new Answer(status, headers, body);
  }

  static Fate fail(int status) {
    return new Fail(status);
  }
}
