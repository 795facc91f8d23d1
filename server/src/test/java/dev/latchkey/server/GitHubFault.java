package dev.latchkey.server;

import dev.latchkey.simulator.Fate;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/// What goes wrong with a write to the simulated GitHub.
enum GitHubFault {
  LOST_THOUGH_DONE(true),
  LOST_AND_NOT_DONE(false),
  FAILED_500_THOUGH_DONE(true),
  FAILED_502_AND_NOT_DONE(false),
  GARBAGE_THOUGH_DONE(true),
  GARBAGE_AND_NOT_DONE(false),
  LIMITED(false),
  TOKEN_REFUSED(false),
  /// Its connection is cut, and it is done once everything else is.
  DONE_LATE(false);

  /// Whether the write is done before it goes wrong.
  final boolean done;

  GitHubFault(boolean done) {
    this.done = done;
  }

  /// @param late when what is done late is done
  Fate fate(CompletableFuture<?> late) {
    return switch (this) {
      case LOST_THOUGH_DONE, LOST_AND_NOT_DONE -> Fate.drop();
      case FAILED_500_THOUGH_DONE -> Fate.fail(500);
      case FAILED_502_AND_NOT_DONE -> Fate.fail(502);
      case GARBAGE_THOUGH_DONE, GARBAGE_AND_NOT_DONE ->
          Fate.answer(200, Map.of("Content-Type", "application/json"), "<<<not {json");
      case LIMITED ->
          Fate.answer(
              403,
              Map.of("retry-after", "1"),
              "{\"message\":\"You have exceeded a secondary rate limit.\"}");
      case TOKEN_REFUSED -> Fate.answer(401, Map.of(), "{\"message\":\"Bad credentials\"}");
      case DONE_LATE -> Fate.hold(late);
    };
  }
}
