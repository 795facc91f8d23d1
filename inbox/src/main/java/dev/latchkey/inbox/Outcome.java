package dev.latchkey.inbox;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// How a handler's run ended, other than by failing. Texts are cut after 500 characters.
public sealed interface Outcome {

  /// What was to be made true is true.
  ///
  /// @param note for people who look at the work later; may be empty
  /// @param alongside writes of the application's own, run inside the transaction that ends the
  ///   work: they commit together or not at all. What it throws is a failure of the work. Null for
  ///   none
  record Done(String note, @Nullable Runnable alongside) implements Outcome {
    public Done {
      Objects.requireNonNull(note, "note");
    }
  }

  /// The work is to be looked at again, which is not a failure and doesn't count as an attempt.
  ///
  /// @param at when; at the earliest one second from now
  record Later(Instant at, String reason) implements Outcome {
    public Later {
      Objects.requireNonNull(at, "at");
      Objects.requireNonNull(reason, "reason");
    }
  }

  /// The work can't be done, ever.
  record Dead(String reason) implements Outcome {
    public Dead {
      Objects.requireNonNull(reason, "reason");
    }
  }

  static Outcome done() {
    return done("");
  }

  static Outcome done(String note) {
    return new Done(note, null);
  }

  static Outcome done(String note, Runnable alongside) {
    return new Done(note, Objects.requireNonNull(alongside, "alongside"));
  }

  static Outcome later(Instant at, String reason) {
    return new Later(at, reason);
  }

  static Outcome dead(String reason) {
    return new Dead(reason);
  }
}
