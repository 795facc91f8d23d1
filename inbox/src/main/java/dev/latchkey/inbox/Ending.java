package dev.latchkey.inbox;

import org.jspecify.annotations.Nullable;

/// What becomes of a work at the end of a run.
sealed interface Ending {

  /// What was to be made true is true.
  ///
  /// @param alongside writes of the application's own, or null for none
  record Done(String note, @Nullable Runnable alongside) implements Ending {}

  record Dead(String error) implements Ending {}

  /// To be tried again, as one more attempt.
  ///
  /// @param at epoch milliseconds
  record Retry(long at, String error) implements Ending {}

  /// To be looked at again.
  ///
  /// @param at epoch milliseconds
  record Delay(long at, String reason) implements Ending {}

  /// A limit refuses a call.
  record Refused(Run.Refused call) implements Ending {}

  /// An operator is to decide.
  record Held(String error) implements Ending {}

  /// It is no longer wanted.
  record Cancelled(String reason) implements Ending {}
}
