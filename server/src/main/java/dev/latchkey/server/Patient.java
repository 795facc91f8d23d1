package dev.latchkey.server;

import dev.latchkey.github.GitHubException;
import dev.latchkey.inbox.Handler;
import dev.latchkey.inbox.Outcome;
import dev.latchkey.inbox.PermanentFailure;
import dev.latchkey.inbox.RetryAt;
import dev.latchkey.inbox.Task;
import dev.latchkey.server.web.Pulse;
import java.time.InstantSource;

/// Says what the inbox is to do about GitHub's failures, whatever the handler, and notes whether
/// GitHub answers.
record Patient(Handler handler, Pulse pulse, InstantSource clock) implements Handler {

  private static final int MAX_REFUSALS = 5;

  @Override
  public Outcome handle(Task task) throws Exception {
    try {
      Outcome outcome = handler.handle(task);
      pulse.ok(Pulse.Part.GITHUB);
      return outcome;
    } catch (GitHubException.RateLimited e) {
      pulse.failed(Pulse.Part.GITHUB, String.valueOf(e.getMessage()));
      return Outcome.later(e.until(), String.valueOf(e.getMessage()));
    } catch (Writes.NotSettled e) {
      return Outcome.later(e.until(), String.valueOf(e.getMessage()));
    } catch (GitHubException e) {
      pulse.failed(Pulse.Part.GITHUB, String.valueOf(e.getMessage()));
      throw judged(e, task.attempt(), clock);
    }
  }

  /// Returns the failure as the inbox is to see it. What GitHub doesn't show us is a reason to give
  /// up with, not proof that there was nothing to do.
  static RuntimeException judged(RuntimeException failure, int attempt, InstantSource clock) {
    String message = String.valueOf(failure.getMessage());
    return switch (failure) {
      case GitHubException.Forbidden e -> new PermanentFailure(message, e);
      case GitHubException.NotFound e -> new PermanentFailure(message, e);
      // Mostly said for good, but also while GitHub itself has not caught up with a push.
      case GitHubException.Invalid e when attempt >= MAX_REFUSALS ->
          new PermanentFailure(message, e);
      case GitHubException.Unavailable e when e.retryAfter().isPresent() ->
          new RetryAt(clock.instant().plus(e.retryAfter().get()), message, e);
      default -> failure;
    };
  }
}
