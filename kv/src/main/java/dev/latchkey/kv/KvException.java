package dev.latchkey.kv;

import java.io.Serial;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A failure of the storage. Each kind answers one question of a caller: what may I do now?
/// Mistakes in calling are not of these: they're [IllegalArgumentException] and
/// [IllegalStateException].
public abstract sealed class KvException extends RuntimeException {

  @Serial private static final long serialVersionUID = 1L;

  private KvException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  final String text() {
    return Objects.requireNonNullElse(getMessage(), "");
  }

  /// Returns the same failure with the stack trace of this call, caused by this one.
  abstract KvException toldAgain();

  /// Nothing was changed, and the same call may succeed later: a turn not had in time, a lost
  /// connection, a group undone.
  public static final class Unavailable extends KvException {
    @Serial private static final long serialVersionUID = 1L;

    Unavailable(String message, @Nullable Throwable cause) {
      super(message, cause);
    }

    @Override
    Unavailable toldAgain() {
      return new Unavailable(text(), this);
    }
  }

  /// The database refused the caller's own statement: a constraint, or broken SQL. Nothing of that
  /// statement was done; the rest of the transaction stands.
  public static final class Rejected extends KvException {
    @Serial private static final long serialVersionUID = 1L;

    Rejected(String message, @Nullable Throwable cause) {
      super(message, cause);
    }

    @Override
    Rejected toldAgain() {
      return new Rejected(text(), this);
    }
  }

  /// The commit failed in the middle: the change was made or it was not. Open again and read.
  public static final class OutcomeUnknown extends KvException {
    @Serial private static final long serialVersionUID = 1L;

    OutcomeUnknown(String message, @Nullable Throwable cause) {
      super(message, cause);
    }

    @Override
    OutcomeUnknown toldAgain() {
      return new OutcomeUnknown(text(), this);
    }
  }

  /// The engine stopped at a failed write, sync or moved file, so as not to lose what it has
  /// acknowledged. Mend the cause, close every handle, and open again.
  public static final class Stopped extends KvException {
    @Serial private static final long serialVersionUID = 1L;

    Stopped(String message, @Nullable Throwable cause) {
      super(message, cause);
    }

    @Override
    Stopped toldAgain() {
      return new Stopped(text(), this);
    }
  }

  /// The file is not a database of ours, is damaged, hard-linked, or of a newer release; trying
  /// again won't help.
  public static final class Unusable extends KvException {
    @Serial private static final long serialVersionUID = 1L;

    Unusable(String message, @Nullable Throwable cause) {
      super(message, cause);
    }

    @Override
    Unusable toldAgain() {
      return new Unusable(text(), this);
    }
  }

  /// The codec refused a value; the message names the store and the key, never the value.
  public static final class BadValue extends KvException {
    @Serial private static final long serialVersionUID = 1L;

    BadValue(String message, @Nullable Throwable cause) {
      super(message, cause);
    }

    @Override
    BadValue toldAgain() {
      return new BadValue(text(), this);
    }
  }
}
