package dev.latchkey.inbox;

/// Does the works of one kind.
///
/// It may be called again for the same work, after a failure or a crash, and finds the results of
/// its finished steps kept. Whatever it does outside of steps, it does each time.
@FunctionalInterface
public interface Handler {

  /// Does what is still missing, on a thread of its own.
  ///
  /// @throws PermanentFailure if trying again is useless: the work is DEAD at once
  /// @throws RetryAt to be tried again at a time of its own naming
  /// @throws Exception anything else to be tried again as [RetryPolicy] says; the exception's
  ///   message is kept with the work, so it should hold no payload and no secret
  Outcome handle(Task task) throws Exception;
}
