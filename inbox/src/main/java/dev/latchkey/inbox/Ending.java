package dev.latchkey.inbox;

/// What becomes of a work at the end of a run.
sealed interface Ending {

  record Done(String note) implements Ending {}

  record Dead(String error) implements Ending {}

  /// To be tried again, as one more attempt.
  ///
  /// @param at epoch milliseconds
  record Retry(long at, String error) implements Ending {}

  /// To be looked at again.
  ///
  /// @param at epoch milliseconds
  record Delay(long at, String reason) implements Ending {}
}
